import numpy as np
import pytest
from creature import BLACK, SIDE, creature, framed
from PIL import Image, ImageDraw

from pokecolor.coloring.framing import Box, find_subject, frame_subject
from pokecolor.coloring.lineart import ink_of
from pokecolor.core.images.conversion import letterbox

PAGE = Box(0, 0, SIDE, SIDE)


def small(side=1000, at=(600, 200), size=200):
    """A creature on a page that it does not fill."""
    page = Image.new("RGB", (side, side), "white")
    page.paste(creature(width=10).resize((size, size), Image.Resampling.LANCZOS), at)
    return page


def seen(sketch, size=128):
    ink = ink_of(sketch)
    return frame_subject(ink, find_subject(ink), size)


def width_of(square):
    """The mean width of the line of `ring`: its ink by its length, in pixels."""
    return ink_of(Image.fromarray(square)).sum() / (np.pi * 0.8 * square.shape[0])


def ring(width, side=1000):
    page = Image.new("RGB", (side, side), "white")
    ImageDraw.Draw(page).ellipse((100, 100, side - 100, side - 100), outline=BLACK, width=width)
    return page


def test_a_drawing_that_fills_its_page_is_shown_as_it_is():
    sketch = creature(width=5)
    assert find_subject(ink_of(sketch)) == PAGE
    assert np.array_equal(seen(sketch), letterbox(sketch, 128))


def test_a_small_one_is_cropped_with_a_margin():
    box = find_subject(ink_of(small()))
    # drawn from 630 to 770 and from 230 to 370
    for edge, drawn in zip(box, (630, 230, 770, 370), strict=True):
        assert 4 <= abs(edge - drawn) <= 14
    ink = ink_of(Image.fromarray(seen(small()))) > 0.3
    rows = np.flatnonzero(ink.any(1))
    assert 0.8 < (rows[-1] - rows[0]) / 128 < 0.95


def test_dirt_is_no_part_of_it():
    dirty = small()
    dirty.putpixel((5, 5), BLACK)
    dirty.putpixel((990, 990), BLACK)
    assert find_subject(ink_of(dirty)) == find_subject(ink_of(small()))


def test_a_blank_page_is_shown_whole():
    blank = np.zeros((30, 40), np.float32)
    assert find_subject(blank) == Box(0, 0, 40, 30)
    assert (frame_subject(blank, Box(0, 0, 40, 30), 64) == 255).all()


def test_a_frame_is_not_the_subject():
    left, top, right, bottom = find_subject(ink_of(framed()))
    # the creature lies from 130 to 270 and from 150 to 290
    assert 110 < left < 130 < 270 < right < 290
    assert 130 < top < 150 < 290 < bottom < 310


def test_a_double_frame_is_one_too():
    double = framed()
    ImageDraw.Draw(double).rectangle((16, 16, 383, 383), outline=BLACK, width=2)
    assert find_subject(ink_of(double)) == find_subject(ink_of(framed()))


@pytest.mark.parametrize("box", [(8, 8, 391, 391), (60, 60, 340, 340)], ids=["large", "small"])
def test_a_box_alone_or_amid_the_page_is_a_drawing(box):
    page = Image.new("RGB", (SIDE, SIDE), "white")
    ImageDraw.Draw(page).rectangle(box, outline=BLACK, width=4)
    assert find_subject(ink_of(page)) == PAGE
    ImageDraw.Draw(page).ellipse((150, 150, 250, 250), outline=BLACK, width=4)
    if box[0] == 60:
        assert find_subject(ink_of(page)) == PAGE


@pytest.mark.parametrize("width", [1, 2, 4])
def test_hairlines_are_widened_to_the_width_of_training(width):
    assert width_of(letterbox(ring(width), 128)) < 0.7
    assert width_of(seen(ring(width))) == pytest.approx(1.2, abs=0.25)


def test_faint_lines_are_darkened():
    faint = Image.blend(Image.new("RGB", (1000, 1000), "white"), ring(12), 0.3)
    assert seen(faint).min() < 30


def test_small_and_dense_regions_stay_open():
    page = ring(3)
    draw = ImageDraw.Draw(page)
    draw.ellipse((480, 300, 504, 324), outline=BLACK, width=3)  # 3 px of 128 across
    for x in range(300, 700, 20):  # lines 2.5 px of 128 apart
        draw.line((x, 500, x, 700), fill=BLACK, width=3)
    shown, plain = seen(page), letterbox(page, 128)
    assert shown[40, 63, 0] > 150
    columns = shown[70:85, 42:86, 0].mean(0)
    assert columns.max() - columns.min() > 40
    assert columns.mean() > 0.6 * plain[70:85, 42:86, 0].mean()


def test_large_black_areas_are_shown_as_outlines():
    shown = seen(creature(width=5, cap=True))
    plain = letterbox(creature(width=5, cap=True), 128)
    assert plain[30, 64, 0] == 0 and shown[30, 64, 0] > 250
    assert shown[19:21, 64, 0].min() < 60  # the rim of the cap
    assert np.abs(shown[75:].astype(int) - plain[75:]).max() < 40
