"""Resamples a sketch of any size to a grid of bounded size, and back in bands."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image, ImageChops

from pokecolor.coloring.lineart import stroke_ink

MAX_SIDE = 1024
"""Colors are found on no more pixels than this along the longer side; lines keep their own."""
HAIR = 0.5
"""The weight of a working pixel's darkest spot: no line is so thin that it lets colors through."""
BAND_PIXELS = 2_000_000
"""Large pictures are put together by so many pixels at a time."""


def working_ink(line_art: Image.Image) -> np.ndarray:
    """The ink of line art of any size: float32, 0 to 1, of no more than `MAX_SIDE` a side.

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
    """Cut an image into bands, each with its first row."""
    rows = max(1, BAND_PIXELS // image.width)
    for top in range(0, image.height, rows):
        yield top, image.crop((0, top, image.width, min(image.height, top + rows)))


def lay_strokes(colors: Image.Image, line_art: Image.Image) -> Image.Image:
    """What `lineart.strokes_of` gives, laid over opaque colors, in bytes alone: both RGB.

    The strokes' alpha is one minus the darkest channel m of the line art l, their color times alpha
    l - m; so over a color c there is cm + l - m.
    """
    red, green, blue = line_art.split()
    least = ImageChops.darker(ImageChops.darker(red, green), blue)
    darkest = Image.merge("RGB", (least, least, least))
    tint = ImageChops.subtract(line_art, darkest)
    return ImageChops.add(ImageChops.multiply(colors, darkest), tint)


class Enlarged:
    """A small picture as part of a large page, of which no more than a band is made at a time.

    Args:
        small: RGBA.
        box: left, top, right and bottom of where it lies on the page.
        size: width and height of the page, which is empty elsewhere.
    """

    def __init__(
        self, small: Image.Image, box: tuple[int, int, int, int], size: tuple[int, int]
    ) -> None:
        self._small, self._box, self._size = small, box, size

    def band(self, top: int, height: int) -> Image.Image:
        """So many rows of the page, from `top` on."""
        left, first, right, end = self._box
        upper, lower = max(top, first), min(top + height, end)
        page = Image.new("RGBA", (self._size[0], height), (255, 255, 255, 0))
        if lower > upper:
            page.paste(self._rows(upper - first, lower - first, right - left), (left, upper - top))
        return page

    def _rows(self, top: int, bottom: int, width: int) -> Image.Image:
        """Rows of the picture at its large size."""
        large = self._box[3] - self._box[1]
        if self._small.size == (width, large):
            return self._small.crop((0, top, width, bottom))
        scale = self._small.height / large
        box = (0, top * scale, self._small.width, min(bottom * scale, self._small.height))
        return self._small.resize((width, bottom - top), Image.Resampling.BILINEAR, box=box)

    def whole(self) -> Image.Image:
        """All of the page."""
        return self.band(0, self._size[1])
