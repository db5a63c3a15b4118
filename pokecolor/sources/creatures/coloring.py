"""Chooses the color of each part, and the parts that the instruction names."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from pokecolor.core.colors import TERMS, sample_color
from pokecolor.sources.text.color_words import PLAIN, typical_color

RGB = tuple[int, int, int]

BODY = "body"
"""The part with the main color of an instruction."""

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
"""Usual colors of parts: weights of color terms."""

SELDOM = ("mouth", "tongue", "flame core", "suckers", "nose")
"""Parts that people rarely name."""

FACE = ("eyes", "nose", "mouth", "tongue", "beak", "cheeks")
"""Parts that differ from the body even if they are not named."""

OWN = (*FACE, "inner ears", "flame", "flame core", "leaf", "claws", "horn", "horns")
"""Parts that keep their usual color with `palette: typical`, too."""

AS_DRAWN = {"eyes": "white"}
"""Colors of unnamed parts that keep inner lines visible, such as the outline of a pupil."""

SECOND = (
    "belly", "chest", "muzzle", "face", "forehead", "hood", "collar", "scarf", "mane", "hair",
    "crest", "spikes", "fins", "wings", "shell", "stripes", "spots", "shell spots", "wing spots",
    "ear tips", "tail tip", "wing tips", "feet", "paws", "hands",
)  # fmt: skip
"""Parts with the second color of "a blue and yellow creature"."""

COUNTS = (0.1, 0.12, 0.18, 0.22, 0.18, 0.12, 0.08)
"""Probabilities of 0, 1, 2, ... named parts besides the body."""


@dataclass(frozen=True)
class ColorScheme:
    """The colors of all parts of a drawing, and the named parts."""

    terms: dict[str, str]
    """The basic color term of each part."""
    rgb: dict[str, RGB]
    """Its sRGB color, 0 to 255."""
    named: list[str]
    """The parts to name, in this order; never empty."""
    words: dict[str, str] = field(default_factory=dict)
    """Color words of parts, if they are already chosen."""


def color_parts(regions: list[str], nameable: list[str], rng: np.random.Generator) -> ColorScheme:
    """Random colors for the parts of a drawing.

    An unnamed part mostly has the body's color or its usual color.

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
        # mostly the same color, sometimes another shade of it
        same = term == main and rng.random() < 0.7
        rgb[region] = rgb[BODY] if same else sample_color(term, rng)
    return ColorScheme(terms, rgb, named)


def color_parts_typically(
    regions: list[str], nameable: list[str], rng: np.random.Generator, two_colors: float = 0.0
) -> ColorScheme:
    """Colors that are fully determined by the instruction and the kind of each part.

    Named parts get random color words, each with its typical color. Any other part has the body's
    color, unless it keeps its own, or the body has two colors. An unnamed body is white.

    Args:
        regions: all parts, "body" among them.
        nameable: those large enough to be named.
        two_colors: share of "blue and yellow" instructions among creatures with a named body and
            unnamed, nameable parts of `SECOND`, which get the second color.
    """
    main, accent = _any(rng), _any(rng)
    others = [region for region in nameable if region != BODY]
    # more often than people do, so that the model learns to leave a body white
    named = _choose_named(others, rng, bare_share=0.12)
    plain = PLAIN
    if BODY not in named:
        main, plain = "white", 1.0
    terms, rgb, words = {BODY: main}, {}, {}
    words[BODY], rgb[BODY] = typical_color(main, rng, plain)
    seconds = [region for region in nameable if region in SECOND and region not in named]
    # without a choice no random number is drawn, so that other creatures stay the same
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
    """The body, except for a share of the drawings, and some other parts in random order."""
    count = min(int(rng.choice(len(COUNTS), p=COUNTS)), len(others))
    chosen = []
    if count:
        weights = np.array([0.3 if region in SELDOM else 1.0 for region in others])
        picks = rng.choice(len(others), count, replace=False, p=weights / weights.sum())
        chosen = [others[pick] for pick in picks]
    return chosen if chosen and rng.random() < bare_share else [BODY, *chosen]


def _told(region: str, main: str, accent: str, rng: np.random.Generator) -> str:
    """The term of a named part: any, the drawing's second, the body's, or a usual one."""
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
    """The color of `AS_DRAWN`, or the most usual color, if possible not the body's."""
    if AS_DRAWN.get(region, main) != main:
        return AS_DRAWN[region]
    weights = {term: weight for term, weight in HABITS[region].items() if term != main}
    return max(weights, key=weights.get) if weights else main


def _any(rng: np.random.Generator) -> str:
    return TERMS[rng.integers(len(TERMS))]
