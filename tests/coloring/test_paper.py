import numpy as np
import pytest
from creature import BLACK, WHITE, creature, on_paper, photo, picture, scan_with_margin, strokes
from PIL import Image, ImageDraw

from pokecolor.coloring.lineart import to_line_art
from pokecolor.coloring.paper import find_sheet, is_light_on_dark
from pokecolor.core.images.conversion import to_rgb


def light_of(image):
    return np.asarray(image.convert("L"), np.float32) / 255


def drawn(image):
    """Where a sketch's line art is dark: bool [height, width]."""
    return np.asarray(to_line_art(image)).min(-1) < 128


def test_dense_light_lines_on_black_are_light_on_dark():
    light = np.zeros((240, 240), np.float32)
    light[20:220, 20:220:9] = light[20:220, 21:220:9] = 0.8
    light[20:220:9, 20:220] = 0.8
    assert is_light_on_dark(light)
    assert not is_light_on_dark(1 - light)
    assert not is_light_on_dark(np.zeros((240, 240), np.float32))


def test_only_light_strokes_on_dark_are_light_on_dark():
    assert is_light_on_dark(light_of(creature(WHITE, BLACK)))
    assert is_light_on_dark(light_of(picture(on_paper(creature(WHITE, (70, 90, 80))))))
    assert not is_light_on_dark(light_of(creature()))
    assert not is_light_on_dark(light_of(picture(on_paper(creature(), (0.3, 0.3, 0.3)))))


def test_a_sheet_is_found_within_a_margin_and_on_a_table():
    for page, share in ((scan_with_margin(), 400 * 400 / (600 * 640)), (photo(), 0.55)):
        sheet = find_sheet(light_of(page))
        assert sheet is not None
        assert sheet.mean() == pytest.approx(share, abs=0.05)


def test_paper_that_fills_the_picture_has_no_sheet_even_in_a_shadow():
    x = np.arange(400)
    shadow = (1 - 0.4 / (1 + np.exp(-(x - 200) / 12)))[None, :, None]
    for page in (creature(), picture(on_paper(creature())), picture(on_paper(creature()) * shadow)):
        assert find_sheet(light_of(page)) is None


def test_a_grey_box_that_is_drawn_is_no_sheet():
    page = Image.new("RGB", (400, 400), "white")
    ImageDraw.Draw(page).rectangle((60, 60, 330, 330), (190, 190, 190), outline="black", width=4)
    assert find_sheet(light_of(page)) is None
    assert to_line_art(page) is page


def test_a_grey_scan_with_a_white_margin_is_cleaned():
    page = np.zeros((640, 600), bool)
    page[60:460, 80:480] = strokes()
    assert np.array_equal(drawn(scan_with_margin()), page)


def test_a_small_scan_on_a_white_page_is_paper_if_nothing_is_beside_it():
    page = Image.new("RGB", (900, 800), "white")
    page.paste(picture(on_paper(creature())), (200, 150))
    found = drawn(page)
    assert find_sheet(light_of(page)) is not None
    expected = np.zeros((800, 900), bool)
    expected[150:550, 200:600] = strokes()
    assert (found & ~expected).sum() < 0.02 * expected.sum()
    assert (found & expected).sum() > 0.97 * expected.sum()
    ImageDraw.Draw(page).line((20, 60, 20, 700), "black", 6)
    assert find_sheet(light_of(page)) is None


def test_a_table_a_crease_and_a_shadow_are_no_ink():
    page = np.zeros((520, 560), bool)
    page[50:450, 70:470] = strokes()
    found = drawn(photo())
    assert (found & ~page).sum() < 0.02 * page.sum()
    assert (found & page).sum() > 0.97 * page.sum()


def test_a_table_that_runs_out_in_wedges_along_the_border_is_no_ink():
    page = on_paper(creature())
    y, x = np.mgrid[:400, :400]
    page[(y < 8 + x // 20) | (y > 394 - x // 40)] = (0.25, 0.2, 0.15)
    found = drawn(picture(page))
    assert (found & ~strokes()).sum() < 0.02 * strokes().sum()
    assert (found & strokes()).sum() > 0.97 * strokes().sum()


def test_a_large_photo_is_read_like_a_small_one():
    large = to_line_art(photo().resize((1120, 1040), Image.Resampling.BICUBIC))
    difference = light_of(large.resize((560, 520))) - light_of(to_line_art(photo()))
    assert np.abs(difference).mean() < 0.01


def test_a_black_border_around_white_is_drawn():
    page = Image.new("RGB", (400, 400), "black")
    page.paste(creature().resize((340, 340)), (30, 30))
    assert to_line_art(page) is page


@pytest.mark.parametrize(
    ("pen", "color"), [((200, 30, 40), (255, 0, 0)), ((40, 60, 200), (0, 0, 255))]
)
def test_a_pen_keeps_its_color_on_paper(pen, color):
    line_art = np.asarray(to_line_art(picture(on_paper(creature(pen)))), int)
    assert np.abs(np.median(line_art[strokes()], 0) - color).max() < 70
    assert np.median(line_art[~strokes()]) == 255


@pytest.mark.parametrize("pencil", [BLACK, (110, 105, 100)])
def test_pencil_and_black_pens_give_black(pencil):
    line_art = np.asarray(to_line_art(picture(on_paper(creature(pencil)))), int)
    assert np.ptp(line_art, -1).max() == 0
    assert np.median(line_art[strokes()]) < 20


def test_black_areas_on_paper_stay_black():
    sketch = creature(cap=True)
    black = light_of(sketch) < 0.5
    line_art = light_of(to_line_art(picture(on_paper(sketch))))
    assert line_art[black].max() < 0.2
    assert line_art[~black].mean() > 0.99


@pytest.mark.parametrize(
    "sketch",
    [
        creature(WHITE, BLACK),
        creature((*WHITE, 255), (*WHITE, 0), mode="RGBA"),
        creature((*BLACK, 255), (*WHITE, 0), mode="RGBA"),
        picture(on_paper(creature((230, 230, 230), (50, 70, 60)), (1, 1, 1))),
    ],
    ids=["white on black", "white on nothing", "black on nothing", "chalk"],
)
def test_light_strokes_and_dark_ones_become_black_on_white(sketch):
    assert np.array_equal(drawn(sketch), strokes())


def test_a_white_figure_on_nothing_keeps_its_dark_lines():
    sketch = creature().convert("RGBA")
    alpha = np.zeros((400, 400), np.uint8)
    y, x = np.mgrid[:400, :400]
    alpha[((x - 200) / 145) ** 2 + ((y - 195) / 135) ** 2 < 1] = 255
    alpha[strokes()] = 255
    sketch.putalpha(Image.fromarray(alpha))
    assert np.array_equal(np.asarray(to_line_art(sketch)), np.asarray(to_rgb(sketch)))
