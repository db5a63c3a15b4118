"""Lightens dark fills so that the lines on them stay visible."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from pokecolor.core.colors import lab_to_rgb, rgb_to_lab

READABLE = 21.0
"""CIELAB lightness of a fill below which black lines are invisible; it still looks black."""
PUPIL = 0.004
"""Dark areas smaller than this share of the picture, such as pupils, stay dark."""


def keep_lines_visible(colors: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """Lighten dark areas with lines on them, keeping their hue.

    Args:
        colors: uint8 [height, width, 3], extended below the lines.
        ground: bool [height, width], the background.

    Returns:
        uint8 [height, width, 3].
    """
    areas, count = ndimage.label((_lightness(colors) < READABLE) & ~ground)
    if not count:
        return colors
    large = np.bincount(areas.ravel()) >= PUPIL * areas.size
    large[0] = False
    lifted = large[areas]
    changed = colors.copy()
    unique, inverse = np.unique(colors[lifted], axis=0, return_inverse=True)
    lab = rgb_to_lab(unique)
    lab[:, 0] = np.maximum(lab[:, 0], READABLE)
    changed[lifted] = np.ceil(lab_to_rgb(lab)).astype(np.uint8)[inverse.ravel()]
    return changed


def _lightness(colors: np.ndarray) -> np.ndarray:
    """CIELAB lightness of sRGB colors, [...], by a table for each channel."""
    value = np.arange(256) / 255
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    table = linear.astype(np.float32)
    y = 0.2126729 * table[colors[..., 0]]
    y += 0.7151522 * table[colors[..., 1]]
    y += 0.0721750 * table[colors[..., 2]]
    return np.where(y > 216 / 24389, 116 * np.cbrt(y) - 16, y * (24389 / 27))
