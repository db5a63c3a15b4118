"""Converts gray images of 16 and 32 bits to 8 bits."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

MODES = ("I;16", "I;16B", "I;16L", "I;16N", "I", "F")
WHITES = (1.0, 255.0, 65535.0)
"""Possible values of white; 1 for floating-point numbers only."""
OVERSHOOT = 2.0
"""Floating-point images may exceed 1 by this factor after filters."""
BAND = 2**20
"""Pixels that are scaled at a time: as float64 they take eight times the memory of bytes."""


def to_8_bits(image: Image.Image) -> Image.Image:
    """Convert gray images of 16 or 32 bits, integer or float, to L or LA; return others unchanged.

    White is the smallest of 1, 255 and 65,535 that is not below the largest value, or else that
    value itself. Values that are not finite become white.
    """
    if image.mode not in MODES:
        return image
    largest = max(band.max(initial=0, where=np.isfinite(band)) for _, band in _bands(image))
    top = _white(largest, whole=image.mode != "F")
    clear = image.info.get("transparency")  # a gray level that a PNG file declares transparent
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
    """Yield the first row of each band and its values, float64 [rows, width]."""
    rows = max(1, BAND // image.width)
    for top in range(0, image.height, rows):
        band = image.crop((0, top, image.width, min(top + rows, image.height)))
        yield top, np.asarray(band, np.float64)
