"""Parses color names and values, and finds the nearest color word that mini knows."""

from __future__ import annotations

import csv
import functools
import re
from collections.abc import Collection
from importlib.resources import files
from typing import NamedTuple

import numpy as np
from PIL import ImageColor

from pokecolor.core.colors import SYNONYMS, TERMS, parse_hex, rgb_to_lab
from pokecolor.core.typical_colors import LOOKS, TYPICAL

Rgb = tuple[int, int, int]

KNOWN: dict[str, Rgb] = {word: parse_hex(color) for word, color in (LOOKS | TYPICAL).items()}
"""The color words that mini learned, each with a typical sRGB color, 0 to 255."""

SHADES = {
    "dark": "dark", "darker": "dark", "deep": "dark", "darkish": "dark", "dusky": "dark",
    "drak": "dark", "light": "light", "lite": "light", "lighter": "light", "lightish": "light",
    "soft": "light", "pastel": "light", "baby": "light", "faint": "light",
    "pale": "pale", "paler": "pale", "faded": "pale",
    "bright": "bright", "brighter": "bright", "vivid": "bright", "strong": "bright",
    "neon": "bright", "hot": "bright", "intense": "bright", "fluorescent": "bright",
    "fair": "light",
}  # fmt: skip
"""Words that make a shade of a color, each with mini's own."""

LIGHTER = {"dark": -18.0, "light": 15.0, "pale": 18.0, "bright": 4.0}
"""By how much of CIELAB's lightness each shade differs from its color."""

ISH = {
    "reddish": "red", "orangish": "orange", "orangey": "orange", "yellowish": "yellow",
    "yellowy": "yellow", "greenish": "green", "greeny": "green", "bluish": "blue",
    "blueish": "blue", "purplish": "purple", "purpley": "purple", "pinkish": "pink",
    "brownish": "brown", "blackish": "black", "greyish": "grey", "grayish": "grey",
    "whitish": "white", "reds": "red", "blues": "blue", "greens": "green",
}  # fmt: skip

FAVOR = 0.7
"""Factor of the distance to basic terms, which mini has seen far more often."""

VALUE = re.compile(
    r"#(?:[0-9a-f]{8}|[0-9a-f]{6}|[0-9a-f]{3,4})\b|\b(?:rgb|hsl|hsv)a?\s*\([^()]{3,60}\)",
    re.IGNORECASE,
)
"""A color by its value."""


class ParsedColor(NamedTuple):
    """A color of an instruction."""

    word: str
    """The nearest word that mini knows."""
    exact: Rgb | None = None
    """Its sRGB color, 0 to 255, if no word that mini knows means exactly it."""
    by_value: bool = False
    """Whether it was written as a value: "#ff0000"."""


def read_value(text: str) -> ParsedColor | None:
    """A color by its value, as CSS writes it: "#f00", "rgb(255, 0, 0)", "hsl(0, 100%, 50%)".

    Numbers without "%" or commas, and an opacity, are taken as well; None if it is no color.
    """
    name, _, inner = text.lower().partition("(")
    if inner:
        kind = name.strip()[:3]
        numbers = re.findall(r"-?\d+(?:\.\d+)?%?", inner)[:3]
        if len(numbers) < 3:
            return None
        if kind != "rgb":
            numbers = [numbers[0], *(f"{number.rstrip('%')}%" for number in numbers[1:])]
        text = f"{kind}({', '.join(numbers)})"
    try:
        red, green, blue = ImageColor.getrgb(text)[:3]
    except ValueError:
        return None
    rgb = tuple(min(255, max(0, round(part))) for part in (red, green, blue))
    return ParsedColor(nearest_word(rgb), rgb, by_value=True)


@functools.cache
def read_name(phrase: str) -> ParsedColor | None:
    """A color by its name: a word of mini's, a name of CSS, or one that people use.

    Args:
        phrase: lowercase words with one space between them: "dark green", "cornflower blue".
    """
    phrase = phrase.replace("coloured", "colored")
    if phrase in KNOWN:
        return ParsedColor(phrase)
    if phrase in ISH:
        return ParsedColor(ISH[phrase])
    if named := _people_say().get(phrase):
        return named
    value = ImageColor.colormap.get(phrase.replace(" ", ""))
    shade, _, base = phrase.partition(" ")
    if isinstance(value, str) and not (shade in SHADES and base == "gray"):
        rgb = parse_hex(value)
        return ParsedColor(nearest_word(rgb), rgb)
    return _shade_of(SHADES[shade], base) if shade in SHADES and base else None


def nearest_word(rgb: Rgb, taken: Collection[str] = ()) -> str:
    """The word of mini's whose typical color is nearest to an sRGB color in CIELAB.

    Args:
        rgb: 0 to 255.
        taken: words that are not to be used.
    """
    words, labs, weights = _known_labs()
    apart = np.linalg.norm(labs - rgb_to_lab(np.array(rgb)), axis=1) * weights
    return next(words[i] for i in apart.argsort(kind="stable") if words[i] not in taken)


def mixed(tint: ParsedColor, base: ParsedColor) -> ParsedColor:
    """Two color words in a row: "navy blue" is navy, "blue green" lies between the two."""
    of_base = SYNONYMS.get(base.word, base.word.split()[-1])
    if SYNONYMS.get(tint.word, tint.word.split()[-1]) == of_base:
        return tint if base.word == of_base else base
    rgb = [color.exact or KNOWN[color.word] for color in (tint, base)]
    between = np.average(rgb, axis=0, weights=(1, 2)).round().astype(int)
    value = int(between[0]), int(between[1]), int(between[2])
    return ParsedColor(nearest_word(value), value)


def apart(colors: list[ParsedColor]) -> list[ParsedColor]:
    """The same colors, with a word of its own for each that has an exact value.

    Afterwards a region of the painting is known by the word alone; so neither another exact color
    nor a color without one may share it.
    """
    taken: dict[str, Rgb | None] = {color.word: None for color in colors if not color.exact}
    found = []
    for color in colors:
        if color.exact and taken.get(color.word, color.exact) != color.exact:
            same = [word for word, rgb in taken.items() if rgb == color.exact]
            color = color._replace(word=same[0] if same else nearest_word(color.exact, taken))
        if color.exact:
            taken[color.word] = color.exact
        found.append(color)
    return found


def _shade_of(shade: str, base: str) -> ParsedColor | None:
    """ "dark teal": a shade of a word that has none of its own."""
    named = read_name(base)
    if named is None:
        return None
    term = SYNONYMS.get(named.word, named.word)
    if term == "black":
        return ParsedColor("dark grey" if shade in ("light", "pale") else "black")
    if f"{shade} {term}" in KNOWN and not named.exact:
        return ParsedColor(f"{shade} {term}")
    if not named.exact:
        return ParsedColor(named.word)
    rgb = np.array(named.exact) + 2.55 * LIGHTER[shade]
    value = tuple(int(part) for part in np.clip(rgb, 0, 255).round())
    return ParsedColor(nearest_word(value), value)


@functools.cache
def _people_say() -> dict[str, ParsedColor]:
    text = files(__package__).joinpath("colors.tsv").read_text(encoding="utf-8")
    found = {}
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        rgb = parse_hex(row["hex"]) if row["hex"] else None
        found[row["name"]] = ParsedColor(row["word"] or nearest_word(rgb), rgb)
    return found


@functools.cache
def color_spellings() -> tuple[str, ...]:
    """Single words that name a color, which a misspelled one may stand for."""
    single = {word for word in (*KNOWN, *_people_say()) if " " not in word}
    return tuple(sorted({*TERMS, *SYNONYMS, *ISH, *single, *ImageColor.colormap}))


@functools.cache
def _known_labs() -> tuple[list[str], np.ndarray, np.ndarray]:
    words = list(KNOWN)
    weights = np.array([FAVOR if word in TERMS else 1.0 for word in words])
    return words, rgb_to_lab(np.array(list(KNOWN.values()))), weights
