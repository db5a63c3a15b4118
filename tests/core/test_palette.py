import numpy as np
import pytest

from pokecolor.core.colors import TERMS
from pokecolor.core.palette import color_shares, f1_of, paper, present_colors

RED, BLUE = (210, 40, 40), (40, 90, 200)


def ring():
    """A red ring, 84 pixels, around a white disc of 16."""
    image = np.full((20, 20, 3), 255, np.uint8)
    image[5:15, 5:15] = RED
    image[8:12, 8:12] = 255
    return image


def test_paper_reaches_the_border():
    around = np.ones((20, 20), bool)
    around[5:15, 5:15] = False
    assert np.array_equal(paper(ring()), around)
    assert not paper(np.zeros((4, 4, 3), np.uint8)).any()


def test_shares_are_of_the_foreground_the_largest_first():
    shares = color_shares(ring())
    assert list(shares)[:2] == ["red", "white"]
    assert shares["red"] == pytest.approx(0.84)
    assert shares["white"] == pytest.approx(0.16)
    assert set(shares) == set(TERMS) and shares["blue"] == 0


def test_what_is_left_out_does_not_count():
    left_out = np.zeros((20, 20), bool)
    left_out[:, :10] = True
    image = ring()
    image[:, :10] = BLUE
    assert color_shares(image, left_out)["blue"] == 0


def test_empty_paper_has_no_color():
    assert set(color_shares(np.full((4, 4, 3), 255, np.uint8)).values()) == {0}


def test_a_color_is_there_from_a_twentieth_on():
    image = np.full((10, 10, 3), RED, np.uint8)
    image[0, :4] = BLUE
    assert present_colors(image) == {"red"}
    image[0, :5] = BLUE
    assert present_colors(image) == {"red", "blue"}


def test_f1_of_sets():
    assert f1_of({"red", "blue"}, {"red"}) == pytest.approx(2 / 3)
    assert f1_of({"red"}, {"blue"}) == f1_of(set(), {"blue"}) == 0
    assert f1_of(set(), set()) == 1
