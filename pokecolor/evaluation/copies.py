"""Finds the nearest training image to each picture of a test set."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import torch

from pokecolor.evaluation.neighbor import nearest_neighbors

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pokecolor.evaluation.features import Features
    from pokecolor.schema import Triplet

CHUNK = 256
"""Training images held at a time."""


class Nearest(NamedTuple):
    """A picture and the training image most like it."""

    drawing_id: str
    """Of the picture."""
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
        self.nearest: list[Nearest] = []
        """Of each picture measured so far."""
        self._ids: list[str] = []
        seen = []
        remaining = iter(training)
        while chunk := list(itertools.islice(remaining, CHUNK)):
            self._ids += [triplet.id for triplet in chunk]
            seen.append(features.image_features([triplet.edited_image for triplet in chunk]))
        self._seen = torch.cat(seen)

    def measure(
        self, drawings: Sequence[str], seen: Mapping[str, torch.Tensor]
    ) -> Iterator[tuple[str, list[str], torch.Tensor]]:
        """Similarity of each picture, and of each truth, to its nearest training image.

        The truth was held out: pictures that are nearer than theirs may be copies.

        Args:
            drawings: ids of n drawings.
            seen: features [n, width] of their "output" and their "truth".
        """
        output, truth = (nearest_neighbors(seen[what], self._seen) for what in ("output", "truth"))
        self.nearest += [
            Nearest(drawing, self._ids[index], similarity)
            for drawing, index, similarity in zip(
                drawings, output.index.tolist(), output.similarity.tolist(), strict=True
            )
        ]
        yield "neighbor_similarity", list(drawings), output.similarity
        yield "neighbor_similarity_of_truth", list(drawings), truth.similarity
