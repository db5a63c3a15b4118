"""The base of metrics that compare two distributions."""

from __future__ import annotations

import torch
from torchmetrics import Metric
from torchmetrics.utilities import dim_zero_cat


class TwoSets(Metric):
    """Keeps features of pictures and of true pictures, from batches and over processes."""

    is_differentiable = False
    higher_is_better = False
    full_state_update = False

    def __init__(self) -> None:
        super().__init__()
        self.add_state("features", [], dist_reduce_fx="cat")
        self.add_state("true_features", [], dist_reduce_fx="cat")

    def update(self, features: torch.Tensor, real: bool) -> None:
        """Take features [n, width], of true pictures or not."""
        (self.true_features if real else self.features).append(features)

    def compute(self) -> torch.Tensor:
        """The distance, float64 []."""
        sets = (
            dim_zero_cat(kept) if len(kept) else torch.empty(0, 0)
            for kept in (self.features, self.true_features)
        )
        return torch.tensor(self.distance(*sets), dtype=torch.float64)

    def distance(self, features: torch.Tensor, true_features: torch.Tensor) -> float:
        """Of the sets [n, width] and [m, width]."""
        raise NotImplementedError
