"""Moves fills to exact colors, for which the model only gets a nearby color word."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from pokecolor.core.colors import lab_to_rgb, rgb_to_lab

NEAR = 30.0
"""A fill follows a color word up to this CIELAB distance from the word's typical color."""

Rgb = tuple[int, int, int]


class RequestedColor(NamedTuple):
    """A color word of the model's prompt, and the exact color that the user asked for."""

    typical: Rgb
    """The word's typical color, sRGB 0 to 255."""
    exact: Rgb | None
    """The exact color; None if the word itself was asked for."""


def move_to_exact(colors: np.ndarray, wanted: Sequence[RequestedColor]) -> np.ndarray:
    """Shift fills that follow a word with an exact color so that their median is that color.

    A fill follows the word whose typical color is nearest, within `NEAR`. Shades within a fill keep
    their differences in CIELAB.

    Args:
        colors: uint8 [height, width, 3].
        wanted: all colors of the instruction, including those without an exact color.

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
    """The median of values with counts."""
    order = np.argsort(values)
    half = np.cumsum(counts[order])
    return float(values[order][np.searchsorted(half, half[-1] / 2)])
