"""Chooses the color of each part, and the parts that the instruction names."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pokecolor.core.colors import TERMS, sample_color
from pokecolor.sources.text.color_words import PLAIN, typical_color

RGB = tuple[int, int, int]

BODY = "body"
"""The part that the main color of an instruction is about."""

HABITS: dict[str, dict[str, float]] = {
    "eyes": {"black": 3, "red": 2, "blue": 2, "green": 1, "white": 1, "yellow": 1},
    "belly": {"white": 3, "yellow": 2, "grey": 0.5, "brown": 0.5},
    "chest": {"white": 3, "yellow": 2},
    "muzzle": {"white": 3, "yellow": 1, "brown": 1},
    "beak": {"orange": 3, "yellow": 3, "black": 0.5},
    "nose": {"black": 3, "pink": 2, "red": 1, "brown": 1},
    "mouth": {"red": 4, "pink": 3, "black": 1},
    "tongue": {"red": 3, "pink": 3},
    "cheeks": {"pink": 3, "red": 3, "orange": 1, "yellow": 0.5},
    "inner ears": {"pink": 3, "white": 1, "black": 1},
    "flame": {"orange": 3, "red": 2, "yellow": 2},
    "flame core": {"yellow": 4},
    "leaf": {"green": 5},
    "horn": {"white": 2, "yellow": 2, "grey": 1, "brown": 1},
    "horns": {"white": 2, "yellow": 2, "grey": 1, "brown": 1},
    "claws": {"white": 2, "grey": 1, "black": 1},
    "bulb": {"green": 3, "pink": 1},
    "shell": {"brown": 2, "green": 1, "grey": 1},
}
"""What parts are usually like: weights of color terms."""

SELDOM = ("mouth", "tongue", "flame core", "suckers", "nose")
"""Parts that people rarely name."""

FACE = ("eyes", "nose", "mouth", "tongue", "beak", "cheeks")
"""Parts that stand out from the body also where nobody asks for it."""

OWN = (*FACE, "inner ears", "flame", "flame core", "leaf", "claws", "horn", "horns")
"""Parts that keep to what is most usual for them also where every word has its typical color."""

AS_DRAWN = {"eyes": "white"}
"""Of these parts, what shows the lines within, such as a pupil's: black would hide them."""

SECOND = (
    "belly", "chest", "muzzle", "face", "forehead", "hood", "collar", "scarf", "mane", "hair",
    "crest", "spikes", "fins", "wings", "shell", "stripes", "spots", "shell spots", "wing spots",
    "ear tips", "tail tip", "wing tips", "feet", "paws", "hands",
)  # fmt: skip
"""Parts that have the second color of a creature said to be "blue and yellow"."""

COUNTS = (0.1, 0.12, 0.18, 0.22, 0.18, 0.12, 0.08)
"""How likely 0, 1, 2, ... parts are named besides the body."""


@dataclass(frozen=True)
class ColorScheme:
    """The colors of all parts of a drawing, and which of them the instruction tells."""

    terms: dict[str, str]
    """The basic color term of each part."""
    rgb: dict[str, RGB]
    """Its sRGB color, 0 to 255."""
    named: list[str]
    """The parts to be told, in that order; never empty."""
    words: dict[str, str] = field(default_factory=dict)
    """What to call the parts' colors, where it is settled already."""


def color_parts(regions: list[str], nameable: list[str], rng: np.random.Generator) -> ColorScheme:
    """Random colors for the parts of a drawing.

    A part that is not named mostly follows the body or its own habit, because nothing tells its
    color.

    Args:
        regions: all parts, "body" among them.
        nameable: those large enough to be named.
    """
    main, accent = _any(rng), _any(rng)
    named = _choose_named([region for region in nameable if region != BODY], rng)
    terms, rgb = {BODY: main}, {BODY: sample_color(main, rng)}
    for region in regions:
        if region == BODY:
            continue
        term = _told(region, main, accent, rng) if region in named else _untold(region, main, rng)
        terms[region] = term
        # mostly the very same paint, sometimes another shade of it
        same = term == main and rng.random() < 0.7
        rgb[region] = rgb[BODY] if same else sample_color(term, rng)
    return ColorScheme(terms, rgb, named)


def color_parts_typically(
    regions: list[str], nameable: list[str], rng: np.random.Generator, two_colors: float = 0.0
) -> ColorScheme:
    """Colors that the instruction and the kind of each part tell entirely.

    Named parts get random color words, and of each word its typical color. Any other part has the
    body's color, unless it is one that keeps its own, or the body is told in two colors. A body
    that is not named is left white.

    Args:
        regions: all parts, "body" among them.
        nameable: those large enough to be named.
        two_colors: of the creatures whose body is named and that have nameable parts of `SECOND`
            that are not, the share that is told as "blue and yellow", the second being the color
            of those parts.
    """
    main, accent = _any(rng), _any(rng)
    others = [region for region in nameable if region != BODY]
    # more often than people do: nothing else teaches to leave a body alone
    named = _choose_named(others, rng, bare_share=0.12)
    plain = PLAIN
    if BODY not in named:
        main, plain = "white", 1.0
    terms, rgb, words = {BODY: main}, {}, {}
    words[BODY], rgb[BODY] = typical_color(main, rng, plain)
    seconds = [region for region in nameable if region in SECOND and region not in named]
    # no number is drawn where there is nothing to choose, so that other creatures stay as they are
    if two_colors and seconds and BODY in named and rng.random() < two_colors:
        term = str(rng.choice([term for term in TERMS if term != main]))
        word, color = typical_color(term, rng)
        words[BODY] += f" and {word}"
    else:
        seconds = []
    for region in regions:
        if region == BODY:
            continue
        if region in named:
            terms[region] = _told(region, main, accent, rng)
            words[region], rgb[region] = typical_color(terms[region], rng)
        elif region in seconds:
            terms[region], rgb[region] = term, color
        elif region in OWN:
            terms[region] = usual_color(region, main)
            _, rgb[region] = typical_color(terms[region], rng, plain=1.0)
        else:
            terms[region], rgb[region] = main, rgb[BODY]
    return ColorScheme(terms, rgb, named, words)


def _choose_named(
    others: list[str], rng: np.random.Generator, bare_share: float = 0.04
) -> list[str]:
    """The body, but for a share of the drawings, and some other parts in any order."""
    count = min(int(rng.choice(len(COUNTS), p=COUNTS)), len(others))
    chosen = []
    if count:
        weights = np.array([0.3 if region in SELDOM else 1.0 for region in others])
        picks = rng.choice(len(others), count, replace=False, p=weights / weights.sum())
        chosen = [others[pick] for pick in picks]
    return chosen if chosen and rng.random() < bare_share else [BODY, *chosen]


def _told(region: str, main: str, accent: str, rng: np.random.Generator) -> str:
    """Any color, the drawing's second color, the body's, or one usual for the part."""
    dice = rng.random()
    if dice < 0.14:
        return main
    if dice < 0.36 and region in HABITS:
        return _usual(region, rng)
    return accent if dice < 0.5 else _any(rng)


def _untold(region: str, main: str, rng: np.random.Generator) -> str:
    if region in HABITS and (region in FACE or rng.random() < 0.7):
        return _usual(region, rng)
    return main if rng.random() < 0.85 else _any(rng)


def _usual(region: str, rng: np.random.Generator) -> str:
    terms = list(HABITS[region])
    weights = np.array(list(HABITS[region].values()))
    return terms[rng.choice(len(terms), p=weights / weights.sum())]


def usual_color(region: str, main: str) -> str:
    """What leaves a part as it is drawn, or its commonest color; not the body's, if it can be."""
    if AS_DRAWN.get(region, main) != main:
        return AS_DRAWN[region]
    weights = {term: weight for term, weight in HABITS[region].items() if term != main}
    return max(weights, key=weights.get) if weights else main


def _any(rng: np.random.Generator) -> str:
    return TERMS[rng.integers(len(TERMS))]
