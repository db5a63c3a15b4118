"""Nearest training images, to find pictures that are copied from the training data."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch.nn import functional as F

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from pokecolor.core.schema import Triplet
    from pokecolor.evaluation.features import Features

CHUNK = 256
"""Pictures compared, and training images in memory, at a time."""


class Neighbors(NamedTuple):
    """The nearest training image of each picture."""

    similarity: torch.Tensor
    """float32 [n], cosine similarity, -1 to 1."""
    index: torch.Tensor
    """int64 [n], index of the training image."""


def nearest_neighbors(features: torch.Tensor, training: torch.Tensor) -> Neighbors:
    """The most similar training image of each picture.

    Args:
        features: features of the pictures, [n, width], not normalized.
        training: features of the training images, [m, width].

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


def training_features(training: Iterable[Triplet], features: Features) -> torch.Tensor:
    """The features of all training images, computed in chunks: float32 [m, width]."""
    remaining = iter(training)
    chunks = iter(lambda: list(itertools.islice(remaining, CHUNK)), [])
    return torch.cat(
        [features.image_features([triplet.edited_image for triplet in chunk]) for chunk in chunks]
    )
