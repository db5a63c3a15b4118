"""Nearest-neighbor distances, to find pictures copied from the training data."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch.nn import functional as F
from torchmetrics import MeanMetric, Metric

from pokecolor.errors import UserError

CHUNK = 1024
"""Pictures compared with all training images at a time."""


class Neighbors(NamedTuple):
    """The nearest training image of each picture."""

    similarity: torch.Tensor
    """float32 [n], the cosine, -1 to 1."""
    index: torch.Tensor
    """int64 [n], which training image it is."""


def nearest_neighbors(features: torch.Tensor, training: torch.Tensor) -> Neighbors:
    """The training image most like each picture.

    Args:
        features: of the pictures [n, width], of any length.
        training: of the training images [m, width].

    Raises:
        UserError: there are no training images.
    """
    if not len(training):
        raise UserError("nearest neighbors: no training images; it takes at least 1")
    training = F.normalize(training, dim=-1)
    found = [
        (F.normalize(chunk, dim=-1) @ training.T).max(dim=1) for chunk in features.split(CHUNK)
    ]
    return Neighbors(*(torch.cat(part) for part in zip(*found, strict=True)))


class NeighborSimilarity(Metric):
    """The mean similarity of pictures to their nearest training image, and that of the truth.

    The true pictures were held out, so theirs says how alike drawings are that know nothing of each
    other. Pictures nearer than that to the training set are suspects of being copies.

    Args:
        training: features of the training images [m, width].
    """

    is_differentiable = False
    higher_is_better = False
    full_state_update = False

    def __init__(self, training: torch.Tensor) -> None:
        super().__init__()
        self.register_buffer("training_features", training, persistent=False)
        self.output, self.truth = MeanMetric(), MeanMetric()

    def update(self, features: torch.Tensor, true_features: torch.Tensor) -> None:
        """Take features of pictures and of their truths, [n, width] each."""
        self.output.update(nearest_neighbors(features, self.training_features).similarity)
        self.truth.update(nearest_neighbors(true_features, self.training_features).similarity)

    def compute(self) -> dict[str, torch.Tensor]:
        """The means for the pictures, `output`, and for the true ones, `truth`, float32 []."""
        return {"output": self.output.compute(), "truth": self.truth.compute()}
