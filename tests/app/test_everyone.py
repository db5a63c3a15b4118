"""The page for everyone: axe's rules, layout shifts, forced colors, reduced motion, print."""

from __future__ import annotations

from pathlib import Path

import pytest
from page_browser import Visits, chromium, draw_box, needs_browser, paint, prompt_of, until
from page_service import Kept, serving

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
needs_axe = pytest.mark.skipif(not AXE.exists(), reason="no axe-core here (cd web && npm ci)")
pytestmark = needs_browser


@pytest.fixture(scope="module")
def visits(tmp_path_factory):
    kept = Kept(tmp_path_factory.mktemp("served"), 0.3)
    with chromium() as browser, serving(kept) as port:
        started = Visits(browser, f"http://127.0.0.1:{port}")
        yield started
        started.close()


def violations(page) -> list:
    """What axe finds, of any level."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run(document, { resultTypes: ['violations'] })")["violations"]
    return [(rule["id"], [node["html"][:120] for node in rule["nodes"]]) for rule in found]


@needs_axe
@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("en", 1280, "light"), ("ko", 360, "dark")]
)
def test_axe_finds_nothing(visits, language, width, scheme):
    page = visits.open("/create", language, width, color_scheme=scheme, reduced_motion="reduce")
    until(page, "document.querySelectorAll('.chips .dot').length > 5")
    assert violations(page) == []
    draw_box(page)
    page.locator(".settings summary").click()
    prompt_of(page).fill("a box")
    page.locator(".reading b").wait_for()
    page.locator('input[name="variants"]').nth(1).check(force=True)
    paint(page, "a red box with blue eyes")
    assert violations(page) == []
    page.locator(".variants.grid button").first.click()
    page.wait_for_selector(".compare")
    page.locator('[data-action="share"]').click()
    page.locator(".share input").wait_for()
    page.locator(".verdicts button").first.click()
    assert violations(page) == []
    for tool in ("brush", "lock"):
        page.locator(f'[data-tool="{tool}"]').click()
        page.wait_for_selector(".finishing canvas")
        assert violations(page) == []
    for place, shown in (("sketches", "button.tile"), ("collection", ".card")):
        page.locator(f'.places a[href="/{place}"]').click()
        page.wait_for_selector(shown)
        assert violations(page) == []
    page.goto(f"{visits.url}/nowhere")
    page.locator(".empty").wait_for()
    assert violations(page) == []


@pytest.mark.parametrize("address", ["/create", "/sketches", "/collection"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_layout_hardly_shifts(visits, address, width):
    page = visits.open(address, width=width)
    page.wait_for_timeout(800)
    shift = page.evaluate(
        """new Promise((resolve) => {
            let sum = 0;
            new PerformanceObserver((list) => {
                for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value;
            }).observe({ type: 'layout-shift', buffered: true });
            setTimeout(() => resolve(sum), 300);
        })"""
    )
    print(f"layout shift of {address} at {width}: {shift:.4f}")
    assert shift < 0.1


def test_forced_colors_keep_the_swatches_and_print_keeps_the_picture(visits):
    page = visits.open(forced_colors="active")
    red = page.locator('.chips [data-term="red"]')
    red.wait_for()
    assert red.evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(210, 47, 39)"
    draw_box(page)
    paint(page, "a red box")
    page.emulate_media(media="print")
    assert page.locator(".compare .colored").is_visible()
    for hidden in (".header", ".toolbar", ".right", ".footer"):
        assert not page.locator(hidden).is_visible()


def test_what_changed_is_told_and_focused(visits):
    page = visits.open()
    draw_box(page)
    paint(page, "a red box")
    until(page, "document.activeElement.tagName === 'H1'")
    assert "The picture is ready" in page.locator(".unseen[role=status]").inner_text()
    assert page.title().startswith("Result")
