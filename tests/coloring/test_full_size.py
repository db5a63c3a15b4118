import numpy as np
from PIL import Image, ImageDraw

from pokecolor.coloring.full_size import MAX_SIDE, Enlarged, bands, lay_strokes, working_ink
from pokecolor.coloring.lineart import strokes_of


def test_ink_is_looked_at_on_a_bounded_grid_on_which_no_hair_is_lost():
    lines = Image.new("RGB", (6 * MAX_SIDE, 40), "white")
    ImageDraw.Draw(lines).line((0, 21, 6 * MAX_SIDE, 21), fill="black")
    ink = working_ink(lines)
    assert ink.dtype == np.float32 and max(ink.shape) == MAX_SIDE
    assert (ink.max(0) >= 0.5).all()
    small = lines.crop((0, 0, 50, 40))
    assert working_ink(small).shape == (40, 50)


def test_bands_are_all_of_an_image():
    image = Image.fromarray(
        np.arange(2400 * 1000 * 3, dtype=np.uint32).astype(np.uint8).reshape(2400, 1000, 3)
    )
    parts = list(bands(image))
    assert len(parts) > 1
    assert np.array_equal(np.vstack([np.asarray(part) for _, part in parts]), np.asarray(image))
    assert [top for top, _ in parts] == list(np.cumsum([0] + [p.height for _, p in parts])[:-1])


def test_a_band_of_an_enlarged_picture_is_that_of_the_whole():
    values = np.random.default_rng(0).integers(0, 256, (20, 30, 4), dtype=np.uint8)
    values[..., 3] = 255
    large = Enlarged(Image.fromarray(values), (0, 0, 301, 203), (301, 203))
    whole = np.asarray(large.whole())
    assert whole.shape == (203, 301, 4)
    assert np.abs(np.asarray(large.band(50, 60)).astype(int) - whole[50:110]).max() <= 1
    same = Enlarged(Image.fromarray(values), (0, 0, 30, 20), (30, 20))
    assert np.array_equal(np.asarray(same.band(5, 3)), values[5:8])


def test_an_enlarged_picture_lies_in_its_box_and_nothing_lies_around_it():
    page = Enlarged(Image.new("RGBA", (4, 4), (200, 0, 0, 255)), (10, 20, 50, 60), (100, 80))
    whole = np.asarray(page.whole())
    assert whole.shape == (80, 100, 4)
    assert (whole[20:60, 10:50] == (200, 0, 0, 255)).all()
    assert whole[..., 3].sum() == 255 * 40 * 40
    for top, height in ((0, 15), (10, 30), (55, 25)):
        assert np.array_equal(np.asarray(page.band(top, height)), whole[top : top + height])


def test_strokes_are_laid_as_layers_would_be():
    rng = np.random.default_rng(0)
    colors, lines = (
        Image.fromarray(rng.integers(0, 256, (20, 30, 3), dtype=np.uint8)) for _ in range(2)
    )
    expected = Image.alpha_composite(colors.convert("RGBA"), strokes_of(lines)).convert("RGB")
    found = np.asarray(lay_strokes(colors, lines)).astype(int)
    assert np.abs(found - np.asarray(expected)).max() <= 2
