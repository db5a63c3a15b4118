"""Grey images of more than eight bits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

MODES = ("I;16", "I;16B", "I;16L", "I;16N", "I", "F")
WHITES = (1.0, 255.0, 65535.0)
"""Where white lies; in whole numbers it is not at 1."""
OVERSHOOT = 2.0
"""Filters leave floating-point numbers a little above 1."""
BAND = 2**20
"""Pixels that are scaled at a time: as float64 they take eight times the room of bytes."""


def to_8_bits(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits, whole or floating-point numbers, to L or LA; others as they are.

    The largest number says where white lies: at 1, 255, 65,535 or, above that, at itself. Numbers
    that are not finite are white.
    """
    if image.mode not in MODES:
        return image
    largest = max(band.max(initial=0, where=np.isfinite(band)) for _, band in _bands(image))
    top = _white(largest, whole=image.mode != "F")
    clear = image.info.get("transparency")  # one grey of a PNG file
    grey = Image.new("LA" if isinstance(clear, int) else "L", image.size)
    for start, band in _bands(image):
        scaled = np.clip(np.nan_to_num(band / top, nan=1.0, posinf=1.0), 0, 1) * 255
        values = scaled.round().astype(np.uint8)
        if grey.mode == "LA":
            values = np.dstack([values, np.where(band == clear, 0, 255).astype(np.uint8)])
        grey.paste(Image.fromarray(values), (0, start))
    grey.info = {key: value for key, value in image.info.items() if key != "transparency"}
    return grey


def _white(largest: float, whole: bool) -> float:
    if not whole and largest <= OVERSHOOT:
        return WHITES[0]
    return next((white for white in WHITES[1:] if largest <= white), largest)


def _bands(image: Image.Image) -> Iterator[tuple[int, np.ndarray]]:
    """Where each band of rows starts, and its values, float64 [rows, width]."""
    rows = max(1, BAND // image.width)
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        yield top, np.asarray(band, np.float64)
