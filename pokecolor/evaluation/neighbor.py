"""Nearest-neighbor distances, to find pictures copied from the training data."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import torch
from torch.nn import functional as F

from pokecolor.errors import UserError
from pokecolor.evaluation.metric import ImageMetric

if TYPE_CHECKING:
    from pokecolor.evaluation.cases import Case

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


class NeighborSimilarity(ImageMetric):
    """The mean similarity of images to their nearest training image.

    The true pictures were held out, so theirs says how alike drawings are that know nothing of each
    other. Images nearer than that to the training set are suspects of being copies.
    """

    key, label = "neighbor_similarity", "Nearest training image"
    meaning = "cosine; above the truth's: copies"
    higher_is_better = None
    needs, baselines = ("features", "copies", "truth"), ("truth",)

    def score(self, case: Case) -> float:
        """The cosine, -1 to 1."""
        return case.seen["nearest"]["output"].similarity
