import numpy as np
import pytest
from PIL import Image, ImageDraw

from pokecolor.sources.sketch_extraction import STYLES, edges, xdog


def draw(size: int = 256, line: int = 0) -> np.ndarray:
    """A brown disk with, if asked for, a black outline `line` pixels wide."""
    image = Image.new("RGB", (size, size), "white")
    box = (size // 4, size // 4, 3 * size // 4, 3 * size // 4)
    ImageDraw.Draw(image).ellipse(box, fill="sienna", outline="black", width=line)
    return np.asarray(image)


def strokes_across(sketch: np.ndarray) -> int:
    """How many strokes the middle row crosses."""
    ink = np.pad((sketch[len(sketch) // 2, :, 0] < 128).astype(int), 1)
    return int((np.diff(ink) == 1).sum())


@pytest.mark.parametrize("style", STYLES)
def test_grey_lines_of_the_same_shape_on_white(style):
    image = draw(line=2)[:200]
    sketch = STYLES[style](image)
    assert sketch.shape == image.shape
    assert sketch.dtype == np.uint8
    assert (np.ptp(sketch, axis=-1) == 0).all()
    assert np.median(sketch) > 250
    assert sketch.min() < 20


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("color", [0, 128, 255])
def test_a_flat_image_has_no_lines(style, color):
    assert (STYLES[style](np.full((256, 256, 3), color, np.uint8)) > 250).all()


@pytest.mark.parametrize("style", STYLES)
def test_the_same_image_gives_the_same_sketch(style):
    image = draw(line=3)
    before = image.copy()
    assert (STYLES[style](image) == STYLES[style](image)).all()
    assert (image == before).all()


@pytest.mark.parametrize("style", STYLES)
def test_lines_lie_where_the_outline_is(style):
    y, x = np.mgrid[:256, :256]
    from_outline = np.abs(np.hypot(x - 128, y - 128) - 64)
    ink = STYLES[style](draw(line=2))[..., 0] < 128
    assert from_outline[ink].max() < 4
    # seen from the center, every direction meets a stroke
    angles = np.degrees(np.arctan2(y - 128, x - 128)).round().astype(int)
    assert len(np.unique(angles[ink])) > 330


@pytest.mark.parametrize("style", STYLES)
def test_borders_between_colors_become_lines(style):
    assert strokes_across(STYLES[style](draw(line=0))) == 2


def test_edges_doubles_lines_or_not():
    image = draw(line=3)
    assert strokes_across(edges(image, doubled=0.0)) == 2
    assert strokes_across(edges(image, doubled=1.0)) == 4


def test_edges_has_grey_levels_and_traces_of_jpeg():
    image = draw(line=2)
    levels = np.unique(edges(image))
    assert len(levels) > 20
    assert ((levels > 240) & (levels < 255)).any()


def test_xdog_leaves_dark_areas_white_unless_asked_to_fill_them():
    image = draw(line=30)
    assert xdog(image)[128, 64 + 15, 0] > 250
    assert xdog(image, epsilon=0.5)[128, 64 + 15, 0] < 50


@pytest.mark.parametrize("style", STYLES)
def test_the_sketch_does_not_depend_on_the_size(style):
    small = STYLES[style](draw(256, line=2))[..., 0] < 128
    large = np.asarray(Image.fromarray(STYLES[style](draw(512, line=4))).resize((256, 256)))
    assert abs((large[..., 0] < 128).mean() / small.mean() - 1) < 0.25


@pytest.mark.parametrize("style", STYLES)
def test_one_pixel(style):
    assert STYLES[style](np.zeros((1, 1, 3), np.uint8)).shape == (1, 1, 3)
