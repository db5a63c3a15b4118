"""Background accuracy: the share of the background that stays white."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from pokecolor.core.palette import PAPER, reaches_border

MARGIN = 1
"""Pixels beside the drawing that antialiasing may darken."""


def white_background(image: np.ndarray, target: np.ndarray) -> float | None:
    """The share of the background that stays white; None if the ground truth has no background.

    Args:
        image: uint8 [height, width, 3].
        target: the ground truth, same shape. Its white area that is connected to the border is the
            background.
    """
    white = (target >= PAPER).all(-1)
    ground = reaches_border(ndimage.binary_erosion(white, iterations=MARGIN, border_value=1))
    if not ground.any():
        return None
    return float((image[ground] >= PAPER).all(-1).mean())
