import numpy as np
import pytest

from pokecolor.coloring.readable import READABLE, keep_lines_visible
from pokecolor.core.colors import name_color, rgb_to_lab

NOTHING = np.zeros((100, 100), bool)


@pytest.mark.parametrize("color", [(0, 0, 0), (20, 16, 16), (16, 16, 100), (60, 0, 0)])
def test_a_dark_area_becomes_as_light_as_it_must_and_keeps_its_name(color):
    colors = np.full((100, 100, 3), 200, np.uint8)
    colors[20:80, 20:80] = color
    found = keep_lines_visible(colors, NOTHING)
    assert rgb_to_lab(found[50, 50])[0] == pytest.approx(READABLE, abs=1.5)
    assert name_color(found[50, 50]) == name_color(color)
    assert (found[:20] == 200).all()


def test_a_pupil_and_the_background_stay_as_they_are():
    colors = np.full((100, 100, 3), 200, np.uint8)
    colors[50:54, 50:54] = 0
    assert np.array_equal(keep_lines_visible(colors, NOTHING), colors)
    dark = np.zeros((100, 100, 3), np.uint8)
    assert np.array_equal(keep_lines_visible(dark, ~NOTHING), dark)
