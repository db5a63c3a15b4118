"""Words for a color: its basic term, a shade, or another name."""

from __future__ import annotations

import functools

import numpy as np

from pokecolor.core.colors import SYNONYMS, name_color, parse_hex, rgb_to_lab
from pokecolor.core.errors import UserError
from pokecolor.core.typical_colors import LOOKS, TYPICAL

VERSION = 2
"""Raised whenever the same request would give another word; sources of triplets depend on it."""

SHADES = {
    "red": (38, 101), "orange": (58, 77), "yellow": (72, 94), "green": (40, 75), "blue": (38, 74),
    "purple": (36, 64), "pink": (58, 82), "brown": (38, 58), "grey": (45, 76),
}  # fmt: skip
"""CIELAB lightness below which a term may be called dark, and above which light."""

BRIGHT = 75.0
"""CIELAB chroma above which a color may be called bright."""

NEAR = 16.0
"""CIELAB distance within which a color may bear another name."""

PLAIN = 0.6
"""Probability of the basic term with typical colors; the rest is divided among seventy words."""

PALETTES = ("varied", "typical")
"""Whether a color word stands for many colors or for one; see `typical_color`."""


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


def color_word(rgb: tuple[int, int, int], rng: np.random.Generator) -> str:
    """One word for a color: its basic term, or, by chance, a shade or another name that fits."""
    words = color_words(rgb)
    fitting = [words[kind] for kind in ("shade", "other") if words[kind]]
    if not fitting or rng.random() < 0.75:
        return words["plain"][0]
    choices = fitting[rng.integers(len(fitting))]
    return choices[rng.integers(len(choices))]


def typical_color(
    term: str, rng: np.random.Generator, plain: float = PLAIN
) -> tuple[str, tuple[int, int, int]]:
    """A word of the basic term `term`, and its typical color, sRGB in 0 to 255.

    With them the prompt determines all colors, and the noise none.

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
