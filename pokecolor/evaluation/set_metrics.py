"""FID and KID of a test set's pictures, with intervals over drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from pokecolor.evaluation.fid import frechet_distance
from pokecolor.evaluation.kid import kid
from pokecolor.interval import set_interval

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pokecolor.measuring import Measurement


class SetMetrics:
    """Collects features of pictures, and compares their distribution with the true pictures'.

    Truth is that of the same drawings. For FID that makes a small set look better than pictures of
    strangers would; KID leaves out pairs of one drawing. What the bare sketches get stands beside.

    A test set of fewer than two drawings has neither, one of fewer pictures than a subset no KID.

    Args:
        kid_subset_size: pictures of each kind in a subset.
        kid_subsets: how many subsets KID is the mean of.
    """

    def __init__(self, kid_subset_size: int = 50, kid_subsets: int = 100) -> None:
        self.kid_subset_size, self.kid_subsets = kid_subset_size, kid_subsets
        self.forget()

    def forget(self) -> None:
        """Drop what was collected."""
        self._drawings: list[str] = []
        self._seen: dict[str, list[torch.Tensor]] = {"output": [], "truth": [], "sketch": []}

    def add(self, drawings: Sequence[str], seen: Mapping[str, torch.Tensor]) -> None:
        """Collect features [n, width] of the "output", the "truth" and the "sketch" of drawings."""
        self._drawings += drawings
        for what, kept in self._seen.items():
            kept.append(seen[what])

    def results(self, backbone: str) -> dict[str, Measurement]:
        """The metrics that can be taken of what was collected.

        Args:
            backbone: what the features come from.
        """
        numbers = torch.from_numpy(np.unique(self._drawings, return_inverse=True)[1])
        if len(numbers.unique()) < 2:
            return {}
        truth = torch.cat(self._seen["truth"])
        found: dict[str, Measurement] = {}
        for what, suffix in (("output", ""), ("sketch", "_of_sketch")):
            features = torch.cat(self._seen[what])
            fid = self._measure(_fid(features, truth), backbone)
            low, high = fid["ci95"]
            found[f"fid{suffix}"] = fid | {"ci95": (max(0.0, low), high)}  # it is a distance
            if len(numbers) >= self.kid_subset_size:
                found[f"kid{suffix}"] = {
                    **self._measure(self._kid(features, truth, numbers), backbone),
                    "subset_size": self.kid_subset_size,
                }
        return found

    def _measure(self, statistic: Callable[[np.ndarray], float], backbone: str) -> Measurement:
        return {
            "value": statistic(np.arange(len(self._drawings))),
            "ci95": set_interval(statistic, self._drawings),
            "n": len(self._drawings),
            "backbone": backbone,
        }

    def _kid(
        self, features: torch.Tensor, truth: torch.Tensor, numbers: torch.Tensor
    ) -> Callable[[np.ndarray], float]:
        def statistic(rows: np.ndarray) -> float:
            if len(numbers[rows].unique()) < 2:
                return float("nan")  # a resample of one drawing only has no KID
            # of drawings with unequal numbers of samples a resample may have fewer
            size = min(self.kid_subset_size, len(rows))
            return kid(features[rows], truth[rows], size, self.kid_subsets, drawings=numbers[rows])

        return statistic


def _fid(features: torch.Tensor, truth: torch.Tensor) -> Callable[[np.ndarray], float]:
    return lambda rows: frechet_distance(features[rows], truth[rows])
