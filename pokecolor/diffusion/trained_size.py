"""Stores the training image size in a UNet's config."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diffusers import UNet2DConditionModel

BUCKET = 8
"""With aspect buckets, the side of the square is a multiple of so many latent cells."""


def note_size(unet: UNet2DConditionModel, height: int, width: int) -> None:
    """Set the UNet's `sample_size` to the side of the training square, in latent cells.

    Args:
        unet: the UNet, whose configuration is changed.
        height: height of the latents, in cells. Aspect buckets have at most as many cells as the
            square, and more than the next smaller square.
        width: width of the latents, in cells.
    """
    size = height
    if height != width:
        size = BUCKET * math.ceil(math.sqrt(height * width) / BUCKET)
    if unet.config.sample_size != size:
        unet.register_to_config(sample_size=size)
