"""The base of the metrics of generated images."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

import torch
import torchmetrics
from torchmetrics.utilities import dim_zero_cat

from pokecolor.interval import bootstrap_interval

if TYPE_CHECKING:
    from pokecolor.evaluation.cases import Case

NEEDS = {
    "parts": "drawings whose parts are known",
    "color words": "prompts that name colors",
    "swaps": "images of prompts with one color swapped",
    "template": "colorings.template",
    "truth": "ground truth",
    "paper": "paper around the drawing",
    "clip": "clip",
    "features": "features",
    "sets": "colorings.set_metrics",
    "kid": "colorings.set_metrics.kid_subset_size",
    "copies": "colorings.find_copies=true",
    "key": "an answer key",
}
"""What a metric may need => how the report says that."""

OF_EACH_DRAWING = frozenset({"parts", "color words", "swaps", "paper"})
"""Needs that a drawing of a test set may meet and the next one not."""


@dataclass(frozen=True)
class Setup:
    """What metrics are told of the test set, before its first image."""

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
    """What a metric computes."""

    value: float
    ci95: tuple[float, float]
    """95% interval over drawings."""
    n: int
    """Of scores; 0 where no image has one, and then the others are NaN."""
    samples: tuple[int, ...] = ()
    """Of each score the place of its sample in the test set, in order."""
    scores: tuple[float, ...] = ()
    """Of the samples; none where the metric is taken of the whole set."""


class ImageMetric(torchmetrics.Metric):
    """The mean of a score of each image, with its interval over drawings.

    A metric is a subclass in `metrics.METRICS`, with `score`, or with `scores` where an image has
    several.
    """

    key: ClassVar[str]
    """In `metrics.json`, and to rank by."""
    label: ClassVar[str]
    """In tables."""
    meaning: ClassVar[str]
    """In a few words."""
    higher_is_better: bool | None = True
    """None where neither is better in itself."""
    needs: ClassVar[tuple[str, ...]] = ()
    """Of `NEEDS`; where one is missing, the report lists the metric as skipped."""
    worst: ClassVar[float | None] = None
    """What an image counts as that the model failed to generate. None where nothing is so bad that
    it could stand for that: then the metric is withheld as soon as one failed."""
    baselines: ClassVar[tuple[str, ...]] = ("truth", "sketch")
    """What is scored beside the images: upper and lower bounds."""

    full_state_update = False
    is_differentiable = False

    def __init__(self, setup: Setup) -> None:
        super().__init__(process_group=setup.process_group)
        self.setup = setup
        self.add_state("found_samples", [], dist_reduce_fx="cat")
        self.add_state("found_scores", [], dist_reduce_fx="cat")

    @property
    def backbone(self) -> str | None:
        """The network that it is measured with."""
        return next(
            (self.setup.backbones[n] for n in self.needs if n in self.setup.backbones), None
        )

    @property
    def about(self) -> dict[str, Any]:
        """What else stands beside its figure."""
        return {}

    def score(self, case: Case) -> float | None:
        """The score of one image; None where it has none."""
        raise NotImplementedError

    def scores(self, case: Case) -> Sequence[float]:
        """All scores of one image."""
        score = self.score(case)
        return [] if score is None else [score]

    def names(self, case: Case) -> Sequence[str]:
        """By which each score is given apart, too, as "region_color/wing"; none by default."""
        return ()

    def update(self, cases: Sequence[Case]) -> None:
        """Take images, in the order of the test set."""
        found = [(case.index, score) for case in cases for score in self.counted(case)]
        samples, scores = zip(*found, strict=True) if found else ((), ())
        self.found_samples.append(torch.tensor(samples, dtype=torch.int64))
        self.found_scores.append(torch.tensor(scores, dtype=torch.float64))

    def compute(self) -> Estimate:
        """The mean, and what it is the mean of."""
        samples, scores = dim_zero_cat(self.found_samples), dim_zero_cat(self.found_scores)
        if not len(samples):
            return Estimate(float("nan"), (float("nan"),) * 2, 0)
        order = samples.argsort(stable=True)  # each process has scored its share
        places, values = tuple(samples[order].tolist()), tuple(scores[order].tolist())
        interval = bootstrap_interval(values, [self.setup.drawings[place] for place in places])
        return Estimate(sum(values) / len(values), interval, len(values), places, values)

    def counted(self, case: Case) -> Sequence[float]:
        """The scores of one image, or the worst in place of those of one that failed."""
        if case.picture is not None:
            return self.scores(case)
        if self.worst is None:
            return []
        # how many scores there are depends on the drawing alone
        return [self.worst] * len(self.scores(case.of("sketch")))
