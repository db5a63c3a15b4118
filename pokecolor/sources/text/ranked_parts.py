"""Parts without names are named by their size: "main", "details", "accents"."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pokecolor.core.colors import TERMS, name_color, sample_color
from pokecolor.core.errors import UserError
from pokecolor.core.schema import Part
from pokecolor.sources.text.color_words import typical_color
from pokecolor.sources.text.wording import write_instruction

RGB = tuple[int, int, int]

PART_NAMES = (("main",), ("details", "parts", "markings"), ("accents", "trim"), ("small parts",))
MIN_PART_SHARE = 0.01
"""Minimum area of a named part, as a share of the page."""


def rank_regions(part_map: np.ndarray, count: int) -> tuple[list[int], np.ndarray, int]:
    """Parts from the largest to the smallest.

    Args:
        part_map: uint8 [height, width], 0 where none of the `count` parts shows.

    Returns:
        the indices of parts in this order; the renumbered map; and the number of parts that are
        large enough to be named.
    """
    area = np.bincount(part_map.reshape(-1), minlength=count + 1)[1:]
    order = np.argsort(-area, kind="stable")
    renumbered = np.concatenate([[0], 1 + np.argsort(order)]).astype(np.uint8)[part_map]
    return order.tolist(), renumbered, int((area >= MIN_PART_SHARE * part_map.size).sum())


@dataclass(frozen=True)
class Recoloring:
    """New colors of ranked parts, and the instruction that asks for them."""

    rgb: tuple[RGB, ...]
    """Color of each part, sRGB in 0 to 255, the largest part first."""
    parts: tuple[Part, ...]
    prompt: str


def require_first_recoloring(first_recoloring: int) -> None:
    """Raise a UserError unless variants can be numbered from it on."""
    if first_recoloring < 1:
        raise UserError(f"first_recoloring={first_recoloring}: give a number from 1 on")


def choose_colors(
    rng: np.random.Generator,
    count: int,
    visible: int,
    palette: str,
    subject: str | None,
    own: list[RGB] | None = None,
) -> Recoloring:
    """Random colors for `count` ranked parts, and an instruction that names some of them.

    Args:
        visible: number of parts, from the largest, that may be named.
        palette: "varied", many colors for each word and for unnamed parts, or "typical", one color
            for each word, and the main color for unnamed parts.
        subject: subject of the drawing, if it has a name.
        own: the colors; None for random ones.
    """
    looks = [(name_color(rgb), rgb) for rgb in own] if own else _looks(rng, count, palette)
    told = min(visible, len(PART_NAMES))
    if rng.random() >= 0.7:
        told = min(int(rng.integers(1, visible + 1)), told)
    if own is None and palette == "typical":
        looks = [look if i < told else looks[0] for i, look in enumerate(looks)]
    words, base = zip(*looks, strict=True)
    names = [str(rng.choice(PART_NAMES[min(i, 3)])) for i in range(count)]
    prompt = write_instruction(
        rng,
        (subject if rng.random() < 0.7 else None) or "drawing",
        words[0],
        list(zip(names[1:told], words[1:told], strict=True)),
    )
    parts = tuple(
        Part(name, name_color(rgb), rgb, named=i < told)
        for i, (name, rgb) in enumerate(zip(names, base, strict=True))
    )
    return Recoloring(base, parts, prompt)


def _looks(rng: np.random.Generator, count: int, palette: str) -> list[tuple[str, RGB]]:
    """A word and its color for each part."""
    terms = list(rng.permutation(TERMS)) + list(rng.choice(TERMS, max(0, count - len(TERMS))))
    if rng.random() < 0.15:  # neighbors may share a color
        terms[1] = terms[0]
    terms = [str(term) for term in terms[:count]]
    if palette == "typical":
        return [typical_color(term, rng) for term in terms]
    return [(term, sample_color(term, rng)) for term in terms]
