"""Aspect-ratio buckets: shapes with about as many pixels as the square."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from pokecolor.core.schema import Source
    from pokecolor.model_files.base_models.base_model import BaseModel

STEP = 64
"""Sides are multiples of this: Stable Diffusion's VAE divides them by 8, and its UNet by another
8."""
LEAST = 256
"""Minimum size; below it, steps of 64 pixels are too coarse."""
LONGEST = 2
"""Maximum side, as a multiple of the square's side."""


def shapes(size: int) -> list[tuple[int, int]]:
    """All (height, width) with at most as many pixels as the square of `size`, which is
    included.
    """
    found = {(size, size)}
    for width in range(STEP, LONGEST * size + 1, STEP):
        height = min(LONGEST * size, size * size // width) // STEP * STEP
        if height >= size // LONGEST and width >= size // LONGEST:
            found |= {(height, width), (width, height)}
    return sorted(found)


def nearest_shape(size_of_picture: tuple[int, int], size: int) -> tuple[int, int]:
    """The (height, width) of `shapes` whose aspect ratio is nearest to a picture's.

    Args:
        size_of_picture: width and height.
        size: side of the square.
    """
    wanted = math.log(size_of_picture[0] / size_of_picture[1])
    return min(shapes(size), key=lambda shape: abs(math.log(shape[1] / shape[0]) - wanted))


def require_bucket_size(size: int) -> None:
    """Raise UserError if the size is too small for buckets or not a multiple of `STEP`."""
    if size < LEAST or size % STEP:
        raise UserError(
            f"data.source.buckets: shapes go by {STEP} pixels, for models of Stable Diffusion's "
            f"size; data.source.size={size} leaves none to choose among: give a multiple of "
            f"{STEP}, {LEAST} or more, or set data.source.buckets=false"
        )


def require_shapes(source: Source | None, encoder: BaseModel | None, trains: bool) -> None:
    """Check that the model can be trained on pictures that are not squares.

    Args:
        source: source of the pictures.
        encoder: the model's encoder; None if it has none.
        trains: whether a model will be trained.

    Raises:
        UserError: it only takes squares.
    """
    if not trains or not getattr(source, "buckets", False):
        return
    if encoder is None or STEP % encoder.cell:
        raise UserError(
            "data.source.buckets: this model takes squares alone; set data.source.buckets=false"
        )
