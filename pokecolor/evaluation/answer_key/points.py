"""Compares the colors at the points of an answer key with the accepted ones."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from pokecolor.core.colors import parse_hex, rgb_to_lab
from pokecolor.core.images.conversion import to_rgb
from pokecolor.evaluation.answer_key.key import BACKGROUND

if TYPE_CHECKING:
    from pokecolor.evaluation.answer_key.key import KeyDrawing, KeyPart

PROTOTYPES = {
    "red": "d22f27 a01818 ff5a4a",
    "orange": "f4852a e27022 f4aa41 ffd9b5",
    "yellow": "fcea2b f1b31c fff2a0",
    "green": "5c9e31 186648 b1cc33 2ecc71 8fd08f",
    "blue": "1e6fd0 1e50a0 61b2e4 92d3f5 203060 0000ff 000080 19196b 12128c",
    "purple": "8967aa b399c8 5a2a82 9416b4 8a2be2 4b0082 800080 320a50 ff00ff",
    "pink": "ffa7c0 e67a94 ffd0dc",
    "brown": "8a5a33 6a462f a57939 c19a65",
    "black": "262626 000000 101010",
    "white": "ffffff f4f4f4",
    "grey": "9b9b9a d0cfce 6b6b6b 4a4a4a",
}
"""sRGB colors of each name. They are independent of `core.colors.EXEMPLARS` and never change, so
that scores of different versions are comparable."""

WINDOW, LEAST_RADIUS = 0.003, 2
"""Radius of the window around a point, as a share of the longer side, and its minimum in pixels."""
DARK, STAYS = 96, 128
"""A sketch's pixel that is darker than the first value, of 255, counts as kept if the picture's is
darker than the second."""
LEAST_DARK = 50
"""Minimum number of dark pixels of a sketch for `lines_kept`."""


@dataclass(frozen=True)
class SeenPoint:
    """A point and the color found there."""

    x: float
    y: float
    name: str
    right: bool


@dataclass(frozen=True)
class SeenPart:
    """A part and the colors found at its points."""

    name: str
    points: tuple[SeenPoint, ...]

    @property
    def right(self) -> bool:
        """Whether more than half of the points are right."""
        return 2 * sum(point.right for point in self.points) > len(self.points)


@dataclass(frozen=True)
class SeenDrawing:
    """The colors of a colored drawing at the points of its key."""

    parts: tuple[SeenPart, ...]
    """The parts that the instruction names, in the key's order."""
    background: tuple[SeenPart, ...]
    """The background, if the key has it."""
    lines_kept: float | None
    """The share of the sketch's dark pixels that stay dark; None if there are hardly any."""

    @property
    def background_right(self) -> bool:
        return all(part.right for part in self.background)

    @property
    def background_points(self) -> list[bool]:
        """Whether each point on the background is right."""
        return [point.right for part in self.background for point in part.points]

    @property
    def all_right(self) -> bool:
        """Whether all parts and the background are right."""
        return self.background_right and all(part.right for part in self.parts)

    @property
    def wrong(self) -> list[str]:
        """The names of the parts that are wrong."""
        return [part.name for part in (*self.parts, *self.background) if not part.right]


def look(picture: Image.Image, drawing: KeyDrawing, sketch: Image.Image) -> SeenDrawing:
    """Read the colors of a picture at the points of an answer key.

    Args:
        picture: image of any mode; transparency counts as white.
        drawing: the points and accepted colors.
        sketch: the sketch.
    """
    if picture.size != sketch.size:
        picture = picture.resize(sketch.size, Image.Resampling.LANCZOS)
    pixels = np.asarray(to_rgb(picture))
    seen = [_part(pixels, part) for part in drawing.parts]
    dark = np.asarray(to_rgb(sketch).convert("L")) < DARK
    kept = None
    if dark.sum() >= LEAST_DARK:
        kept = float((np.asarray(to_rgb(picture).convert("L"))[dark] < STAYS).mean())
    return SeenDrawing(
        tuple(part for part in seen if part.name != BACKGROUND),
        tuple(part for part in seen if part.name == BACKGROUND),
        kept,
    )


def nearest_color_name(rgb: np.ndarray) -> str:
    """The name of the prototype that is nearest to sRGB [3], 0 to 255, in CIELAB."""
    names, lab = _prototypes()
    return names[int(((lab - rgb_to_lab(rgb)) ** 2).sum(1).argmin())]


def _part(pixels: np.ndarray, part: KeyPart) -> SeenPart:
    points = []
    for x, y in part.points:
        name = nearest_color_name(_color_at(pixels, x, y))
        points.append(SeenPoint(x, y, name, name in part.colors))
    return SeenPart(part.name, tuple(points))


def _color_at(pixels: np.ndarray, x: float, y: float) -> np.ndarray:
    """The median of a window, channel by channel: float64 [3]."""
    height, width = pixels.shape[:2]
    radius = max(LEAST_RADIUS, round(WINDOW * max(height, width)))
    row, column = min(height - 1, int(y * height)), min(width - 1, int(x * width))
    rows = slice(max(0, row - radius), row + radius + 1)
    columns = slice(max(0, column - radius), column + radius + 1)
    return np.median(pixels[rows, columns].reshape(-1, 3), axis=0)


@functools.cache
def _prototypes() -> tuple[list[str], np.ndarray]:
    pairs = [(name, parse_hex(color)) for name, c in PROTOTYPES.items() for color in c.split()]
    return [name for name, _ in pairs], rgb_to_lab(np.array([rgb for _, rgb in pairs]))
