"""Stores the training image size in a UNet's config."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diffusers import UNet2DConditionModel

BUCKET = 8
"""Squares whose pictures go to other shapes, too, have a multiple of so many latents a side."""


def note_size(unet: UNet2DConditionModel, height: int, width: int) -> None:
    """Let the UNet's `sample_size` be the side of the square that latents are of.

    Args:
        unet: whose configuration is changed.
        height: of the latents, in cells. Latents that are no square have at most the cells of one,
            and more than any smaller one that there could be.
        width: of the latents, in cells.
    """
    size = height
    if height != width:
        size = BUCKET * math.ceil(math.sqrt(height * width) / BUCKET)
    if unet.config.sample_size != size:
        unet.register_to_config(sample_size=size)
