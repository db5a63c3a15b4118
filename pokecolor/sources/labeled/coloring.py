"""Chooses colors for the named parts of a drawing, and writes the instruction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pokecolor.core.colors import TERMS
from pokecolor.core.schema import Part
from pokecolor.sources.creatures.coloring import OWN, usual_color
from pokecolor.sources.text.color_words import typical_color
from pokecolor.sources.text.descriptions import write_description

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator

RGB = tuple[int, int, int]
WHITE: RGB = (255, 255, 255)

PAPER = {
    "eyes", "teeth", "tusks", "windows", "window", "windshield", "headlights", "clock face",
    "screen", "pages", "paper",
}  # fmt: skip
"""Parts that stay white if they are not named."""
NO_MAIN = frozenset("skin hair".split())
"""Parts of people, who have no main color."""
COUNTS = (0.14, 0.26, 0.28, 0.2, 0.08, 0.04)
"""Probabilities of 0, 1, 2, ... named parts besides the whole."""


class LabeledColoring:
    """The colors of all parts, and which of them the instruction names.

    Args:
        names: names of the parts, the largest first.
        nameable: indices of parts that are large enough to be named.
        subject: subject of the drawing.
    """

    def __init__(
        self, rng: Generator, names: Sequence[str], nameable: Sequence[int], subject: str
    ) -> None:
        self.names = names
        main = _main(names, subject)
        whole = not NO_MAIN & set(names)
        has_main = main in nameable and rng.random() < (0.85 if whole else 0.0)
        # avoid "a kite with a green kite"
        others = [i for i in nameable if names[i] != subject and not (has_main and i == main)]
        has_main |= not others
        count = min(int(rng.choice(len(COUNTS), p=COUNTS)), len(others))
        told = [int(i) for i in rng.permutation(others)[: max(count, 0 if has_main else 1)]]
        looks = {i: _random_color(rng) for i in told}
        if len(told) > 1 and rng.random() < 0.12:  # neighbors may share a color
            looks[told[1]] = looks[told[0]]
        main_look = _random_color(rng) if has_main else None
        self.told = {*told, main} if has_main else set(told)
        self.rgb: list[RGB] = []
        self.terms: list[str] = []
        for i, name in enumerate(names):
            if i in looks:
                _, term, rgb = looks[i]
            elif main_look and i == main:
                _, term, rgb = main_look
            elif main_look is None or name in PAPER:
                term, rgb = "white", WHITE
            elif name in OWN:
                term = usual_color(name, main_look[1])
                _, rgb = typical_color(term, rng, plain=1.0)
            else:
                _, term, rgb = main_look
            self.terms.append(term)
            self.rgb.append(rgb)
        self.prompt = write_description(
            rng,
            subject if rng.random() < 0.85 else _any_name(rng, whole),
            main_look[0] if main_look else None,
            [(names[i], looks[i][0]) for i in told],
        )

    def parts(self) -> tuple[Part, ...]:
        """The parts of a triplet, one for each name."""
        return tuple(
            Part(name, term, rgb, i in self.told)
            for i, (name, term, rgb) in enumerate(
                zip(self.names, self.terms, self.rgb, strict=True)
            )
        )


def whole_colors(names: Sequence[str], look: tuple[str, str, RGB]) -> list[RGB]:
    """The colors of a drawing's parts if the instruction only names the main color."""
    _, _, rgb = look
    return [WHITE if name in PAPER else rgb for name in names]


def _main(names: Sequence[str], subject: str) -> int:
    """The part with the main color: the body, or the largest."""
    return next((i for i, name in enumerate(names) if name in ("body", subject)), 0)


def _random_color(rng: Generator) -> tuple[str, str, RGB]:
    """A random color: word, basic term, and sRGB color."""
    term = str(rng.choice(TERMS))
    word, rgb = typical_color(term, rng)
    return word, term, rgb


def _any_name(rng: Generator, whole: bool) -> str:
    choices = ("creature", "drawing", "character", "thing") if whole else ("person", "character")
    return str(np.asarray(choices)[rng.integers(len(choices))])
