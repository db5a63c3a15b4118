"""The static site in Chromium: the page's whole path, painted by the browser, also offline."""

import pytest

from tests.app.page_browser import chromium, draw_box, prompt_of, until
from tests.tools.static_host import build, needs_build, served

SECONDS = 240
"""For the model to be read and to paint, on a busy machine."""
PAINTED = "document.querySelector('.compare .colored')?.naturalWidth > 0"

pytestmark = needs_build


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return build("page/site/vite.config.ts", tmp_path_factory.mktemp("site"))


def paint(page, prompt):
    before = page.url
    prompt_of(page).fill(prompt)
    page.locator(".go button").click()
    until(page, f"location.href != '{before}' && {PAINTED}", SECONDS)


def pixel(page):
    """The middle of the picture: red, green, blue."""
    return page.evaluate("""() => {
        const image = document.querySelector('.compare .colored');
        const canvas = document.createElement('canvas');
        [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        const { width, height } = canvas;
        return [...context.getImageData(width / 2, height / 2, 1, 1).data].slice(0, 3);
    }""")


def test_the_site_paints_keeps_and_works_offline(folder):
    complaints = []
    with chromium() as browser:
        page = browser.new_context(locale="en-US").new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        with served(folder) as url:
            page.goto(url)
            page.wait_for_selector("main h1", state="attached")
            draw_box(page)
            paint(page, "a red box")
            red, green, blue = pixel(page)
            assert red > green + 60 and red > blue + 60
            # what needs a server is not offered
            for kind in ("[data-action=share]", "[aria-expanded]", ".tool:has-text('Lock')"):
                assert page.locator(f"main {kind}").count() == 0
            result = page.url
            page.reload()
            until(page, PAINTED)
            page.goto(f"{url}sketches?text=beast")
            page.wait_for_selector("main a img, main button img")
            page.go_back()
            until(page, PAINTED)
            assert page.url == result
            prompt_of(page).fill("초록 상자")
            page.locator(".go button").click()
            page.wait_for_selector("text=English alone")
        page.goto(f"{url}create")  # nobody answers any more
        until(page, "!!document.querySelector('.sheet canvas')")
        paint(page, "a blue box")
        red, green, blue = pixel(page)
        assert blue > red + 60
        page.goto(f"{url}collection")
        until(page, "document.querySelectorAll('main li img').length >= 2")
    assert not complaints
