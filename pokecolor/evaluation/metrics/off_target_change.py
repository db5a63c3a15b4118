"""Off-target change: what else changes when the instruction recolors one part."""

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
"""Distance in CIELAB (CIE 1976) from which on a change counts: colors differ at a glance."""
MARGIN = 2
"""Pixels around the part that belong to it: its outline and what smooth edges blend."""


class Swap(NamedTuple):
    """An instruction with one part's color replaced."""

    prompt: str
    part: int
    """Index of the part."""
    color: str
    """Its new basic color term."""


def swap_part_color(prompt: str, parts: Sequence[Part], rng: random.Random) -> Swap | None:
    """Give one named part another color, none that the instruction mentions.

    Only a color that is mentioned once, for one part, can be swapped without doubt; None if there
    is no such part.
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
        before: uint8 [height, width, 3], colored by an instruction.
        after: the same sketch and seed by the instruction with the part's color swapped.
        part: bool [height, width], where the part shows.
        among: bool [height, width], the only pixels to look at; None for all.
    """
    outside = ~ndimage.binary_dilation(part, iterations=MARGIN)
    if among is not None:
        outside &= among
    if not outside.any():
        return 0.0
    change = np.linalg.norm(rgb_to_lab(before[outside]) - rgb_to_lab(after[outside]), axis=-1)
    return float((change > VISIBLE).mean())
