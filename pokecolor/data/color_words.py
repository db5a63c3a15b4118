"""Which word a person may use for a color: its basic term, a shade of it, or another name."""

from __future__ import annotations

import functools

import numpy as np

from pokecolor.colors import SYNONYMS, name_color, parse_hex, rgb_to_lab
from pokecolor.errors import UserError

VERSION = 2
"""Raised whenever the same request would give another word; sources of triplets depend on it."""

SHADES = {
    "red": (38, 101), "orange": (58, 77), "yellow": (72, 94), "green": (40, 75), "blue": (38, 74),
    "purple": (36, 64), "pink": (58, 82), "brown": (38, 58), "grey": (45, 76),
}  # fmt: skip
"""CIELAB lightness below which a term may be called dark, and above which light."""

BRIGHT = 75.0
"""CIELAB chroma above which a color may be called bright."""

LOOKS = {
    "gray": "808080", "silver": "c0c0c0", "ash": "b2beb5", "slate": "708090", "charcoal": "36454f",
    "crimson": "dc143c", "scarlet": "ff2400", "ruby": "9b111e", "maroon": "800000",
    "cherry": "c2143c", "tangerine": "f28500", "peach": "ffb366", "amber": "ffa512",
    "apricot": "fbb46c", "gold": "ffd700", "golden": "f5c518", "lemon": "fff44f",
    "cream": "fff5c2", "mustard": "e1ad01", "lime": "a4de02", "olive": "6b7a1e",
    "emerald": "1fa35c", "mint": "98ecb4", "teal": "008b7a", "cyan": "00d5ea",
    "turquoise": "30c8d6", "navy": "0a1a6e", "azure": "2a8cf0", "aqua": "10d0f0",
    "indigo": "2a2a86", "violet": "8a3fd0", "lavender": "b79ce0", "lilac": "c8a2d8",
    "plum": "7a3a78", "magenta": "f030a0", "rose": "f4557f", "salmon": "ff9a92",
    "fuchsia": "f542b0", "tan": "cfa46c", "beige": "d2b48c", "chocolate": "5c3620",
    "chestnut": "8a4a30", "ivory": "fffff0", "snowy": "fdfdff", "ebony": "14100e",
}  # fmt: skip
"""A typical sRGB color for each of `pokecolor.colors.SYNONYMS`."""

NEAR = 16.0
"""CIELAB distance within which a color may bear another name."""

TYPICAL = {
    "red": "e53935", "dark red": "8b0000", "bright red": "ff0000",
    "orange": "f57c00", "dark orange": "d0581a", "light orange": "ffbb66", "pale orange": "ffbb66",
    "bright orange": "ff8c00",
    "yellow": "ffd600", "dark yellow": "d1aa12", "light yellow": "fff59d",
    "pale yellow": "fff59d", "bright yellow": "ffeb3b",
    "green": "4caf50", "dark green": "1b5e20", "light green": "90ee90", "pale green": "a5d6a7",
    "bright green": "3fc03a",
    "blue": "2196f3", "dark blue": "1a237e", "light blue": "81d4fa", "pale blue": "92d3f5",
    "bright blue": "1c6cff",
    "purple": "9c27b0", "dark purple": "4a148c", "light purple": "c39fd8",
    "pale purple": "c39fd8", "bright purple": "a01fc8",
    "pink": "ff69b4", "dark pink": "e91e63", "light pink": "fbc4d6", "pale pink": "fbc4d6",
    "bright pink": "ff40b4",
    "brown": "8b5a2b", "dark brown": "5d3a1e", "light brown": "c49a6c", "pale brown": "c49a6c",
    "black": "101010",
    "grey": "999999", "dark grey": "5c5c5c", "light grey": "c6c6c6", "pale grey": "c6c6c6",
    "white": "ffffff",
}  # fmt: skip
"""An sRGB color for each basic term and each shade, well within what bears its name."""

PLAIN = 0.6
"""How often a model that learns typical colors is told the basic term: of the seventy other words
each is rare enough as it is."""

PALETTES = ("varied", "typical")
"""Whether a color word may stand for many colors or for one; see `typical_color`."""


def color_words(rgb: tuple[int, int, int]) -> dict[str, list[str]]:
    """All words for an sRGB color in 0 to 255: {"plain": [...], "shade": [...], "other": [...]}."""
    term = name_color(rgb)
    lab = rgb_to_lab(np.array(rgb))
    shades = []
    if term in SHADES:
        dark, light = SHADES[term]
        if lab[0] < dark:
            shades.append(f"dark {term}")
        elif lab[0] > light:
            shades += [f"light {term}", f"pale {term}"]
        elif np.hypot(lab[1], lab[2]) > BRIGHT:
            shades.append(f"bright {term}")
    words, looks = _looks()
    near = np.linalg.norm(looks - lab, axis=1) < NEAR
    others = [
        word for word, fits in zip(words, near, strict=True) if fits and SYNONYMS[word] == term
    ]
    return {"plain": [term], "shade": shades, "other": others}


def color_word(rgb: tuple[int, int, int], rng: np.random.Generator, plain: float = 0.75) -> str:
    """One word for a color.

    Args:
        plain: the probability of its basic term; otherwise it is a shade or another name that fits.
    """
    words = color_words(rgb)
    fitting = [words[kind] for kind in ("shade", "other") if words[kind]]
    if not fitting or rng.random() < plain:
        return words["plain"][0]
    choices = fitting[rng.integers(len(fitting))]
    return choices[rng.integers(len(choices))]


def typical_color(
    term: str, rng: np.random.Generator, plain: float = PLAIN
) -> tuple[str, tuple[int, int, int]]:
    """A word that counts as `term`, and the one color, sRGB in 0 to 255, that it stands for.

    A model that is to tell from the words alone what to paint learns most from these: nothing is
    left for its noise to choose.

    Args:
        plain: the probability of the term itself; otherwise it is a shade or another name.
    """
    shades, others = _words_of(term)
    kinds = [words for words in (shades, others) if words]
    word = term
    if kinds and rng.random() >= plain:
        words = kinds[rng.integers(len(kinds))]
        word = words[rng.integers(len(words))]
    return word, parse_hex(TYPICAL.get(word) or LOOKS[word])


def require_palette(palette: str) -> None:
    """Raise a UserError unless it is one of `PALETTES`."""
    if palette not in PALETTES:
        raise UserError(f"palette {palette!r} is unknown; use {' or '.join(PALETTES)}")


@functools.cache
def _words_of(term: str) -> tuple[list[str], list[str]]:
    """The shades of a term, and its other names."""
    shades = [word for word in TYPICAL if word.endswith(f" {term}")]
    return shades, [word for word, of in SYNONYMS.items() if of == term]


@functools.cache
def _looks() -> tuple[list[str], np.ndarray]:
    words = list(LOOKS)
    return words, rgb_to_lab(np.array([parse_hex(LOOKS[word]) for word in words]))
