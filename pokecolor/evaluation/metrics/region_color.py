"""Region color accuracy: does each part have the color that the instruction gives it?"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pokecolor.core.colors import name_color, rgb_to_lab

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pokecolor.core.schema import Part

NOTHING = "nothing"
"""Replaces the color if the model failed."""
MIN_PIXELS = 4
"""Parts with fewer pixels are not scored."""


def region_medians(
    image: np.ndarray, part_map: np.ndarray, parts: Sequence[Part]
) -> list[np.ndarray | None]:
    """Each part's median color, [3] in 0 to 255; None for parts below `MIN_PIXELS`.

    Args:
        image: uint8 [height, width, 3].
        part_map: uint8 [height, width], i where `parts[i - 1]` shows, 0 on lines and elsewhere.
        parts: the parts.
    """
    of_each = (image[part_map == number] for number in range(1, len(parts) + 1))
    return [np.median(pixels, axis=0) if len(pixels) >= MIN_PIXELS else None for pixels in of_each]


class Hit(NamedTuple):
    """The required and the actual color of a part."""

    part: str
    """Its name."""
    color: str
    """The basic term of its color in the ground truth."""
    found: str
    """The basic term of its median color in the picture, or `NOTHING`."""
    pixels: int
    """Its number of pixels."""
    distance: float
    """CIELAB distance of the two colors: "dark blue" is far from "light blue"."""

    @property
    def hit(self) -> bool:
        """Whether both terms are the same."""
        return self.color == self.found


def region_color_hits(image: np.ndarray, part_map: np.ndarray, parts: Sequence[Part]) -> list[Hit]:
    """Compare the colors of the parts that the instruction names.

    Args:
        image: uint8 [height, width, 3].
        part_map: uint8 [height, width].
        parts: the parts with their colors in the ground truth.
    """
    medians = region_medians(image, part_map, parts)
    pixels = np.bincount(part_map.reshape(-1), minlength=len(parts) + 1)[1:]
    return [
        Hit(part.name, part.color, name_color(tuple(rgb)), int(count), _distance(rgb, part.rgb))
        for part, rgb, count in zip(parts, medians, pixels, strict=True)
        if rgb is not None and part.named
    ]


def _distance(rgb: np.ndarray, other: tuple[int, int, int]) -> float:
    """CIELAB distance of two sRGB colors (CIE 1976)."""
    return float(np.linalg.norm(rgb_to_lab(rgb) - rgb_to_lab(np.array(other))))
