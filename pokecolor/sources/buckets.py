"""Aspect-ratio buckets: shapes with about as many pixels as the square."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from pokecolor.core.schema import Source
    from pokecolor.model_files.base_models.base_model import BaseModel

STEP = 64
"""Sides are multiples of this: a VAE of Stable Diffusion divides them by 8, and its UNet by 8
more."""
LEAST = 256
"""At a smaller size steps of 64 pixels leave no shape near a picture's own."""
LONGEST = 2
"""No side is longer than so many times the square's."""


def shapes(size: int) -> list[tuple[int, int]]:
    """Heights and widths with at most the pixels of a square of `size`, the square among them."""
    found = {(size, size)}
    for width in range(STEP, LONGEST * size + 1, STEP):
        height = min(LONGEST * size, size * size // width) // STEP * STEP
        if height >= size // LONGEST and width >= size // LONGEST:
            found |= {(height, width), (width, height)}
    return sorted(found)


def nearest_shape(size_of_picture: tuple[int, int], size: int) -> tuple[int, int]:
    """The height and width, one of `shapes`, whose ratio is nearest to a picture's.

    Args:
        size_of_picture: width and height.
        size: of the square.
    """
    wanted = math.log(size_of_picture[0] / size_of_picture[1])
    return min(shapes(size), key=lambda shape: abs(math.log(shape[1] / shape[0]) - wanted))


def require_bucket_size(size: int) -> None:
    """Raises UserError unless there are shapes of so many pixels to choose among."""
    if size < LEAST or size % STEP:
        raise UserError(
            f"data.source.buckets: shapes go by {STEP} pixels, for models of Stable Diffusion's "
            f"size; data.source.size={size} leaves none to choose among: give a multiple of "
            f"{STEP}, {LEAST} or more, or set data.source.buckets=false"
        )


def require_shapes(source: Source | None, encoder: BaseModel | None, trains: bool) -> None:
    """Check that the model which is about to train takes pictures that are no squares.

    Args:
        source: of the pictures.
        encoder: the model's; None where it has none.
        trains: whether there is a model that is about to.

    Raises:
        UserError: it does not.
    """
    if not trains or not getattr(source, "buckets", False):
        return
    if encoder is None or STEP % encoder.cell:
        raise UserError(
            "data.source.buckets: this model takes squares alone; set data.source.buckets=false"
        )
