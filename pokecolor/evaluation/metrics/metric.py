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
"""What a metric may need => how a report says that."""
OF_EACH_DRAWING = frozenset({"parts", "color words", "swaps", "paper"})
"""Needs that one drawing of a test set may meet and the next one not."""


@dataclass(frozen=True)
class Setup:
    """Properties of a test set that metrics depend on."""

    drawings: Sequence[str]
    """The drawing of each sample; a drawing may have several."""
    available: frozenset[str]
    """Those of `NEEDS` that are met."""
    backbones: Mapping[str, str] = field(default_factory=dict)
    """ "clip" and "features" => the name of the network."""
    feature_width: int = 0
    kid_subset_size: int | None = None
    kid_subsets: int = 100
    process_group: Any = None
    """Of the processes that score; None where there is one."""


class Estimate(NamedTuple):
    """The result of a metric."""

    value: float
    ci95: tuple[float, float]
    """95% interval over drawings."""
    n: int
    """0 where no image has a score, and then value and interval are NaN."""
    samples: tuple[int, ...] = ()
    """Of each score the place of its sample in the test set, in order."""
    scores: tuple[float, ...] = ()
    """None where the metric is taken of the whole set."""


NOTHING = Estimate(float("nan"), (float("nan"), float("nan")), 0)


class ImageMetric(torchmetrics.Metric):
    """The mean of a score of each image, with its interval over drawings.

    Those in `evaluation.metrics.registry` are for all test sets; `of` gives one that takes images.

    Args:
        key: in `metrics.json`, and to rank by.
        label: in tables.
        meaning: in a few words.
        score: of a `Case` with a picture: a number, several, or None where there is none.
        higher_is_better: None where neither is better in itself.
        needs: of `NEEDS`; where one is missing, the report lists the metric as skipped.
        worst: what an image counts as that the model failed to generate. None where nothing is so
            bad that it could stand for that: the metric is withheld as soon as one failed.
        baselines: what is scored beside the images, as upper and lower bounds.
        counts_failures: whether `score` takes cases without a picture, too.
        names: of a `Case`: by which each score is given apart, too, as "region_color/wing".
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
        """Which direction is better; None for neither."""
        return self._higher_is_better

    @property
    def backbone(self) -> str | None:
        """The network that it is measured with."""
        return next(
            (self.setup.backbones[n] for n in self.needs if n in self.setup.backbones), None
        )

    def of(self, setup: Setup) -> ImageMetric:
        """The same metric for the images of a test set."""
        metric = self.clone()
        metric.setup, metric.process_group = setup, setup.process_group
        metric.update([])  # a process may have no sample
        return metric

    def scores(self, case: Case) -> Sequence[float]:
        """Of one image, or the worst in place of those of one that failed."""
        failed = case.picture is None and not self.counts_failures
        if failed and self.worst is None:
            return []
        # how many scores there are depends on the drawing alone
        found = self.score(case.of("sketch") if failed else case)
        found = [found] if isinstance(found, float) else found or []
        return [self.worst] * len(found) if failed else found

    def update(self, cases: Sequence[Case]) -> None:
        """Take images, in the order of the test set."""
        found = [(case.index, score) for case in cases for score in self.scores(case)]
        samples, scores = zip(*found, strict=True) if found else ((), ())
        self.found_samples.append(torch.tensor(samples, dtype=torch.int64))
        self.found_scores.append(torch.tensor(scores, dtype=torch.float64))

    def compute(self) -> Estimate:
        """The mean, and what it is the mean of."""
        samples, scores = dim_zero_cat(self.found_samples), dim_zero_cat(self.found_scores)
        if not len(samples):
            return NOTHING
        order = samples.argsort(stable=True)  # each process has scored its share
        places, values = tuple(samples[order].tolist()), tuple(scores[order].tolist())
        interval = bootstrap_interval(values, [self.setup.drawings[place] for place in places])
        return Estimate(sum(values) / len(values), interval, len(values), places, values)


class SetMetric(ImageMetric):
    """A distance of the features of all images from those of the ground truth.

    Its `score` is of `FeatureSets` and the rows of some samples, `least` or more.
    """

    def __init__(self, *about: Any, needs: Sequence[str], least: float = float("-inf")) -> None:
        super().__init__(*about, higher_is_better=False, needs=needs, baselines=("sketch",))
        self.least = least
        self.add_state("features", [], dist_reduce_fx="cat")
        self.add_state("true_features", [], dist_reduce_fx="cat")
        self.sets: FeatureSets | None = None
        """What was compared, when it is computed."""

    def resample(self, sets: FeatureSets) -> np.ndarray:
        """See `resample_set`."""
        return resample_set(partial(self.score, sets), sets.drawings)

    def update(self, cases: Sequence[Case]) -> None:
        """Take images; those that failed are left out."""
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
