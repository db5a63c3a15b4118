import numpy as np
import pytest

from pokecolor.coloring.normalized_convolution import normalized_convolution


def test_what_is_known_is_interpolated_and_nothing_else():
    values = np.full((8, 8, 1), 9.0)
    values[:, 4:] = 500.0  # not of this region
    weights = np.ones((8, 8))
    weights[:, 4:] = 0
    found = normalized_convolution(values, weights, (slice(0, 80), slice(20, 80)), (80, 80))
    assert found.shape == (80, 60, 1)
    assert found == pytest.approx(9.0, abs=1e-3)


def test_an_edge_is_where_it_was_painted():
    values = np.zeros((8, 8, 1))
    values[:, 4:] = 1
    found = normalized_convolution(values, np.ones((8, 8)), (slice(0, 80), slice(0, 80)), (80, 80))[
        ..., 0
    ]
    assert (found[:, :40] < 0.5).all() and (found[:, 40:] > 0.5).all()
    assert (np.diff(found[40, 30:50]) > 0).all()
    part = normalized_convolution(
        values, np.ones((8, 8)), (slice(13, 57), slice(31, 66)), (80, 80)
    )[..., 0]
    assert part == pytest.approx(found[13:57, 31:66], abs=0.02)
