import itertools
import math

import pytest
import torch
from torchmetrics.image.kid import poly_mmd

from pokecolor.core.errors import UserError
from pokecolor.evaluation.metrics.kid import Kernels, kid


def normal(n, width=6, shift=0.0, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(n, width, generator=generator, dtype=torch.float64) + shift


def distance(x, y, *of_subsets, drawings=None, **more):
    kernels = Kernels(x, y, drawings, drawings)
    return kid(kernels, torch.arange(len(x)), torch.arange(len(y)), *of_subsets, **more)


def whole(x, y, *groups):
    return float(Kernels(x, y, *groups).mmd(torch.arange(len(x))[None], torch.arange(len(y))[None]))


def kernel(a, b):
    return (float(a @ b) / len(a) + 1) ** 3


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def test_torchmetrics_agrees_on_a_subset():
    x, y = normal(12), normal(12, shift=0.4, seed=1)
    assert whole(x, y) == pytest.approx(float(poly_mmd(y, x)))
    # one subset that is the whole
    assert distance(x, y, subset_size=12, subsets=1) == pytest.approx(float(poly_mmd(y, x)))


def test_a_loop_over_pairs_of_different_groups_agrees():
    x, y = normal(5), normal(4, shift=0.4, seed=1)
    x_groups, y_groups = [0, 0, 1, 2, 3], [0, 1, 1, 4]

    def apart(a, b, a_groups, b_groups):
        pairs = itertools.product(zip(a, a_groups, strict=True), zip(b, b_groups, strict=True))
        return mean(kernel(u, v) for (u, g), (v, h) in pairs if g != h)

    expected = apart(x, x, x_groups, x_groups) + apart(y, y, y_groups, y_groups)
    expected -= 2 * apart(x, y, x_groups, y_groups)
    groups = torch.tensor(x_groups), torch.tensor(y_groups)
    assert whole(x, y, *groups) == pytest.approx(expected)
    # of subsets, and rows that are drawn twice
    x_rows, y_rows = torch.tensor([[0, 2, 2], [4, 3, 1]]), torch.tensor([[3, 3, 0], [1, 0, 3]])
    found = Kernels(x, y, *groups).mmd(x_rows, y_rows)
    for one, a, b in zip(found, x_rows, y_rows, strict=True):
        assert float(one) == pytest.approx(whole(x[a], y[b], groups[0][a], groups[1][b]))


def test_single_points_have_the_known_answer():
    """k(a, a) + k(b, b) - 2 k(a, b) for sets that repeat one point: 8 + 8 - 2."""
    a, b = torch.tensor([[1.0, 1.0]]), torch.tensor([[1.0, -1.0]])
    assert distance(a.repeat(4, 1), b.repeat(4, 1), subset_size=3, subsets=5) == pytest.approx(14)


def test_it_is_nothing_for_equal_distributions_whatever_their_size():
    for n in (10, 40):
        values = [
            distance(normal(n, seed=2 * i), normal(n, seed=2 * i + 1), n, subsets=1)
            for i in range(300)
        ]
        spread = torch.tensor(values)
        assert abs(spread.mean()) < 3 * spread.std() / 300**0.5


def test_colorings_of_the_same_drawings_seem_nearer_unless_they_are_kept_apart():
    """Each row of y is x's with some noise; of independent rows there is nothing to find."""
    blind, told = [], []
    for i in range(200):
        common, drawings = normal(12, seed=3 * i), torch.arange(12)
        x, y = (0.8 * common + 0.6 * normal(12, seed=3 * i + j) for j in (1, 2))
        blind.append(distance(x, y, 12, subsets=1))
        told.append(distance(x, y, 12, subsets=1, drawings=drawings))
    blind, told = torch.tensor(blind), torch.tensor(told)
    assert blind.mean() < -3 * blind.std() / 200**0.5
    assert abs(told.mean()) < 3 * told.std() / 200**0.5


def test_subsets_follow_from_the_seed():
    x, y = normal(30), normal(30, shift=0.4, seed=1)
    found = {seed: distance(x, y, 10, subsets=3, seed=seed) for seed in (0, 1)}
    assert found[0] != found[1]
    assert found[0] == distance(x, y, 10, subsets=3, seed=0)
    # many subsets come to what the whole says
    assert distance(x, y, 10, subsets=400) == pytest.approx(whole(x, y), rel=0.1)


def test_too_few_pictures_for_a_subset_are_told_with_the_least_number():
    with pytest.raises(UserError, match="KID: 7 pictures; subsets of 8 take at least 8 of each"):
        distance(normal(9), normal(7), subset_size=8)
    with pytest.raises(UserError, match="subset of 1; it takes at least 2"):
        distance(normal(9), normal(7), subset_size=1)


def test_pictures_of_one_drawing_say_nothing():
    found = distance(normal(4), normal(4), subset_size=2, drawings=torch.zeros(4))
    assert math.isnan(found)
