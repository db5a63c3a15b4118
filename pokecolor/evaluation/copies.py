"""Finds the nearest training image to each picture of a test set."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import torch

from pokecolor.evaluation.neighbor import nearest_neighbors

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pokecolor.evaluation.features import Features
    from pokecolor.schema import Triplet

CHUNK = 256
"""Training images held at a time."""


class Nearest(NamedTuple):
    """The training image most like a picture."""

    training_id: str
    """Of the training sample whose color image it is."""
    similarity: float
    """Cosine of their features, -1 to 1."""


class Copies:
    """Compares pictures with all training images.

    Args:
        training: the training samples, at least one.
        features: sees the pictures.
    """

    def __init__(self, training: Iterable[Triplet], features: Features) -> None:
        self._ids: list[str] = []
        seen = []
        remaining = iter(training)
        while chunk := list(itertools.islice(remaining, CHUNK)):
            self._ids += [triplet.id for triplet in chunk]
            seen.append(features.image_features([triplet.edited_image for triplet in chunk]))
        self._seen = torch.cat(seen)

    def nearest(self, features: torch.Tensor) -> list[Nearest]:
        """Of pictures, by their features [n, width]."""
        found = nearest_neighbors(features, self._seen)
        pairs = zip(found.index.tolist(), found.similarity.tolist(), strict=True)
        return [Nearest(self._ids[index], similarity) for index, similarity in pairs]
