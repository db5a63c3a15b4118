"""Which color each part gets, and which parts the instruction names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pokecolor.colors import TERMS, sample_color

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

COUNTS = (0.1, 0.12, 0.18, 0.22, 0.18, 0.12, 0.08)
"""How likely 0, 1, 2, ... parts are named besides the body."""


@dataclass(frozen=True)
class Coloring:
    """The colors of all parts of a drawing, and which of them the instruction tells."""

    terms: dict[str, str]
    """The basic color term of each part."""
    rgb: dict[str, RGB]
    """Its sRGB color, 0 to 255."""
    named: list[str]
    """The parts to be told, in that order; never empty."""


def color_parts(regions: list[str], nameable: list[str], rng: np.random.Generator) -> Coloring:
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
    return Coloring(terms, rgb, named)


def _choose_named(others: list[str], rng: np.random.Generator) -> list[str]:
    """The body, nearly always, and some other parts in any order."""
    count = min(int(rng.choice(len(COUNTS), p=COUNTS)), len(others))
    chosen = []
    if count:
        weights = np.array([0.3 if region in SELDOM else 1.0 for region in others])
        picks = rng.choice(len(others), count, replace=False, p=weights / weights.sum())
        chosen = [others[pick] for pick in picks]
    return chosen if chosen and rng.random() < 0.04 else [BODY, *chosen]


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


def _any(rng: np.random.Generator) -> str:
    return TERMS[rng.integers(len(TERMS))]
