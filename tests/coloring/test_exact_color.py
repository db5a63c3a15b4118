import numpy as np
import pytest

from pokecolor.coloring.exact_color import RequestedColor, move_to_exact
from pokecolor.core.colors import rgb_to_lab

RED, BLUE, EXACT = (229, 57, 53), (33, 150, 243), (63, 167, 214)


def picture(*colors):
    return np.repeat(np.array([colors], np.uint8), 4, axis=0)


def test_a_fill_that_took_the_word_gets_the_exact_color_and_others_stay():
    colors = picture((40, 145, 235), (40, 145, 235), RED, (255, 255, 255))
    moved = move_to_exact(colors, [RequestedColor(BLUE, EXACT), RequestedColor(RED, None)])
    apart = np.linalg.norm(rgb_to_lab(moved[0, 0]) - rgb_to_lab(np.array(EXACT)))
    assert apart < 3
    assert (moved[:, 2:] == colors[:, 2:]).all()


def test_shades_within_a_fill_stay_apart():
    light, dark = (60, 160, 245), (20, 130, 220)
    moved = move_to_exact(picture(light, (40, 145, 235), dark), [RequestedColor(BLUE, EXACT)])
    lightness = rgb_to_lab(moved[0])[:, 0]
    assert lightness[0] > lightness[1] > lightness[2]


def test_a_fill_that_is_far_from_every_word_is_left_alone():
    colors = picture((255, 255, 255), (20, 20, 20))
    assert (move_to_exact(colors, [RequestedColor(BLUE, EXACT)]) == colors).all()


@pytest.mark.parametrize("wanted", [[], [RequestedColor(RED, None)]])
def test_without_an_exact_color_nothing_moves(wanted):
    colors = picture(RED, BLUE)
    assert move_to_exact(colors, wanted) is colors
