"""The page in a real browser: sketches, the workspace, results, the collection."""

from __future__ import annotations

import pytest
from page_browser import DARK, Visits, chromium, draw_box, needs_browser, paint, prompt_of, until
from page_service import Kept, serving
from PIL import Image
from quick_service import box

pytestmark = needs_browser
GO = {"en": "Color it", "ko": "색칠하기"}
PROMPT = {"en": "Turn it into a blue creature with red eyes", "ko": "파란 몸, 빨간 눈"}


@pytest.fixture(scope="module")
def browser():
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    return Kept(tmp_path_factory.mktemp("served"), 0.4)


@pytest.fixture(scope="module")
def url(kept):
    with serving(kept) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def visits(browser, url):
    started = Visits(browser, url)
    yield started
    started.close()


@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("ko", 1280), ("ko", 360)])
def test_the_whole_path(visits, language, width):
    page = visits.open("/sketches", language, width)
    assert page.locator("html").get_attribute("lang") == language
    # a sketch of the library
    page.get_by_role("searchbox").fill({"en": "fox", "ko": "여우"}[language])
    until(page, "document.querySelectorAll('button.tile').length === 1")
    page.locator("button.tile").click()
    page.wait_for_selector(".begun canvas")
    assert page.evaluate(DARK) > 0
    # a prompt by chips, and how it is understood
    page.locator('.chips [data-term="blue"]').click()
    page.locator('.parts input[value="eyes"]').check(force=True)
    page.locator('.chips [data-term="red"]').click()
    assert prompt_of(page).input_value() == PROMPT[language]
    page.get_by_text({"en": "eyes red", "ko": "눈 빨강"}[language]).wait_for()
    page.get_by_role("button", name=GO[language], exact=True).click()
    # the picture replaces the sketch; it can be held and dragged
    page.wait_for_url("**/result/*")
    until(page, "document.querySelector('.compare .colored')?.naturalWidth > 0")
    assert page.locator(".verdicts li").count() == 2
    frame = page.locator(".compare").bounding_box()
    middle = frame["y"] + frame["height"] / 2
    shown = "document.querySelector('.compare').style.getPropertyValue('--at')"
    page.mouse.move(frame["x"] + 50, middle)
    page.mouse.down()
    until(page, f"{shown} === '100%'")
    page.mouse.up()
    until(page, f"{shown} === '0%'")
    page.mouse.down()
    page.mouse.move(frame["x"] + frame["width"] / 2, middle, steps=4)
    page.mouse.up()
    until(page, f"{shown} === '50%'")
    # again with one part in another color: that part alone, and the same seed
    page.locator(".verdicts button").last.click()
    with page.expect_request("**/api/jobs") as sent:
        page.locator('[data-again="green"]').click()
    order = sent.value.post_data_json
    assert order["only"] == "eyes" and order["seed"] > 0
    assert (
        order["prompt"]
        == {
            "en": "Turn it into a blue creature with green eyes",
            "ko": "파란 몸, 초록색 눈",
        }[language]
    )
    first = page.url
    until(page, f"location.href !== {first!r}")
    until(page, "document.querySelectorAll('.history a').length === 2")
    # share, and copy on plain http
    page.locator('[data-action="share"]').click()
    page.locator('[data-action="copy"]').click()
    assert "/shared/" in page.locator(".share input").input_value()
    with page.expect_download():
        page.locator(".about a[download]").first.click()
    # the collection: both are there; one goes
    page.locator('.places a[href="/collection"]').click()
    until(page, "document.querySelectorAll('.card').length >= 2")
    before = page.locator(".card").count()
    page.on("dialog", lambda dialog: dialog.accept())
    page.locator('[data-tool="delete"]').first.click()
    until(page, f"document.querySelectorAll('.card').length === {before - 1}")
    # all four places can be reached, and none is wider than the screen
    for place in ("sketches", "collection", "create"):
        page.locator(f'.places a[href^="/{place}"]').click()
        page.wait_for_url(f"**/{place}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator(".places a:visible").count() == 4


def test_drawing_erasing_and_undoing(visits):
    page = visits.open()
    assert page.evaluate(DARK) == 0
    draw_box(page)
    drawn = page.evaluate(DARK)
    assert drawn > 1000
    page.locator('[data-tool="eraser"]').click()
    frame = page.locator(".sheet canvas").bounding_box()
    page.mouse.move(frame["x"] + 0.2 * frame["width"], frame["y"] + 0.2 * frame["height"])
    page.mouse.down()
    page.mouse.move(frame["x"] + 0.5 * frame["width"], frame["y"] + 0.2 * frame["height"], steps=5)
    page.mouse.up()
    assert 0 < page.evaluate(DARK) < drawn
    page.locator(".sheet canvas").focus()
    page.keyboard.press("Control+z")
    assert page.evaluate(DARK) == drawn
    page.keyboard.press("Control+z")
    assert page.evaluate(DARK) == 0
    page.keyboard.press("Control+Shift+z")
    assert page.evaluate(DARK) == drawn
    prompt_of(page).fill("a green box")
    prompt_of(page).press("Control+Enter")
    page.wait_for_url("**/result/*")


def test_images_come_from_files_from_drops_anywhere_and_from_the_clipboard(visits, tmp_path):
    page = visits.open()
    Image.fromarray(box(1000)).resize((2000, 1500)).save(tmp_path / "large.png")
    page.locator(".sources input[type=file]").first.set_input_files(tmp_path / "large.png")
    until(page, "document.querySelector('.sheet canvas').width === 1536")
    (tmp_path / "no.png").write_bytes(b"no image")
    page.locator(".sources input[type=file]").first.set_input_files(tmp_path / "no.png")
    page.get_by_role("alert").get_by_text("no image that can be read").wait_for()
    handed = """async (kind) => {
        const canvas = new OffscreenCanvas(kind === 'drop' ? 300 : 200, 100);
        canvas.getContext('2d').fillRect(9, 9, 9, 9);
        const data = new DataTransfer();
        data.items.add(new File([await canvas.convertToBlob()], 'a.png', { type: 'image/png' }));
        const how = { bubbles: true, cancelable: true };
        const event = kind === 'drop' ? new DragEvent('drop', { ...how, dataTransfer: data })
            : new ClipboardEvent('paste', { ...how, clipboardData: data });
        document.querySelector('footer').dispatchEvent(event);
        return event.defaultPrevented;
    }"""
    page.locator('.places a[href="/sketches"]').click()
    for kind, width in (("drop", 300), ("paste", 200)):
        assert page.evaluate(handed, kind)
        until(page, f"document.querySelector('.sheet canvas')?.width === {width}")
        assert page.url.endswith("/create")


def test_refusals_are_told_in_the_pages_language_and_words_stay_words(visits):
    page = visits.open(language="ko")
    page.locator(".go button").click()
    page.get_by_role("alert").get_by_text("어떻게 바꿀지").wait_for()
    prompt_of(page).fill("a red box")
    page.locator(".go button").click()
    page.get_by_role("alert").get_by_text("스케치가 없습니다").wait_for()
    draw_box(page)
    prompt_of(page).fill("turn it into")
    page.locator(".go button").click()
    page.get_by_role("alert").get_by_text("어떻게 바꿀지").wait_for()
    attack = "<img src=x onerror=document.title='cracked'> ${document.title='cracked'} red"
    paint(page, attack)
    assert prompt_of(page).input_value() == attack
    assert "cracked" not in page.title()


def test_before_painting_it_is_told_that_no_color_was_named(visits):
    page = visits.open()
    prompt_of(page).fill("a dragon")
    page.get_by_text("No color was named yet.").wait_for()


def test_chips_edit_what_is_typed_at_that_moment(visits):
    page = visits.open()
    prompt_of(page).press_sequentially("a fox that likes tea")
    page.evaluate("document.querySelector('.chips [data-term=blue]').click()")
    prompt_of(page).press_sequentially(" and cake")
    page.locator('.parts input[value="tail"]').check(force=True)
    page.locator('.chips [data-term="red"]').click()
    text = prompt_of(page).input_value()
    assert "a fox that likes tea" in text and "blue" in text and "cake" in text
    assert text.endswith("with a red tail")


def test_finishing_by_hand(visits, kept):
    page = visits.open()
    draw_box(page)
    paint(page, "a red box")
    identity = page.url.rsplit("/", 1)[1]
    page.locator('[data-tool="fill"]').click()
    page.wait_for_selector(".finishing canvas")
    at = """(place) => { const c = document.querySelector('.finishing canvas');
        const x = c.width * place, d = c.getContext('2d').getImageData(x, x, 1, 1).data;
        return [...d.slice(0, 3)]; }"""

    def shows(color):
        until(page, f"({at})(0.5).join() === '{','.join(map(str, color))}'")

    painted = page.evaluate(at, 0.5)
    page.locator(".hex").fill("#123456")
    frame = page.locator(".finishing").bounding_box()
    page.locator(".finishing").click(position={"x": frame["width"] / 2, "y": frame["height"] / 2})
    shows([0x12, 0x34, 0x56])
    assert page.evaluate(at, 0.1) != [0x12, 0x34, 0x56]
    page.get_by_text("Saved", exact=True).wait_for()
    saved = kept.colors(identity)
    assert saved.getpixel((saved.width // 2, saved.height // 2)) == (0x12, 0x34, 0x56, 255)
    page.keyboard.press("Control+z")
    shows(painted)
    page.locator('[data-tool="redo"]').click()
    shows([0x12, 0x34, 0x56])
    # soft shades it, flat takes that off again
    page.get_by_role("group", name="Shading").get_by_role("button", name="Soft").click()
    until(page, f"({at})(0.35).join() !== ({at})(0.65).join()")
    page.get_by_role("group", name="Shading").get_by_role("button", name="Flat").click()
    until(page, f"({at})(0.35).join() === ({at})(0.65).join()")
    shows([0x12, 0x34, 0x56])
    # by keyboard: the cross is in the middle
    page.locator(".swatches [aria-label='green']").click()
    page.locator(".finishing").focus()
    page.keyboard.press("Enter")
    shows([0x5C, 0x9E, 0x31])
    # what is locked is kept by the next run
    page.locator('[data-tool="lock"]').click()
    page.locator(".finishing").click(position={"x": frame["width"] / 2, "y": frame["height"] / 2})
    page.get_by_text("Locked areas stay as they are: 1").wait_for()
    page.locator('[data-tool="compare"]').click()
    first = page.url
    paint_again = page.locator(".go button")
    paint_again.click()
    until(page, f"location.href !== {first!r}")
    newer = page.url.rsplit("/", 1)[1]
    after = kept.colors(newer)
    assert after.getpixel((after.width // 2, after.height // 2)) == (0x5C, 0x9E, 0x31, 255)


def test_variants_are_a_grid_and_the_seed_can_be_used_again(visits):
    page = visits.open()
    draw_box(page)
    page.locator('input[name="variants"]').nth(3).check(force=True)
    paint(page, "a red box")
    assert page.locator(".variants.grid li").count() == 4
    page.locator(".variants.grid button").nth(2).click()
    page.wait_for_url("**?picture=3")
    page.wait_for_selector(".compare")
    said = page.get_by_role("button", name="use again").inner_text()
    page.get_by_role("button", name="use again").click()
    page.locator(".settings summary").click()
    assert page.locator('input[name="seed"]').input_value() in said


def test_everything_that_is_clicked_can_be_reached_by_keyboard(visits):
    page = visits.open("/sketches")
    page.wait_for_selector("button.tile")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.type") == "search"
    page.locator("button.tile").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/create")
    until(page, "document.activeElement.tagName === 'H1'")
