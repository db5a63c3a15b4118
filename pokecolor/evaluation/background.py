"""White background: a coloring must stay within the drawing."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

WHITE = 240
"""The least value, of 255, that each channel of white paper has."""
MARGIN = 1
"""Pixels beside the drawing that smooth edges may darken."""


def white_background(image: np.ndarray, truth: np.ndarray) -> float | None:
    """The share of the background that is left white; None if the true image has no background.

    Args:
        image: uint8 [height, width, 3], the coloring.
        truth: the same, the true one. Its white that reaches the border is the background.
    """
    white = ndimage.binary_erosion((truth >= WHITE).all(-1), iterations=MARGIN, border_value=1)
    regions, _ = ndimage.label(white)
    border = np.concatenate([regions[0], regions[-1], regions[:, 0], regions[:, -1]])
    ground = np.isin(regions, border[border > 0])
    if not ground.any():
        return None
    return float((image[ground] >= WHITE).all(-1).mean())
