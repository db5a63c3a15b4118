"""The demo page in Chromium: the picture that Python paints, also offline."""

import io

import numpy as np
import pytest
from PIL import Image

from pokecolor.coloring.colorizer import Colorizer
from tests.app.page_browser import chromium
from tests.tools.static_host import build, needs_build, served

PROMPT, SEED, LONG = "a red body, yellow eyes and a dark green tail", 7, 240_000
STATE = "document.getElementById('state').textContent"

pytestmark = needs_build


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return build("engine/demo/vite.config.ts", tmp_path_factory.mktemp("demo"))


def paint(page):
    """Press the button; the picture as uint8 [height, width, 3]."""
    page.fill("#prompt", PROMPT)
    page.fill("#seed", str(SEED))
    page.click("#paint")
    page.wait_for_function(f"{STATE}.startsWith('Painted in')", timeout=LONG)
    data = page.evaluate("""async () => {
        const file = await fetch(document.getElementById('result').src);
        return Array.from(new Uint8Array(await file.arrayBuffer()));
    }""")
    return np.asarray(Image.open(io.BytesIO(bytes(data))).convert("RGB")).astype(int)


def test_the_page_paints_what_python_paints_and_works_offline(folder):
    drawn = Image.open(folder / "sketches" / "creature-900000" / "768.png").convert("RGB")
    wanted = Colorizer.from_pretrained(engine="onnx").colorize(drawn, PROMPT, SEED)
    complaints = []
    with chromium() as browser:
        page = browser.new_context(locale="en-US").new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        with served(folder) as url:
            page.goto(url)
            page.wait_for_function(f"{STATE}.startsWith('Ready')", timeout=LONG)
            assert "offline" in page.inner_text("#state")
            assert page.evaluate("crossOriginIsolated")
            assert share_near(paint(page), wanted) >= 0.995
            page.fill("#prompt", "초록 몸")
            page.click("#paint")
            page.wait_for_function(f"{STATE}.includes('English alone')", timeout=LONG)
        page.reload()  # nobody answers any more
        page.wait_for_function(f"{STATE}.startsWith('Ready')", timeout=LONG)
        assert share_near(paint(page), wanted) >= 0.995
    assert not complaints


def share_near(picture, wanted):
    """The share of values that are no further apart than 2 of 255."""
    return (np.abs(picture - np.asarray(wanted).astype(int)) <= 2).mean()
