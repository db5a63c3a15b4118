"""Hard negatives for color binding: captions that differ in one color word."""

from __future__ import annotations

import random

from pokecolor.core.colors import TERMS, find_color_words


def swap_one_color(caption: str, count: int, rng: random.Random) -> list[str]:
    """`count` different captions, each with one color word replaced by another basic term.

    A caption with w color words has 10 w such neighbors; if `count` is larger, captions with two
    replaced words are added. No neighbor equals `caption`.

    Args:
        caption: a text with at least one color word.
        count: how many neighbors to return.
        rng: source of randomness.

    Raises:
        ValueError: no color word in `caption`.
    """
    if not find_color_words(caption):
        raise ValueError(f"no color word in {caption!r}")
    neighbors = _neighbors(caption)
    rng.shuffle(neighbors)
    seen = dict.fromkeys(neighbors)
    for neighbor in neighbors:
        if len(seen) >= count:
            break
        seen.update(dict.fromkeys(n for n in _neighbors(neighbor) if n != caption))
    return list(seen)[:count]


def _neighbors(caption: str) -> list[str]:
    """All captions with exactly one color word replaced, without duplicates."""
    return list(
        dict.fromkeys(
            caption[:start] + term + caption[end:]
            for start, end, named in find_color_words(caption)
            for term in TERMS
            if term != named
        )
    )
