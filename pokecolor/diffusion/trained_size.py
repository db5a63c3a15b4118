"""Notes in a UNet which size of pictures it was trained at, for who uses it later."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from diffusers import UNet2DConditionModel

BUCKET = 8
"""Squares whose pictures go to other shapes, too, have a multiple of so many latents a side."""


def note_size(unet: UNet2DConditionModel, latents: torch.Tensor) -> None:
    """Let the UNet's `sample_size` be the side of the square that latents are of.

    Args:
        unet: whose configuration is changed.
        latents: [batch, channels, height, width]. Those that are no square have at most the cells
            of one, and more than any smaller one that there could be.
    """
    height, width = latents.shape[2:]
    size = height
    if height != width:
        size = BUCKET * math.ceil(math.sqrt(height * width) / BUCKET)
    if unet.config.sample_size != size:
        unet.register_to_config(sample_size=size)
