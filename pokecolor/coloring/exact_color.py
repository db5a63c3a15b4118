"""Moves fills to exact colors where the model knows only a nearby word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pokecolor.core.colors import lab_to_rgb, rgb_to_lab

NEAR = 30.0
"""CIELAB distance from its word's typical color up to which a fill took that word."""

Rgb = tuple[int, int, int]


class RequestedColor(NamedTuple):
    """A color word of the model's prompt, and the exact color that was meant."""

    typical: Rgb
    """What the word looks like, sRGB 0 to 255."""
    exact: Rgb | None
    """What was meant; None where the word means it."""


def move_to_exact(colors: np.ndarray, wanted: Sequence[RequestedColor]) -> np.ndarray:
    """Shift fills that took a word with an exact color so that their median is that color.

    A fill took the word whose typical color is nearest to it, if it is near at all. Shades within
    a fill keep their differences in CIELAB.

    Args:
        colors: uint8 [height, width, 3].
        wanted: all colors of the instruction, those without an exact one, too.

    Returns:
        uint8 [height, width, 3].
    """
    if not any(each.exact for each in wanted):
        return colors
    unique, inverse, counts = np.unique(
        colors.reshape(-1, 3), axis=0, return_inverse=True, return_counts=True
    )
    lab = rgb_to_lab(unique)
    typical = rgb_to_lab(np.array([each.typical for each in wanted]))
    apart = np.linalg.norm(lab[:, None] - typical[None], axis=-1)
    taken = np.where(apart.min(1) <= NEAR, apart.argmin(1), -1)
    moved = unique.copy()
    for number, each in enumerate(wanted):
        of = taken == number
        if each.exact is None or not of.any():
            continue
        middle = [_median(lab[of, channel], counts[of]) for channel in range(3)]
        target = rgb_to_lab(np.array(each.exact))
        moved[of] = np.clip(np.round(lab_to_rgb(lab[of] + target - middle)), 0, 255)
    return moved[inverse.ravel()].reshape(colors.shape)


def _median(values: np.ndarray, counts: np.ndarray) -> float:
    """The median of values that occur so often."""
    order = np.argsort(values)
    half = np.cumsum(counts[order])
    return float(values[order][np.searchsorted(half, half[-1] / 2)])
