"""Off-target change: how much else changes if the instruction recolors one part."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import ndimage

from pokecolor.core.colors import TERMS, find_color_words, rgb_to_lab

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from pokecolor.core.schema import Part

VISIBLE = 10.0
"""A pixel has changed if its colors have at least this CIELAB distance (CIE 1976)."""
MARGIN = 2
"""Pixels around the part that count as its own: outline and antialiasing."""


class Swap(NamedTuple):
    """An instruction with one part's color replaced."""

    prompt: str
    part: int
    """Index of the part."""
    color: str
    """Its new basic color term."""


def swap_part_color(prompt: str, parts: Sequence[Part], rng: random.Random) -> Swap | None:
    """Replace the color of one named part by a color that the instruction does not mention.

    The part must be the only one with its color, and the color must be mentioned once; None if
    there is no such part.
    """
    words = find_color_words(prompt)
    mentioned = [term for _, _, term in words]
    colors = [part.color for part in parts if part.named]
    choices = [
        i
        for i, part in enumerate(parts)
        if part.named and mentioned.count(part.color) == colors.count(part.color) == 1
    ]
    others = [term for term in TERMS if term not in mentioned]
    if not choices or not others:
        return None
    chosen, color = rng.choice(choices), rng.choice(others)
    start, end = next(word[:2] for word in words if word[2] == parts[chosen].color)
    return Swap(prompt[:start] + color + prompt[end:], chosen, color)


def off_target_change(
    before: np.ndarray, after: np.ndarray, part: np.ndarray, among: np.ndarray | None = None
) -> float:
    """The share of pixels outside a part that change visibly.

    Args:
        before: uint8 [height, width, 3], the picture for the instruction.
        after: the picture for the instruction with the part's color swapped, same sketch and seed.
        part: bool [height, width], the part.
        among: bool [height, width], pixels to consider; None for all.
    """
    outside = ~ndimage.binary_dilation(part, iterations=MARGIN)
    if among is not None:
        outside &= among
    if not outside.any():
        return 0.0
    change = np.linalg.norm(rgb_to_lab(before[outside]) - rgb_to_lab(after[outside]), axis=-1)
    return float((change > VISIBLE).mean())
