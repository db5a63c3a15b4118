"""Bounded memory for sketches of any size: a working resolution, and output in bands."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageChops

from pokecolor.coloring.lineart import stroke_ink

MAX_SIDE = 1024
"""Working resolution of the colors: pixels along the longer side; lines keep full resolution."""
HAIR = 0.5
"""Weight of the darkest pixel of each block, so that hairlines still separate regions."""
BAND_PIXELS = 2_000_000
"""Pixels of a large picture that are composited at a time."""


def working_ink(line_art: Image.Image) -> np.ndarray:
    """The ink of line art at working resolution: float32, 0 to 1, at most `MAX_SIDE` a side.

    Args:
        line_art: RGB, black on white.
    """
    scale = MAX_SIDE / max(line_art.size)
    if scale >= 1:
        return stroke_ink(line_art)
    light = line_art.convert("L")
    width, height = (max(1, round(side * scale)) for side in light.size)
    mean = stroke_ink(line_art.resize((width, height), Image.Resampling.BOX))
    rows = np.arange(height) * light.height // height
    columns = np.arange(width) * light.width // width
    darkest = np.minimum.reduceat(np.minimum.reduceat(np.asarray(light), rows, 0), columns, 1)
    return np.maximum(mean, HAIR * (1 - darkest / np.float32(255)))


def bands(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    """Yield the first row and the image of each band."""
    rows = max(1, BAND_PIXELS // image.width)
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(image.height, top + rows)))


def lay_strokes(colors: Image.Image, line_art: Image.Image) -> Image.Image:
    """Composite the strokes of line art (`lineart.strokes_of`) over opaque colors, both RGB, in
    uint8.

    The strokes' alpha is 1 - m, with m the darkest channel of the line art l, and their
    premultiplied color is l - m; over a color c the result is cm + l - m.
    """
    red, green, blue = line_art.split()
    least = ImageChops.darker(ImageChops.darker(red, green), blue)
    darkest = Image.merge("RGB", (least, least, least))
    tint = ImageChops.subtract(line_art, darkest)
    return ImageChops.add(ImageChops.multiply(colors, darkest), tint)


class Enlarged:
    """A small picture, enlarged as part of a large page, one band at a time.

    Args:
        small: RGBA.
        box: left, top, right and bottom of the picture on the page.
        size: width and height of the page, which is transparent elsewhere.
    """

    def __init__(
        self, small: Image.Image, box: tuple[int, int, int, int], size: tuple[int, int]
    ) -> None:
        self._small, self._box, self._size = small, box, size

    def band(self, top: int, height: int) -> Image.Image:
        """`height` rows of the page, from `top`."""
        left, first, right, end = self._box
        upper, lower = max(top, first), min(top + height, end)
        page = Image.new("RGBA", (self._size[0], height), (255, 255, 255, 0))
        if lower > upper:
            page.paste(self._rows(upper - first, lower - first, right - left), (left, upper - top))
        return page

    def _rows(self, top: int, bottom: int, width: int) -> Image.Image:
        """Rows of the enlarged picture."""
        large = self._box[3] - self._box[1]
        if self._small.size == (width, large):
            return self._small.crop((0, top, width, bottom))
        scale = self._small.height / large
        box = (0, top * scale, self._small.width, min(bottom * scale, self._small.height))
        return self._small.resize((width, bottom - top), Image.Resampling.BILINEAR, box=box)

    def whole(self) -> Image.Image:
        """The whole page."""
        return self.band(0, self._size[1])
