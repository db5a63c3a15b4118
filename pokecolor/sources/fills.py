"""Groups the flat fills of a drawing into families that are recolored together.

A family contains the fills with the same color name, such as an orange and its shade, so that a
recolored drawing keeps its shading.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pokecolor.core.colors import name_color, parse_hex, rgb_to_lab

if TYPE_CHECKING:
    from collections.abc import Sequence


def families_of(fills: Sequence[str]) -> list[list[int]]:
    """Indices of "#rrggbb" fills by their color name, the lightest of each family first."""
    by_term: dict[str, list[int]] = {}
    for index, fill in enumerate(fills):
        by_term.setdefault(name_color(parse_hex(fill)), []).append(index)
    return [
        sorted(family, key=lambda index: lightness(fills[index]), reverse=True)
        for family in by_term.values()
    ]


def lightness(fill: str) -> float:
    """CIELAB L of "#rrggbb", 0 to 100."""
    return float(rgb_to_lab(np.array(parse_hex(fill)))[0])


def shade(base: tuple[int, int, int], fill: str, lightest: str) -> tuple[int, int, int]:
    """Darken `base` as much as `fill` is darker than `lightest`, as far as its name allows."""
    wanted = min(1.0, max(0.55, lightness(fill) / max(lightness(lightest), 1.0)))
    for strength in (1.0, 0.66, 0.33):
        factor = 1 - strength * (1 - wanted)
        shaded = tuple(round(channel * factor) for channel in base)
        if name_color(shaded) == name_color(base):
            return shaded
    return base
