import numpy as np
import pytest
from PIL import Image, ImageDraw

from pokecolor.coloring.lineart import find_strokes, ink_of, stroke_ink, strokes_of, to_line_art


def drawing(width=240, height=160):
    """A black ring on white."""
    image = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(image).ellipse((60, 30, 180, 130), outline="black", width=4)
    return image


def on_paper(image, darkness):
    """The drawing in grey pencil on paper that darkens to one side."""
    light = np.asarray(image, np.float32) / 255
    shade = np.linspace(0.9, 0.6, light.shape[1])[None, :, None]
    grain = np.random.default_rng(0).normal(0, 0.01, light.shape[:2])[..., None]
    drawn = 1 - darkness * (1 - light)
    return Image.fromarray((255 * np.clip(drawn * shade + grain, 0, 1)).astype(np.uint8))


def test_line_art_on_white_is_left_alone():
    sketch = drawing()
    assert to_line_art(sketch) is sketch


@pytest.mark.parametrize("darkness", [0.9, 0.4])
def test_a_drawing_on_paper_becomes_black_on_white(darkness):
    clean = np.asarray(drawing())[..., 0]
    found = np.asarray(to_line_art(on_paper(drawing(), darkness)))[..., 0]
    assert found.shape == clean.shape
    assert np.median(found[clean == 0]) < 30
    assert (found[clean == 255] > 240).mean() > 0.99


def test_blank_paper_has_no_ink():
    blank = Image.new("RGB", (100, 80), (190, 185, 170))
    assert np.asarray(to_line_art(blank)).min() == 255


def test_ink_is_darkness():
    ink = ink_of(Image.fromarray(np.uint8([[[0] * 3, [255] * 3, [51] * 3]])))
    assert ink.dtype == np.float32
    assert ink[0] == pytest.approx([1, 0, 0.8], abs=0.01)


def test_strokes_laid_on_white_are_the_line_art():
    pixels = np.random.default_rng(0).integers(0, 256, (8, 9, 3)).astype(np.uint8)
    pixels[0] = 255
    strokes = strokes_of(Image.fromarray(pixels))
    assert (np.asarray(strokes)[0, :, 3] == 0).all()
    white = Image.new("RGBA", strokes.size, "white")
    merged = np.asarray(Image.alpha_composite(white, strokes))[..., :3]
    assert np.abs(merged.astype(int) - pixels).max() <= 2


def test_strokes_are_thin_and_darker_than_both_sides():
    box = np.full((64, 64, 3), 255, np.uint8)
    box[16:48, 16:48] = 0
    box[18:46, 18:46] = 255
    picture = box.copy()
    picture[:, 56:] = 0  # a black margin: wide, and so no stroke
    picture[:8, :8] = (255, 200, 200)  # a pale corner
    assert np.array_equal(find_strokes(picture), (box == 0).all(-1))


def test_thin_strokes_in_color_are_ink_and_areas_are_as_dark_as_they_are():
    page = Image.new("RGB", (240, 160), "white")
    draw = ImageDraw.Draw(page)
    draw.line((10, 20, 230, 20), fill=(250, 220, 0), width=3)
    draw.rectangle((60, 60, 180, 150), fill=(250, 220, 0))
    ink = stroke_ink(page)
    assert ink[20, 100] == 1
    assert ink[100, 120] == pytest.approx(float(ink_of(page)[100, 120]))
    assert ink[40].max() == 0
    grey = drawing()
    assert np.array_equal(stroke_ink(grey), ink_of(grey))
