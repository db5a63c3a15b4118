"""Segments a color picture into flat areas, divided by lines and edges."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

SIDE = 480
"""Side of the pictures that are segmented, in pixels."""
FILLED = 0.92
"""Share of the page that the picture's longer side takes."""
EDGE = 26
"""An edge: neighbors that differ by at least this, of 255, in a channel."""
DARK = 75
"""Pixels below this lightness, of 255, may be ink."""
STROKE = 9
"""Ink that survives so many erosions by a pixel is a dark area, not a stroke."""
LEAST = 0.0025
"""Minimum area of a region, as a share of the page."""


def fit_picture(image: Image.Image) -> np.ndarray:
    """Scale the content of an RGBA picture to the page: uint8 [SIDE, SIDE, 3].

    Raises:
        ValueError: the picture is empty.
    """
    box = image.getchannel("A").getbbox()
    if box is None:
        raise ValueError("the picture is empty")
    image = image.crop(box)
    scale = FILLED * SIDE / max(image.size)
    size = tuple(max(1, round(side * scale)) for side in image.size)
    image = image.resize(size, Image.Resampling.LANCZOS)
    page = Image.new("RGBA", (SIDE, SIDE), (255, 255, 255, 255))
    page.alpha_composite(image, ((SIDE - size[0]) // 2, (SIDE - size[1]) // 2))
    return np.asarray(page.convert("RGB"))


def segment_flat_areas(picture: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The flat areas of a picture, and its ink.

    Args:
        picture: uint8 [height, width, 3].

    Returns:
        region numbers from 1, the largest region first, 0 elsewhere, int32 [height, width]; and
        ink, bool.
    """
    values = picture.astype(np.int16)
    steps = ndimage.maximum_filter(values, (3, 3, 1)) - ndimage.minimum_filter(values, (3, 3, 1))
    dark = np.asarray(Image.fromarray(picture).convert("L")) < DARK
    core = ndimage.binary_erosion(dark, np.ones((3, 3)), iterations=STROKE)
    area = ndimage.binary_dilation(core, np.ones((3, 3)), iterations=STROKE) & dark
    light, lights = ndimage.label((steps.max(-1) < EDGE) & ~dark)
    areas, _ = ndimage.label(area)
    numbers = np.where(areas > 0, areas + lights, light)
    size = np.bincount(numbers.ravel())
    size[0] = 0
    order = np.argsort(-size, kind="stable")
    kept = order[size[order] >= LEAST * numbers.size]
    renumbered = np.zeros(len(size), np.int32)
    renumbered[kept] = np.arange(1, len(kept) + 1)
    regions = renumbered[numbers]
    return regions, dark & (regions == 0)
