import numpy as np
import pytest
import torch
from metric_cases import computed, seeing

from pokecolor.core.errors import UserError
from pokecolor.evaluation.cases import Case
from pokecolor.evaluation.feature_sets import FeatureSets, require_samples
from pokecolor.evaluation.metrics.fid import frechet_distance
from pokecolor.evaluation.metrics.kid import Kernels, kid
from pokecolor.evaluation.metrics.metric import Setup
from pokecolor.evaluation.metrics.registry import SET_METRICS

DRAWINGS = [str(i // 2) for i in range(20)]
SETTINGS = {"feature_width": 4, "kid_subset_size": 6, "kid_subsets": 5}


def seen(n, seed=0):
    generator = torch.Generator().manual_seed(seed)
    target = torch.randn(n, 4, generator=generator)
    return {
        "target": target,
        "output": target + 0.3 * torch.randn(n, 4, generator=generator),
        "sketch": torch.randn(n, 4, generator=generator) + 5,
    }


def cases(features):
    rows = zip(*features.values(), strict=True)
    return [seeing("features", **dict(zip(features, row, strict=True))) for row in rows]


def test_pictures_and_sketches_are_compared_with_the_target():
    features = seen(20)
    output, target = features["output"], features["target"]
    ours = cases(features)
    bare = [case.of("sketch") for case in ours]
    found, of_sketch = (
        [
            computed(metric, some[:8], some[8:], drawings=DRAWINGS, **SETTINGS)
            for metric in SET_METRICS
        ]
        for some in (ours, bare)
    )
    numbers, rows = torch.arange(20) // 2, torch.arange(20)
    # the drawings' numbers go by their names' order, which does not matter
    kernels = Kernels(output, target, numbers, numbers)
    expected = frechet_distance(output, target), kid(kernels, rows, rows, 6, 5)
    for one, other, value in zip(found, of_sketch, expected, strict=True):
        assert one.value == pytest.approx(value) and one.n == 20
        assert one.ci95[0] < one.value < one.ci95[1] < other.ci95[0]
    assert found[0].ci95[0] >= 0  # it is a distance


def test_the_order_in_which_processes_have_scored_does_not_matter():
    setup = Setup(DRAWINGS, frozenset(), **SETTINGS)
    ours = [Case(c.drawing, c.picture, i, seen=c.seen) for i, c in enumerate(cases(seen(20)))]
    for metric in SET_METRICS:
        whole, first, second, none = (metric.of(setup) for _ in range(4))
        whole.update(ours)
        first.update(ours[1::2])
        second.update(ours[::2])
        none.update([])  # a process without a sample
        for other in (second, none):
            first.merge_state(other)
        assert first.compute() == whole.compute()


def test_a_set_that_is_too_small_is_refused_with_the_least_that_it_takes():
    with pytest.raises(UserError, match=r"FID: 1 drawings .* at least 2; .*set_metrics=null"):
        require_samples(["a", "a"], 6)
    with pytest.raises(
        UserError, match=r"KID: 5 pictures .* subsets of 6 take at least 6; .* null"
    ):
        require_samples(["a", "b", "c", "d", "e"], 6)
    require_samples(["a", "b", "c", "d", "e", "e"], 6)
    require_samples(["a", "b"], None)


def test_what_was_seen_is_kept_on_disk(tmp_path):
    sets = FeatureSets(["a", "b", "c", "ü"], seen(4), 3, 4)
    sets.save(tmp_path / "features.safetensors")
    again = FeatureSets.load(tmp_path / "features.safetensors")
    assert again.drawings == ["a", "b", "c", "ü"]
    rows = np.array([0, 1, 2, 3, 3])
    for metric in SET_METRICS:
        for what in ("output", "sketch"):
            assert metric.score(again, rows, what) == metric.score(sets, rows, what)


def test_drawings_with_unequal_numbers_of_samples_have_an_interval():
    """Resamples may then be smaller than a subset, or of one drawing."""
    settings = {"feature_width": 4, "kid_subset_size": 5, "kid_subsets": 3}
    drawings = ["a"] * 4 + ["b"]
    low, high = computed("kid", cases(seen(5)), drawings=drawings, **settings).ci95
    assert low <= high
