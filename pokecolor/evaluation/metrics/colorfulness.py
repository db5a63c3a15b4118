"""Colorfulness: how vivid a picture is (Hasler and Suesstrunk 2003)."""

from __future__ import annotations

import numpy as np


def colorfulness(image: np.ndarray) -> float:
    """M(3): the standard deviation of the opponent colors plus 0.3 times the length of their mean.

    Hasler and Suesstrunk, 2003, "Measuring colorfulness in natural images", equation of M(3). 0 is
    gray; their observers called 15 slightly, 45 averagely and 82 highly colorful. A large white
    background lowers it: compare with the ground truth's.

    Args:
        image: uint8 [height, width, 3], sRGB.
    """
    red, green, blue = np.moveaxis(image.astype(np.float64), -1, 0)
    opponents = red - green, (red + green) / 2 - blue
    spread = np.hypot(*(values.std() for values in opponents))
    distance = np.hypot(*(values.mean() for values in opponents))
    return float(spread + 0.3 * distance)
