import numpy as np
import pytest
from metric_cases import case, computed

from pokecolor.evaluation.metrics.background import white_background


def target():
    """A red ring around a white disc on white paper."""
    image = np.full((20, 20, 3), 255, np.uint8)
    image[5:15, 5:15] = (200, 0, 0)
    image[8:12, 8:12] = 255
    return image


def test_what_is_enclosed_is_no_background():
    picture = target()
    picture[8:12, 8:12] = (0, 0, 200)
    assert white_background(picture, target()) == 1


def test_color_beyond_the_outline_counts_apart_from_the_pixels_beside_it():
    picture = target()
    picture[4, :] = (0, 0, 200)  # touches the ring: 10 of its pixels lie beside it
    ground = 400 - (10 * 10 + 4 * 10)
    assert white_background(picture, target()) == pytest.approx(1 - 10 / ground)


def test_without_background_there_is_nothing_to_measure():
    picture = np.zeros((8, 8, 3), np.uint8)
    assert white_background(picture, picture) is None


def test_the_metric_leaves_out_drawings_that_fill_the_picture():
    full, dark = np.zeros((20, 20, 3), np.uint8), np.full((20, 20, 3), 9, np.uint8)
    pairs = [(target(), target()), (dark, target()), (full, full)]
    found = computed("white_background", [case(picture, right, right) for picture, right in pairs])
    assert found[:3:2] == (0.5, 2)
