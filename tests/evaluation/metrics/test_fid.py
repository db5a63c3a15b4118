import numpy as np
import pytest
import scipy.linalg
import torch
from torchmetrics.image.fid import FrechetInceptionDistance, _compute_fid

from pokecolor.core.errors import UserError
from pokecolor.evaluation.metrics.fid import frechet_distance


def sets(n, m, width, seed=0):
    """Correlated features of two different distributions."""
    generator = torch.Generator().manual_seed(seed)
    mix = torch.randn(width, width, generator=generator, dtype=torch.float64)
    x, y = (torch.randn(count, width, generator=generator, dtype=torch.float64) for count in (n, m))
    return x @ mix, 1.3 * y @ mix.roll(1, 0) + 0.5


def test_a_set_is_at_no_distance_from_itself():
    x, _ = sets(20, 1, 50)
    assert frechet_distance(x, x.flip(0)) == pytest.approx(0, abs=1e-9 * float(x.square().sum()))


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_features_that_are_not_finite_have_no_distance(bad):
    x, y = sets(20, 20, 8)
    x[3, 2] = bad
    assert np.isnan(frechet_distance(x, y)) and np.isnan(frechet_distance(y, x))


def test_a_shift_is_its_own_squared_length():
    x, _ = sets(20, 1, 8)
    shift = torch.arange(8.0)
    assert frechet_distance(x + shift, x) == pytest.approx(140)


def test_a_scaling_of_one_dimension_has_the_known_answer():
    """Of variances s^2 and t^2 the distance is (s - t)^2."""
    x = torch.tensor([[-1.0], [1.0]])  # variance 2
    assert frechet_distance(3 * x, x) == pytest.approx(2 * (3 - 1) ** 2)


@pytest.mark.parametrize(("n", "m", "width"), [(300, 200, 16), (9, 40, 16)])
def test_scipys_matrix_square_root_agrees(n, m, width):
    x, y = sets(n, m, width)
    covariances = [np.cov(features.numpy(), rowvar=False) for features in (x, y)]
    # of few pictures a covariance has no inverse; its root then needs a touch of the identity
    root = scipy.linalg.sqrtm(
        (covariances[0] + 1e-10 * np.eye(width)) @ (covariances[1] + 1e-10 * np.eye(width))
    ).real
    expected = float((x.mean(0) - y.mean(0)).square().sum())
    expected += np.trace(covariances[0]) + np.trace(covariances[1]) - 2 * np.trace(root)
    assert frechet_distance(x, y) == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(("n", "m"), [(300, 200), (30, 50)])
def test_torchmetrics_agrees(n, m):
    x, y = sets(n, m, 64)
    expected = _compute_fid(x.mean(0), torch.cov(x.T), y.mean(0), torch.cov(y.T))
    assert frechet_distance(x, y) == pytest.approx(float(expected), rel=1e-4)


def test_torchmetrics_own_metric_agrees_on_few_pictures_of_many_features():
    x, y = (
        torch.rand(count, 3, 8, 8, generator=torch.Generator().manual_seed(count))
        for count in (30, 40)
    )
    flatten = torch.nn.Flatten()
    flatten.num_features = 192
    theirs = FrechetInceptionDistance(flatten, normalize=True).set_dtype(torch.float64)
    theirs.update(x.double(), real=False)
    theirs.update(y.double(), real=True)
    ours = frechet_distance(x.flatten(1), y.flatten(1))
    assert ours == pytest.approx(float(theirs.compute()), rel=1e-4)


def test_one_picture_is_too_few():
    x, y = sets(1, 5, 4)
    with pytest.raises(UserError, match="FID: 1 pictures; it takes at least 2"):
        frechet_distance(x, y)
