"""Which color each part gets, and which parts the instruction names."""

from __future__ import annotations

import numpy as np

from pokecolor.colors import TERMS, sample_color

BODY = "body"

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
"""What parts are usually like: weights of colors; the probability of following them is `HABIT`."""

HABIT = 0.45
SAME = 0.18
"""The probability that a part has the body's color although it could have its own."""


def color_parts(
    regions: list[str], rng: np.random.Generator
) -> tuple[dict[str, tuple[str, tuple[int, int, int]]], list[str]]:
    """Random colors for the parts of a drawing.

    A part that the instruction leaves out mostly follows its habit or the body, because nothing
    tells its color.

    Returns:
        The term and sRGB color of each part, and the parts to be named, the body first if it is.
    """
    main = TERMS[rng.integers(len(TERMS))]
    accent = TERMS[rng.integers(len(TERMS))]
    body = sample_color(main, rng)
    colors = {BODY: (main, body)}
    named = [BODY] if rng.random() < 0.96 else []
    brief = rng.random() < 0.12
    for region in (region for region in regions if region != BODY):
        # the body alone, all parts, or most of those that stand out
        tell = 0.0 if brief else rng.choice([0.55, 0.8, 1.0])
        if region in ("mouth", "tongue", "flame core"):
            tell *= 0.3
        if rng.random() < tell:
            named.append(region)
            term = main if rng.random() < SAME else _term(region, accent, rng)
        else:
            term = _unnamed(region, main, rng)
        colors[region] = (
            term,
            body if term == main and rng.random() < 0.7 else sample_color(term, rng),
        )
    if not named:
        named = [BODY]
    rest = named[1:] if named[0] == BODY else named
    rng.shuffle(rest)
    return colors, [BODY, *rest] if named[0] == BODY else rest


def _term(region: str, accent: str, rng: np.random.Generator) -> str:
    """Any color, the drawing's second color, or one usual for the part."""
    dice = rng.random()
    if dice < HABIT * 0.7 and region in HABITS:
        return _usual(region, rng)
    if dice < 0.55:
        return accent
    return TERMS[rng.integers(len(TERMS))]


def _unnamed(region: str, main: str, rng: np.random.Generator) -> str:
    if region in HABITS:
        return _usual(region, rng)
    return main if rng.random() < 0.75 else TERMS[rng.integers(len(TERMS))]


def _usual(region: str, rng: np.random.Generator) -> str:
    terms = list(HABITS[region])
    weights = np.array(list(HABITS[region].values()))
    return terms[rng.choice(len(terms), p=weights / weights.sum())]
