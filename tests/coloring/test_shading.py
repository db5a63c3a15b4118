import numpy as np
import pytest

from pokecolor.coloring.shading import inflate, shade_drawing

SIDE, RADIUS = 240, 90


def disk(side=SIDE, radius=RADIUS, line=4.0):
    """The ink of a ring and the ground around it."""
    y, x = np.mgrid[:side, :side]
    away = np.hypot(x - side / 2, y - side / 2)
    ink = np.clip(line / 2 + 0.5 - np.abs(away - radius), 0, 1).astype(np.float32)
    return ink, (away > radius) & (ink < 0.25)


def test_a_disk_is_inflated_to_half_a_ball():
    y, x = np.mgrid[:SIDE, :SIDE]
    away = np.hypot(x - SIDE / 2, y - SIDE / 2)
    height = np.sqrt(inflate((away < RADIUS).astype(np.int32)))
    for distance in (0, 30, 60):
        ball = np.sqrt(RADIUS**2 - distance**2)
        assert height[SIDE // 2, SIDE // 2 + distance] == pytest.approx(ball, rel=0.12)
    assert (height[away > RADIUS] == 0).all()


def test_each_region_has_a_height_of_its_own():
    halves = np.ones((64, 64), np.int32)
    halves[:, 32:] = 2
    height = inflate(halves)
    assert height[32, 16] > 3 * height[32, 31]
    assert height[32, 48] > 3 * height[32, 32]


def test_the_side_to_the_light_is_lighter_and_the_ground_is_left_alone():
    ink, ground = disk()
    shade, highlights = shade_drawing(ink, ground)
    assert shade.shape == (SIDE, SIDE, 3) and highlights.shape == (SIDE, SIDE)
    center, off = SIDE // 2, int(0.62 * RADIUS)
    assert (shade[center - off, center - off] == 255).all()
    assert (shade[center + off, center + off] < 235).all()
    assert shade.min() > 180  # it is subtle
    assert (shade[ground] == 255).all() and (highlights[ground] == 0).all()
    # the highlight is small and on the side to the light
    assert 20 < highlights.max() < 110
    assert 0.002 < (highlights > 20).mean() < 0.03
    rows, columns = np.nonzero(highlights > 20)
    assert rows.max() < center and columns.max() < center


def test_nothing_crosses_a_line():
    ink, ground = disk()
    ink[:, SIDE // 2 - 2 : SIDE // 2 + 3] = np.where(ground[:, SIDE // 2 - 2 : SIDE // 2 + 3], 0, 1)
    shade, _ = shade_drawing(ink, ground)
    # each half is lit by itself: dark to the left of the line, light to its right
    row = shade[SIDE // 2 - 20, :, 0].astype(int)
    assert row[SIDE // 2 + 8] - row[SIDE // 2 - 8] > 20


def test_a_line_that_ends_in_a_region_does_not_divide_it():
    ink, ground = disk()
    with_crease = ink.copy()
    with_crease[60:120, 118:121] = 1
    one, other = (shade_drawing(drawn, ground).shade.astype(int) for drawn in (ink, with_crease))
    assert np.abs(one - other).max() <= 2


def test_small_regions_belong_to_what_is_around_them():
    ink, ground = disk()
    y, x = np.mgrid[:SIDE, :SIDE]
    spot = np.clip(2 - np.abs(np.hypot(x - 100, y - 100) - 5), 0, 1).astype(np.float32)
    one, other = (
        shade_drawing(drawn, ground).shade.astype(int) for drawn in (ink, np.maximum(ink, spot))
    )
    assert np.abs(one - other).max() <= 2


@pytest.mark.parametrize("blank", [True, False])
def test_a_page_with_nothing_and_one_with_nothing_but_ink(blank):
    ink = np.zeros((30, 40), np.float32) if blank else np.ones((30, 40), np.float32)
    shade, highlights = shade_drawing(ink, np.full((30, 40), blank))
    assert (shade == 255).all() and (highlights == 0).all()


@pytest.mark.parametrize("shape", [(1, 1), (1, 300), (300, 2)])
def test_the_narrowest_drawings_are_shaded(shape):
    shade, _ = shade_drawing(np.zeros(shape, np.float32), np.zeros(shape, bool))
    assert shade.shape == (*shape, 3)


def test_large_drawings_are_shaded_on_a_smaller_grid():
    small, large = disk(512, 200), disk(2048, 800, 16)
    one, other = shade_drawing(*small).shade, shade_drawing(*large).shade[2::4, 2::4]
    assert np.abs(one.astype(int) - other).mean() < 1.5
