"""Matches the pictures of two sets, in spite of other sizes, margins and compression."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from pokecolor.core.colors import rgb_to_lab
from pokecolor.core.images.conversion import letterbox

if TYPE_CHECKING:
    from collections.abc import Sequence

THUMBNAIL = 16
"""Side of the compared thumbnails, in pixels."""
INK = 16
"""A pixel belongs to the drawing if a channel differs from white by at least this, of 255."""


def thumbnail(image: Image.Image) -> np.ndarray:
    """The thumbnail of an RGB image without its white margin, CIELAB [16, 16, 3]."""
    drawn = (255 - np.asarray(image).min(axis=-1)) > INK
    if drawn.any():
        rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
        image = image.crop((int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1))
    return rgb_to_lab(letterbox(image, THUMBNAIL))


def match(
    queries: Sequence[np.ndarray], references: Sequence[np.ndarray], limit: float
) -> list[int | None]:
    """For each query thumbnail the index of its reference; None for no match.

    Two match if they are mutual nearest neighbors with a mean CIELAB distance below `limit`.
    """
    if not queries or not references:
        return [None] * len(queries)
    ours, theirs = np.stack(queries), np.stack(references)
    distance = np.stack([np.linalg.norm(theirs - one, axis=-1).mean(axis=(1, 2)) for one in ours])
    nearest, back = distance.argmin(axis=1), distance.argmin(axis=0)
    return [
        int(j) if back[j] == i and distance[i, j] < limit else None for i, j in enumerate(nearest)
    ]
