"""The page in a real browser: collect, create, result, collection."""

from __future__ import annotations

import functools
import importlib.util
import shutil

import pytest
from PIL import Image
from quick_service import QuickColorizer, box
from running_service import running

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here (apt install chromium)"),
    pytest.mark.skipif(
        importlib.util.find_spec("playwright") is None,
        reason="no Playwright here (pip install playwright)",
    ),
]
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
WORDS = {
    "en": {"create": "Create", "go": "Color it", "mine": "My collection", "cancel": "Cancel"},
    "ko": {"create": "만들기", "go": "색칠하기", "mine": "내 작품", "cancel": "취소"},
}


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    with running(tmp_path_factory.mktemp("served"), QuickColorizer(0.1)) as started:
        yield started


@pytest.fixture
def open_page(browser, service):
    """Opens the page as a new visitor; whatever the browser complains of fails the test."""
    contexts, complaints = [], []

    def opener(language="en", width=1280, **settings):
        context = browser.new_context(
            viewport={"width": width, "height": 800},
            locale={"en": "en-US", "ko": "ko-KR"}[language],
            **settings,
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(120_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: said.type == "error" and complaints.append(said.text))
        page.on("request", functools.partial(note_outside, complaints, service.url))
        page.goto(service.url)
        page.wait_for_selector(".pc-tile")
        page.wait_for_function("window.pokecolor")
        return page

    yield opener
    for context in contexts:
        context.close()
    assert complaints == []


def note_outside(complaints, home, request):
    if not request.url.startswith((home, "data:", "blob:")):
        complaints.append(f"asked {request.url}")


def tab(page, name):
    page.get_by_role("tab", name=name, exact=True).click()


def prompt_of(page):
    return page.locator(".pc-sentence textarea")


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ko", 1280), ("ko", 390)])
def test_the_whole_path(open_page, language, width):
    words = WORDS[language]
    page = open_page(language, width)
    assert page.locator("html").get_attribute("lang") == language
    # Collect: search, pick
    page.locator(".pc-search input, .pc-search textarea").first.fill(
        {"en": "fox", "ko": "여우"}[language]
    )
    page.wait_for_function("document.querySelectorAll('.pc-tile').length === 1")
    page.locator(".pc-tile").click()
    # Create: the sketch is on the canvas; click a sentence together
    page.wait_for_selector(".pc-begun")
    page.locator('[data-term="blue"]').click()
    page.wait_for_function("document.querySelector('.pc-sentence textarea').value.includes('blue')")
    page.locator('.pc-parts input[value="eyes"]').check(force=True)
    page.locator('.pc-chips [data-term="red"]').click()
    page.wait_for_function("document.querySelector('.pc-sentence textarea').value.includes('red')")
    assert prompt_of(page).input_value() == "Turn it into a blue creature with red eyes"
    page.get_by_role("button", name=words["go"], exact=True).click()
    # Result
    page.wait_for_selector(".pc-result")
    assert page.locator(".pc-result .pc-prompt").inner_text().startswith("Turn it into a blue")
    assert page.locator(".pc-found-yes").count() == 1
    loaded = "[...document.querySelectorAll('.pc-compare img')].every(i => i.naturalWidth > 0)"
    page.wait_for_function(loaded)
    slider = page.locator(".pc-compare input")
    slider.focus()
    slider.press("End")
    assert "100%" in page.locator(".pc-compare").get_attribute("style")
    with page.expect_download() as download:
        page.locator(".pc-downloads a").last.click()
    assert download.value.suggested_filename.endswith(".ora")
    # in one click, again in another color
    page.locator(
        '.pc-again-row:first-of-type [data-term="green"], [data-wish] >> nth=3'
    ).first.click()
    page.wait_for_selector(".pc-progress")
    page.wait_for_selector(".pc-result")
    # share
    page.locator('[data-event="publish"]').click()
    link = page.locator(".pc-share a").get_attribute("href")
    with page.context.browser.new_context() as stranger:
        shared = stranger.new_page()
        assert shared.goto(page.url.split("/ko")[0].rstrip("/") + link).status == 200
        assert shared.locator(".pc-compare img").count() == 2
    # My collection: both are there; find one, delete it
    tab(page, words["mine"])
    page.wait_for_function("document.querySelectorAll('.pc-card').length === 2")
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator('[data-event="remove"]').first.click()
    page.wait_for_function("document.querySelectorAll('.pc-card').length === 1")
    page.locator('[data-event="open"]').click()
    page.wait_for_selector(".pc-result")
    page.locator('[data-event="edit"]').click()
    page.wait_for_function("document.querySelector('.pc-sentence textarea').value.includes('blue')")
    # nothing is wider than the screen
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_drawing_erasing_and_undoing(open_page):
    page = open_page()
    tab(page, "Create")
    canvas = page.locator(".pc-sheet canvas")
    frame = canvas.bounding_box()
    dark = """() => {
        const c = document.querySelector('.pc-sheet canvas');
        const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data;
        let n = 0;
        for (let i = 0; i < d.length; i += 4) n += d[i] < 128;
        return n;
    }"""

    def drag(*points):
        page.mouse.move(frame["x"] + points[0][0], frame["y"] + points[0][1])
        page.mouse.down()
        for x, y in points[1:]:
            page.mouse.move(frame["x"] + x, frame["y"] + y, steps=5)
        page.mouse.up()

    assert page.evaluate(dark) == 0 and page.evaluate("pokecolor.sketch()") == ""
    drag((60, 60), (250, 60), (250, 200), (60, 200), (60, 60))
    drawn = page.evaluate(dark)
    assert drawn > 1000
    page.locator('[data-tool="eraser"]').click()
    drag((60, 60), (250, 60))
    assert 0 < page.evaluate(dark) < drawn
    canvas.focus()
    page.keyboard.press("Control+z")
    assert page.evaluate(dark) == drawn
    page.keyboard.press("Control+z")
    assert page.evaluate(dark) == 0
    page.keyboard.press("Control+Shift+z")
    assert page.evaluate(dark) == drawn
    prompt_of(page).fill("Turn it into a green box")
    page.get_by_role("button", name="Color it", exact=True).click()
    page.wait_for_selector(".pc-result")


def test_an_image_of_ones_own_is_uploaded_and_reduced(open_page, tmp_path):
    page = open_page()
    tab(page, "Create")
    Image.fromarray(box(1000)).resize((4000, 3000)).save(tmp_path / "large.png")
    page.locator(".pc-easel input[type=file]").set_input_files(tmp_path / "large.png")
    page.wait_for_selector(".pc-begun")
    assert page.evaluate("document.querySelector('.pc-sheet canvas').width") == 1536
    (tmp_path / "no.png").write_bytes(b"no image")
    page.locator(".pc-easel input[type=file]").set_input_files(tmp_path / "no.png")
    page.wait_for_selector(".pc-trouble:not([hidden])")


def test_refusals_are_told_in_the_pages_language_and_words_stay_words(open_page):
    page = open_page("ko")
    tab(page, "만들기")
    prompt_of(page).fill("a red box")
    page.get_by_role("button", name="색칠하기", exact=True).click()
    page.get_by_text("스케치가 없습니다").wait_for()
    page.evaluate("pokecolor.load('/sketches/box-0/192.png')")
    page.wait_for_selector(".pc-begun")
    attack = "<img src=x onerror=document.title='cracked'> ${document.title='cracked'} red"
    prompt_of(page).fill(attack)
    page.get_by_role("button", name="색칠하기", exact=True).click()
    page.wait_for_selector(".pc-result")
    assert page.locator(".pc-result .pc-prompt").inner_text() == attack
    assert page.title() == "pokecolor"


def test_an_order_can_be_canceled(open_page, service):
    page = open_page()
    tab(page, "Create")
    page.evaluate("pokecolor.load('/sketches/box-0/192.png')")
    page.wait_for_selector(".pc-begun")
    prompt_of(page).fill("a red box")
    page.get_by_role("button", name="Advanced").click()
    for number, value in ((1, "4"), (2, "50")):  # variants and steps: some 20 seconds
        setting = page.locator("input[type=number]").nth(number)
        setting.fill(value)
        setting.press("Tab")
    page.get_by_role("button", name="Color it", exact=True).click()
    page.wait_for_selector('[data-event="cancel"]')
    page.evaluate("document.querySelector('[data-event=cancel]').click()")
    page.wait_for_selector("[data-tab-id=create][aria-selected=true]")
    tab(page, "My collection")
    page.get_by_text("Nothing here yet").wait_for()


def test_the_language_is_switched_and_remembered(open_page, service):
    page = open_page("en")
    page.locator(".pc-language").click()
    page.wait_for_selector("html[lang=ko] .pc-tile")
    page.goto(service.url)
    page.wait_for_selector("html[lang=ko] .pc-tile")


def test_everything_that_is_clicked_can_be_reached_by_keyboard(open_page):
    page = open_page()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.className + ' ' + (document.activeElement.role ?? '')"
            )
        )
    assert any("pc-language" in name for name in reached)
    assert any("tab" in name for name in reached)
    assert any("pc-tile" in name for name in reached)
    page.locator(".pc-tile").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector(".pc-begun")
