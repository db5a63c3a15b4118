import numpy as np
import pytest

from pokecolor.sources.creatures.contours import arcs, blob, contains, limb, mirrored, smooth, turn


def area(contour):
    """Shoelace formula."""
    x, y = contour.T
    return abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2


def test_a_blob_is_an_ellipse_that_starts_below():
    contour = blob((3, 4), (10, 5), points=200)
    assert contour[0] == pytest.approx((3, 9))
    assert area(contour) == pytest.approx(np.pi * 50, rel=1e-3)


def test_a_curve_goes_through_its_control_points():
    controls = [(0, 0), (1, 2), (4, 1)]
    curve = smooth(controls, 5)
    assert curve[[0, 2, 4]] == pytest.approx(np.array(controls, float))


def test_a_straight_limb_is_a_bar_with_a_half_circle():
    contour = limb([(0, 0), (20, 0)], [3, 3], points=12)
    assert area(contour) == pytest.approx(20 * 6 + np.pi * 9 / 2, rel=0.02)
    assert contour[0] == pytest.approx((0, -3)) and contour[-1] == pytest.approx((0, 3))


def test_arcs_bulge_outside_on_a_clockwise_walk():
    square = [(0, 0), (10, 0), (10, 10), (0, 10)]
    assert area(arcs(square, 0.0)) == pytest.approx(100)
    assert area(arcs(square, 0.1)) > 100 > area(arcs(square, -0.1))


def test_inside_and_outside():
    square = np.array([(0, 0), (10, 0), (10, 10), (0, 10)], float)
    points = np.array([(5, 5), (11, 5), (-1, -1), (9.9, 0.1)])
    assert contains(square, points).tolist() == [True, False, False, True]


def test_mirroring_twice_and_turning_back_change_nothing():
    contour = blob((3, 4), (10, 5))
    assert mirrored(mirrored(contour, 2.0), 2.0) == pytest.approx(contour)
    assert turn(turn(contour, 0.7, (1, 2)), -0.7, (1, 2)) == pytest.approx(contour)
