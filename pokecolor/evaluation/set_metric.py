"""The base of the metrics that compare two sets of images: FID and KID."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torchmetrics.utilities import dim_zero_cat

from pokecolor.evaluation.feature_sets import FeatureSets
from pokecolor.evaluation.metric import Estimate, ImageMetric
from pokecolor.interval import resample_set, set_interval

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    from pokecolor.evaluation.cases import Case
    from pokecolor.evaluation.metric import Setup


class SetMetric(ImageMetric):
    """Compares the features of all images with those of the ground truth."""

    higher_is_better = False
    baselines = ("sketch",)
    least = float("-inf")
    """Below which it cannot fall."""

    def __init__(self, setup: Setup) -> None:
        super().__init__(setup)
        self.add_state("features", [], dist_reduce_fx="cat")
        self.add_state("true_features", [], dist_reduce_fx="cat")
        self.sets: FeatureSets | None = None
        """What was compared, when it is computed."""

    @classmethod
    def require(cls, setup: Setup) -> None:
        """Check that there are enough samples.

        Raises:
            UserError: there are not; it says how many it takes.
        """

    @staticmethod
    def statistic(sets: FeatureSets, what: str = "output") -> Callable[[np.ndarray], float]:
        """What gives the metric of some samples, by their rows, int64 [m]."""
        raise NotImplementedError

    def update(self, cases: Sequence[Case]) -> None:
        """Take images; those that failed are left out."""
        cases = [case for case in cases if case.picture is not None]
        self.found_samples.append(torch.tensor([case.index for case in cases], dtype=torch.int64))
        for state, what in ((self.features, "output"), (self.true_features, "truth")):
            rows = [case.seen["features"][what] for case in cases]
            state.append(torch.stack(rows) if rows else torch.empty(0, self.setup.feature_width))

    def compute(self) -> Estimate:
        """The distance, and its interval over drawings."""
        samples = dim_zero_cat(self.found_samples)
        if not len(samples):
            return Estimate(float("nan"), (float("nan"),) * 2, 0)
        order = samples.argsort(stable=True)
        places = tuple(samples[order].tolist())
        states = {"output": self.features, "truth": self.true_features}
        self.sets = sets = FeatureSets(
            [self.setup.drawings[place] for place in places],
            {what: dim_zero_cat(state)[order] for what, state in states.items()},
            self.setup.kid_subset_size,
            self.setup.kid_subsets,
        )
        resampled = resample_set(self.statistic(sets), sets.drawings)
        low, high = set_interval(resampled[None])
        return Estimate(float(resampled[0]), (max(self.least, low), high), len(places), places)
