"""Line F1: are the sketch's strokes in the picture, and no others?"""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.coloring.lineart import STROKE_CONTRAST, find_strokes, ink_of

DARK = 0.5
"""How dark a picture must be, of 1, where a stroke is said to be kept."""
TOLERANCE = 1
"""Pixels by which a stroke may be off."""


def line_f1(image: np.ndarray, sketch: np.ndarray) -> float | None:
    """F1 of a picture's strokes against the sketch's, within one pixel; None for an empty sketch.

    Recall is the share of the sketch's strokes that the picture is dark at: a black fill hides no
    line. Precision is the share of the picture's strokes that the sketch has; a picture without
    any has added none.

    Args:
        image: uint8 [height, width, 3], the coloring.
        sketch: the same, black on white.
    """
    drawn, found = find_strokes(sketch), find_strokes(image)
    if not drawn.any():
        return None
    dark = ink_of(Image.fromarray(image)) >= DARK
    recall = _near(dark)[drawn].mean()
    near_ink = _near(ink_of(Image.fromarray(sketch)) >= STROKE_CONTRAST)
    precision = near_ink[found].mean() if found.any() else 1.0
    return float(2 * precision * recall / max(precision + recall, 1e-9))


def _near(mask: np.ndarray) -> np.ndarray:
    square = np.ones((2 * TOLERANCE + 1,) * 2, bool)
    return ndimage.binary_dilation(mask, square)
