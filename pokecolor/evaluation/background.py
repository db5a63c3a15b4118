"""Background accuracy: the share of the background that stays white."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy import ndimage
from torchmetrics import MeanMetric

from pokecolor.palette import PAPER, reaches_border

if TYPE_CHECKING:
    from collections.abc import Sequence

MARGIN = 1
"""Pixels beside the drawing that smooth edges may darken."""


def white_background(image: np.ndarray, truth: np.ndarray) -> float | None:
    """The share of the background that is left white; None if the true image has no background.

    Args:
        image: uint8 [height, width, 3], the coloring.
        truth: the same, the true one. Its white that reaches the border is the background.
    """
    white = (truth >= PAPER).all(-1)
    ground = reaches_border(ndimage.binary_erosion(white, iterations=MARGIN, border_value=1))
    if not ground.any():
        return None
    return float((image[ground] >= PAPER).all(-1).mean())


class WhiteBackground(MeanMetric):
    """The mean of `white_background`, over the drawings with paper around them."""

    def update(self, images: Sequence[np.ndarray], truths: Sequence[np.ndarray]) -> None:
        """Take pictures and their truths, uint8 [height, width, 3], each pair of one size."""
        found = [white_background(*pair) for pair in zip(images, truths, strict=True)]
        super().update(torch.tensor([value for value in found if value is not None]))
