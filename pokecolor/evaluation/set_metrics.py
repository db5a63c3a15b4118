"""FID and KID of a test set's pictures, with intervals over drawings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from pokecolor.errors import UserError
from pokecolor.evaluation.feature_sets import FeatureSets
from pokecolor.evaluation.fid import LEAST
from pokecolor.interval import resample_set, set_interval

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pokecolor.measuring import Measurement


class SetMetrics:
    """Collects features of pictures, and compares their distribution with the true pictures'.

    What the bare sketches get stands beside.

    Args:
        kid_subset_size: pictures of each kind in a subset; None to leave KID out.
        kid_subsets: how many subsets KID is the mean of.
    """

    def __init__(self, kid_subset_size: int | None = 50, kid_subsets: int = 100) -> None:
        self.kid_subset_size, self.kid_subsets = kid_subset_size, kid_subsets
        self._drawings: list[str] = []
        self._seen: dict[str, list[torch.Tensor]] = {"output": [], "truth": [], "sketch": []}

    def require(self, drawings: Sequence[str]) -> None:
        """Check that there are enough samples.

        Args:
            drawings: the drawing of each.

        Raises:
            UserError: there are not; it says how many it takes.
        """
        if len(set(drawings)) < LEAST:
            raise UserError(
                f"FID: {len(set(drawings))} drawings to test with, and it takes at least {LEAST}; "
                "add some, or leave FID and KID out by colorings.set_metrics=null"
            )
        size = self.kid_subset_size
        if size is not None and len(drawings) < size:
            raise UserError(
                f"KID: {len(drawings)} pictures to test with, and subsets of {size} take at least "
                f"{size}; add some, make colorings.set_metrics.kid_subset_size smaller, or null to "
                "leave KID out"
            )

    def add(self, drawings: Sequence[str], seen: Mapping[str, torch.Tensor]) -> None:
        """Collect features [n, width] of the "output", the "truth" and the "sketch" of drawings."""
        self._drawings += drawings
        for what, kept in self._seen.items():
            kept.append(seen[what])

    def sets(self) -> FeatureSets | None:
        """All that was collected; None if nothing was."""
        if not self._drawings:
            return None
        seen = {what: torch.cat(kept) for what, kept in self._seen.items()}
        return FeatureSets(self._drawings, seen, self.kid_subset_size, self.kid_subsets)

    def results(self, backbone: str) -> dict[str, Measurement]:
        """The metrics of what was collected; none of nothing.

        Args:
            backbone: what the features come from.
        """
        sets = self.sets()
        if sets is None:
            return {}
        found: dict[str, Measurement] = {}
        for what, suffix in (("output", ""), ("sketch", "_of_sketch")):
            fid = _measure(lambda rows, of=what: sets.fid(rows, of), sets.drawings, backbone)
            low, high = fid["ci95"]
            found[f"fid{suffix}"] = fid | {"ci95": (max(0.0, low), high)}  # it is a distance
            if self.kid_subset_size is not None:
                kid = _measure(lambda rows, of=what: sets.kid(rows, of), sets.drawings, backbone)
                found[f"kid{suffix}"] = kid | {"subset_size": self.kid_subset_size}
        return found


def _measure(
    statistic: Callable[[np.ndarray], float], drawings: Sequence[str], backbone: str
) -> Measurement:
    resampled = resample_set(statistic, drawings)
    return {
        "value": float(resampled[0]),
        "ci95": set_interval(resampled[None]),
        "n": len(drawings),
        "backbone": backbone,
    }
