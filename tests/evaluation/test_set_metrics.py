import numpy as np
import pytest
import torch

from pokecolor.errors import UserError
from pokecolor.evaluation.feature_sets import FeatureSets
from pokecolor.evaluation.fid import frechet_distance
from pokecolor.evaluation.kid import Kernels, kid
from pokecolor.evaluation.set_metrics import SetMetrics


def seen(n, seed=0):
    generator = torch.Generator().manual_seed(seed)
    truth = torch.randn(n, 4, generator=generator)
    return {
        "truth": truth,
        "output": truth + 0.3 * torch.randn(n, 4, generator=generator),
        "sketch": torch.randn(n, 4, generator=generator) + 5,
    }


def test_pictures_and_sketches_are_compared_with_the_truth():
    metrics, batches = SetMetrics(kid_subset_size=6, kid_subsets=5), [seen(8), seen(12, seed=1)]
    drawings = [str(i // 2) for i in range(20)]
    metrics.add(drawings[:8], batches[0])
    metrics.add(drawings[8:], batches[1])
    found = metrics.results("net")
    output, truth = (torch.cat([batch[what] for batch in batches]) for what in ("output", "truth"))
    assert found["fid"]["value"] == pytest.approx(frechet_distance(output, truth))
    numbers = torch.arange(20) // 2
    # the drawings' numbers go by their names' order, which does not matter
    kernels, rows = Kernels(output, truth, numbers, numbers), torch.arange(20)
    assert found["kid"]["value"] == pytest.approx(kid(kernels, rows, rows, 6, 5))
    assert found["kid"]["subset_size"] == 6
    assert found.keys() == {"fid", "kid", "fid_of_sketch", "kid_of_sketch"}
    for name, measured in found.items():
        low, high = measured["ci95"]
        assert low < measured["value"] < high
        assert (measured["n"], measured["backbone"]) == (20, "net")
        assert low >= 0 or "kid" in name
    assert found["fid_of_sketch"]["ci95"][0] > found["fid"]["ci95"][1]
    assert found["kid_of_sketch"]["ci95"][0] > found["kid"]["ci95"][1]


def test_a_set_that_is_too_small_is_refused_with_the_least_that_it_takes():
    metrics = SetMetrics(kid_subset_size=6)
    with pytest.raises(UserError, match=r"FID: 1 drawings .* at least 2; .*set_metrics=null"):
        metrics.require(["a", "a"])
    with pytest.raises(
        UserError, match=r"KID: 5 pictures .* subsets of 6 take at least 6; .* null"
    ):
        metrics.require(["a", "b", "c", "d", "e"])
    metrics.require(["a", "b", "c", "d", "e", "e"])
    SetMetrics(kid_subset_size=None).require(["a", "b"])


def test_kid_can_be_left_out_and_of_nothing_there_is_nothing():
    metrics = SetMetrics(kid_subset_size=None)
    assert metrics.results("net") == {} and metrics.sets() is None
    metrics.add(["a", "b", "c"], seen(3))
    assert metrics.results("net").keys() == {"fid", "fid_of_sketch"}


def test_what_was_seen_is_kept_on_disk(tmp_path):
    metrics = SetMetrics(kid_subset_size=3, kid_subsets=4)
    metrics.add(["a", "b", "c", "ü"], seen(4))
    sets = metrics.sets()
    sets.save(tmp_path / "features.safetensors")
    again = FeatureSets.load(tmp_path / "features.safetensors")
    assert again.drawings == ["a", "b", "c", "ü"]
    rows = np.array([0, 1, 2, 3, 3])
    assert again.fid(rows) == sets.fid(rows) and again.kid(rows) == sets.kid(rows)
    assert again.fid(rows, "sketch") == sets.fid(rows, "sketch")


def test_drawings_with_unequal_numbers_of_samples_have_an_interval():
    """Resamples may then be smaller than a subset, or of one drawing."""
    metrics = SetMetrics(kid_subset_size=5, kid_subsets=3)
    metrics.add(["a"] * 4 + ["b"], seen(5))
    low, high = metrics.results("net")["kid"]["ci95"]
    assert low <= high
