import pytest

from pokecolor.core.colors import name_color
from pokecolor.sources.fills import families_of, lightness, shade

ORANGE, DARK_ORANGE, BLUE = "#f1932c", "#d8741a", "#3f51b5"


def test_fills_of_one_color_name_are_a_family_the_lightest_first():
    assert families_of([DARK_ORANGE, BLUE, ORANGE]) == [[2, 0], [1]]


def test_lightness_goes_from_black_to_white():
    assert lightness("#000000") == pytest.approx(0, abs=1e-3)
    assert lightness("#ffffff") == pytest.approx(100, abs=1e-2)
    assert lightness(DARK_ORANGE) < lightness(ORANGE)


def test_a_shade_is_darker_and_keeps_its_name():
    red = (229, 57, 53)
    assert shade(red, ORANGE, ORANGE) == red
    darker = shade(red, DARK_ORANGE, ORANGE)
    assert sum(darker) < sum(red)
    assert name_color(darker) == name_color(red)
