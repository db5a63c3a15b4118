"""Background accuracy: the share of the background that stays white."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

from pokecolor.evaluation.metric import ImageMetric
from pokecolor.palette import PAPER, reaches_border

if TYPE_CHECKING:
    from pokecolor.evaluation.cases import Case

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


class WhiteBackground(ImageMetric):
    """The mean of `white_background`, over the drawings with paper around them."""

    key, label, worst = "white_background", "White background", 0.0
    meaning = "paper around the drawing that stays white"
    needs = ("truth", "paper")

    def score(self, case: Case) -> float | None:
        """See `white_background`."""
        return white_background(case.picture, case.drawing.truth)
