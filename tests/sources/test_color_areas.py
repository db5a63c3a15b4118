import numpy as np
import pytest
from PIL import Image, ImageDraw

from pokecolor.sources.color_areas import FILLED, SIDE, fit_picture, segment_flat_areas


def page():
    """A red square beside a blue one, each within a black line, on white."""
    image = Image.new("RGB", (SIDE, SIDE), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((100, 100, 240, 300), fill=(220, 30, 30), outline="black", width=6)
    draw.rectangle((240, 100, 340, 300), fill=(30, 60, 220), outline="black", width=6)
    return image


def test_lines_part_regions_and_the_largest_comes_first():
    regions, ink = segment_flat_areas(np.asarray(page()))
    assert regions.max() == 3
    assert regions[10, 10] == 1
    assert regions[200, 170] == 2
    assert regions[200, 290] == 3
    assert ink[200, 101]
    assert regions[200, 101] == 0


def test_edges_part_regions_without_a_line():
    image = Image.new("RGB", (SIDE, SIDE), "white")
    ImageDraw.Draw(image).rectangle((100, 100, 200, 300), fill=(220, 30, 30))
    ImageDraw.Draw(image).rectangle((200, 100, 300, 300), fill=(250, 200, 30))
    regions, ink = segment_flat_areas(np.asarray(image))
    assert regions[200, 150] != regions[200, 250]
    assert not ink.any()


def test_a_dark_area_is_a_region_and_a_thick_stroke_is_not():
    image = Image.new("RGB", (SIDE, SIDE), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((50, 50, 200, 200), fill=(20, 20, 20))
    draw.line((260, 60, 420, 420), fill=(20, 20, 20), width=14)
    regions, ink = segment_flat_areas(np.asarray(image))
    assert regions[125, 125] > 0
    assert not ink[125, 125]
    assert ink[240, 340]
    assert regions[240, 340] == 0


def test_specks_are_no_regions():
    image = Image.new("RGB", (SIDE, SIDE), "white")
    ImageDraw.Draw(image).ellipse((50, 50, 62, 62), fill=(220, 30, 30))
    assert segment_flat_areas(np.asarray(image))[0].max() == 1


def test_a_picture_fills_the_page_and_lies_on_white():
    image = Image.new("RGBA", (100, 50), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (20, 10, 60, 30))
    page = fit_picture(image)
    assert page.shape == (SIDE, SIDE, 3)
    red = page[..., 1] < 128
    assert red.any(0).sum() == pytest.approx(FILLED * SIDE, abs=2)
    assert red.any(1).sum() == pytest.approx(FILLED * SIDE / 2, abs=2)
    assert (page[0, 0] == 255).all()


def test_an_empty_picture_is_an_error():
    with pytest.raises(ValueError, match="empty"):
        fit_picture(Image.new("RGBA", (8, 8), (0, 0, 0, 0)))
