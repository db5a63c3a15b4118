"""Line F1: does the picture have the sketch's strokes, and no others?"""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.coloring.lineart import STROKE_CONTRAST, find_strokes, ink_of

DARK = 0.5
"""A stroke counts as kept if the picture is at least this dark, of 1."""
REACH = 5
"""A stroke is visible if there is something lighter within so many pixels."""
TOLERANCE = 1
"""Pixels by which a stroke may be shifted."""


def line_f1(image: np.ndarray, sketch: np.ndarray) -> float | None:
    """F1 of a picture's and the sketch's strokes, within one pixel; None for an empty sketch.

    Recall is the share of the sketch's strokes that are visible in the picture: dark, with a pixel
    that is lighter by `STROKE_CONTRAST` within `REACH` pixels; a fill as dark as the line hides it.
    Precision is the share of the picture's strokes that the sketch has; 1 if the picture has none.

    Args:
        image: uint8 [height, width, 3].
        sketch: same shape, black on white.
    """
    drawn, found = find_strokes(sketch), find_strokes(image)
    if not drawn.any():
        return None
    ink = ink_of(Image.fromarray(image))
    lightest = ndimage.minimum_filter(ink, 2 * REACH + 1)
    visible = (ink >= DARK) & (ink - lightest >= STROKE_CONTRAST)
    recall = _near(visible)[drawn].mean()
    near_ink = _near(ink_of(Image.fromarray(sketch)) >= STROKE_CONTRAST)
    precision = near_ink[found].mean() if found.any() else 1.0
    return float(2 * precision * recall / max(precision + recall, 1e-9))


def _near(mask: np.ndarray) -> np.ndarray:
    square = np.ones((2 * TOLERANCE + 1,) * 2, bool)
    return ndimage.binary_dilation(mask, square)
