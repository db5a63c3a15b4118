"""The base classes of metrics of generated images."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import torch
import torchmetrics
from torchmetrics.utilities import dim_zero_cat

from pokecolor.core.bootstrap import bootstrap_interval, resample_set, set_interval
from pokecolor.evaluation.feature_sets import FeatureSets

if TYPE_CHECKING:
    import numpy as np

    from pokecolor.evaluation.cases import Case

NEEDS = {
    "parts": "drawings whose parts are known",
    "color words": "prompts that name colors",
    "swaps": "images of prompts with one color swapped",
    "paper": "paper around the drawing",
    "template": "colorings.template",
    "target": "ground truth",
    "clip": "clip",
    "features": "features",
    "sets": "colorings.set_metrics",
    "kid": "colorings.set_metrics.kid_subset_size",
    "copies": "colorings.find_copies=true",
    "key": "an answer key",
}
"""Needs of metrics => their description in reports."""
OF_EACH_DRAWING = frozenset({"parts", "color words", "swaps", "paper"})
"""Needs that only some drawings of a test set may meet."""


@dataclass(frozen=True)
class Setup:
    """Properties of a test set that metrics depend on."""

    drawings: Sequence[str]
    """The drawing of each sample; a drawing may have several."""
    available: frozenset[str]
    """The met `NEEDS`."""
    backbones: Mapping[str, str] = field(default_factory=dict)
    """ "clip" and "features" => the name of the network."""
    feature_width: int = 0
    kid_subset_size: int | None = None
    kid_subsets: int = 100
    process_group: Any = None
    """Process group of the scoring processes; None for a single process."""


class Estimate(NamedTuple):
    """The result of a metric."""

    value: float
    ci95: tuple[float, float]
    """95% interval over drawings."""
    n: int
    """Number of scores; if it is 0, value and interval are NaN."""
    samples: tuple[int, ...] = ()
    """Index in the test set of each score's sample."""
    scores: tuple[float, ...] = ()
    """The scores; empty for metrics of a whole set."""


NOTHING = Estimate(float("nan"), (float("nan"), float("nan")), 0)


class ImageMetric(torchmetrics.Metric):
    """The mean of the images' scores, with its interval over drawings.

    The metrics of `evaluation.metrics.registry` are templates; `of` returns a metric that can be
    updated, for a test set.

    Args:
        key: name in `metrics.json`, and for `--by`.
        label: name in tables.
        meaning: short description.
        score: computes the score of a `Case`: a number, several, or None.
        higher_is_better: None if neither direction is better.
        needs: needs of `NEEDS`; if one is not met, the report lists the metric as skipped.
        worst: score of a failed image. If it is None, there is no score bad enough, and the metric
            is withheld if any image failed.
        baselines: baselines that are scored, too, as upper and lower bounds.
        counts_failures: whether `score` accepts cases without a picture.
        names: names of a `Case`'s scores, which are also reported separately, such as
            "region_color/wing".
    """

    full_state_update = False
    is_differentiable = False

    def __init__(
        self,
        key: str,
        label: str,
        meaning: str,
        score: Callable[..., Any],
        higher_is_better: bool | None = True,
        needs: Sequence[str] = (),
        worst: float | None = None,
        baselines: Sequence[str] = ("target", "sketch"),
        counts_failures: bool = False,
        names: Callable[[Case], Sequence[str]] | None = None,
    ) -> None:
        super().__init__()
        self.key, self.label, self.meaning, self.score = key, label, meaning, score
        self._higher_is_better, self.needs, self.worst = higher_is_better, needs, worst
        self.baselines, self.counts_failures, self.names = baselines, counts_failures, names
        self.setup = Setup((), frozenset())
        self.add_state("found_samples", [], dist_reduce_fx="cat")
        self.add_state("found_scores", [], dist_reduce_fx="cat")

    @property
    def higher_is_better(self) -> bool | None:
        """Whether higher is better; None for neither."""
        return self._higher_is_better

    @property
    def backbone(self) -> str | None:
        """The network that it uses."""
        return next(
            (self.setup.backbones[n] for n in self.needs if n in self.setup.backbones), None
        )

    def of(self, setup: Setup) -> ImageMetric:
        """Create the metric for a test set."""
        metric = self.clone()
        metric.setup, metric.process_group = setup, setup.process_group
        metric.update([])  # a process may have no sample
        return metric

    def scores(self, case: Case) -> Sequence[float]:
        """The scores of an image; of a failed one, the worst score."""
        failed = case.picture is None and not self.counts_failures
        if failed and self.worst is None:
            return []
        # the number of scores depends only on the drawing
        found = self.score(case.of("sketch") if failed else case)
        found = [found] if isinstance(found, float) else found or []
        return [self.worst] * len(found) if failed else found

    def update(self, cases: Sequence[Case]) -> None:
        """Add images, in the order of the test set."""
        found = [(case.index, score) for case in cases for score in self.scores(case)]
        samples, scores = zip(*found, strict=True) if found else ((), ())
        self.found_samples.append(torch.tensor(samples, dtype=torch.int64))
        self.found_scores.append(torch.tensor(scores, dtype=torch.float64))

    def compute(self) -> Estimate:
        """The mean, with its interval and the single scores."""
        samples, scores = dim_zero_cat(self.found_samples), dim_zero_cat(self.found_scores)
        if not len(samples):
            return NOTHING
        order = samples.argsort(stable=True)  # gathered from all processes
        places, values = tuple(samples[order].tolist()), tuple(scores[order].tolist())
        interval = bootstrap_interval(values, [self.setup.drawings[place] for place in places])
        return Estimate(sum(values) / len(values), interval, len(values), places, values)


class SetMetric(ImageMetric):
    """A distance between the features of all images and of the ground truth.

    `score` takes `FeatureSets` and the rows of samples; the distance is at least `least`.
    """

    def __init__(self, *about: Any, needs: Sequence[str], least: float = float("-inf")) -> None:
        super().__init__(*about, higher_is_better=False, needs=needs, baselines=("sketch",))
        self.least = least
        self.add_state("features", [], dist_reduce_fx="cat")
        self.add_state("true_features", [], dist_reduce_fx="cat")
        self.sets: FeatureSets | None = None
        """The compared features, after `compute`."""

    def resample(self, sets: FeatureSets) -> np.ndarray:
        """See `resample_set`."""
        return resample_set(partial(self.score, sets), sets.drawings)

    def update(self, cases: Sequence[Case]) -> None:
        """Add images; failed ones are left out."""
        cases = [case for case in cases if case.picture is not None]
        self.found_samples.append(torch.tensor([case.index for case in cases], dtype=torch.int64))
        for state, what in ((self.features, "output"), (self.true_features, "target")):
            rows = [case.seen["features"][what] for case in cases]
            state.append(torch.stack(rows) if rows else torch.empty(0, self.setup.feature_width))

    def compute(self) -> Estimate:
        """The distance, and its interval over drawings."""
        samples = dim_zero_cat(self.found_samples)
        if not len(samples):
            return NOTHING
        order = samples.argsort(stable=True)
        states = {"output": self.features, "target": self.true_features}
        self.sets = FeatureSets(
            [self.setup.drawings[place] for place in samples[order].tolist()],
            {what: dim_zero_cat(state)[order] for what, state in states.items()},
            self.setup.kid_subset_size,
            self.setup.kid_subsets,
        )
        resampled = self.resample(self.sets)
        low, high = set_interval(resampled[None])
        return Estimate(float(resampled[0]), (max(self.least, low), high), len(samples))
