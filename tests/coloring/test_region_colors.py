import numpy as np
import pytest

from pokecolor.coloring.cells import Cells
from pokecolor.coloring.region_colors import find_colors

BLUE, YELLOW, GREEN = (30, 60, 220), (250, 220, 30), (40, 160, 60)


def colors_of(painted, most=3, regions=None):
    ink = np.zeros((128, 128), np.float32)
    if regions is None:
        regions = np.ones(ink.shape, np.int32)
    return find_colors(Cells.over(painted.astype(np.uint8), ink), regions, ink == 0, most)


def test_a_region_has_the_colors_that_were_painted_in_large_patches():
    painted = np.full((32, 32, 3), BLUE)
    painted[10:20, 8:24] = YELLOW
    (found,) = colors_of(painted)
    assert found.colors.tolist() == [list(BLUE), list(YELLOW)]
    shares = found.shares.reshape(32, 32, 2)
    assert (shares[12:18, 10:22, 1] > 0.9).all() and (shares[24:, :, 0] > 0.9).all()
    (flat,) = colors_of(painted, most=1)
    assert flat.colors.tolist() == [list(BLUE)] and flat.shares is None


def test_a_seam_and_specks_are_no_colors():
    painted = np.full((32, 32, 3), BLUE)
    painted[:, 30:] = YELLOW
    painted[5, 5] = painted[20, 8] = YELLOW
    (found,) = colors_of(painted)
    assert found.colors.tolist() == [list(BLUE)]


def test_what_blends_two_colors_is_no_third():
    painted = np.full((32, 32, 3), BLUE)
    painted[:, 20:] = (250, 250, 250)
    painted[:, 13:20] = (140, 155, 235)
    (found,) = colors_of(painted)
    assert len(found.colors) == 2
    painted[:, 13:20] = GREEN
    (found,) = colors_of(painted)
    assert len(found.colors) == 3


def test_shades_of_one_color_are_made_one():
    regions = np.ones((128, 128), np.int32)
    regions[:, 64:] = 2
    painted = np.full((32, 32, 3), BLUE)
    painted[:, 16:] = (32, 64, 226)
    one, other = colors_of(painted, regions=regions)
    assert one.colors.tolist() == other.colors.tolist()


def test_a_region_takes_the_commonest_color_and_no_blend():
    painted = np.full((32, 32, 3), GREEN)
    painted[:14] = BLUE
    (found,) = colors_of(painted, most=1)
    assert found.colors[0] == pytest.approx(GREEN)
