"""Finds the parts that a caption names, and their colors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from pokecolor.core.colors import find_color_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pokecolor.core.schema import Part


class NamedPart(NamedTuple):
    """A part as a caption names it."""

    place: int
    """Position of the name's last letter in the caption."""
    name: str
    color: str


def find_named_parts(caption: str, parts: Sequence[Part]) -> list[NamedPart]:
    """Parts that a caption names right after their color, in order.

    There a causal text tower knows the part's color: "red" at the end of "eyes" in "a creature with
    red eyes". Parts named before their color are left out.
    """
    words = find_color_words(caption)
    free = caption.lower()
    found = []
    # "inner ears" before "ears", which it contains
    for part in sorted(parts, key=lambda part: -len(part.name)):
        match = re.search(rf"\b{re.escape(part.name)}\b", free)
        if match is None:
            continue
        free = free[: match.start()] + " " * len(match.group()) + free[match.end() :]
        before = [term for _, end, term in words if end <= match.start()]
        if before and before[-1] == part.color:
            found.append(NamedPart(match.end() - 1, part.name, part.color))
    return sorted(found)
