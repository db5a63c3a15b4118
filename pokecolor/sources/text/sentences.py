"""Instructions without images, from which mini's text encoder learns nouns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pokecolor.core.colors import TERMS
from pokecolor.core.schema import Part, Triplet
from pokecolor.sources.drawing_source import DrawingSource
from pokecolor.sources.splits import split_of
from pokecolor.sources.text import color_words, descriptions, wording
from pokecolor.sources.text.color_words import typical_color
from pokecolor.sources.text.descriptions import describe_several, write_description
from pokecolor.sources.text.noun_list import all_nouns, noun_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pokecolor.core.schema import Split

VERSION = 1
"""Raised whenever the same settings give other triplets."""

MAIN = "body"
"""The part with the main color."""

WHOLES = ("people", "animals and creatures", "food", "vehicles and machines", "plants")
"""Groups of nouns for whole drawings, or for one of several things on a page."""


@dataclass(frozen=True, eq=False)
class SentenceSource(DrawingSource):
    """Instructions with blank images, and the colors that they name.

    A text encoder needs far more nouns than there are labeled drawings. The combinations of nouns
    are random, so that only grammar binds a color to a noun.
    """

    name = "sentences"

    size: int = 128
    """Width and height of the blank images in pixels, as of the other sources."""
    count: int = 50_000
    """Number of instructions."""
    first_seed: int = 0
    """Number of the first instruction."""
    val: float = 0.01
    """Share of them held out for validation, 0 to 1."""

    def depends_on(self) -> list[object]:
        versions = [VERSION, wording.VERSION, descriptions.VERSION, color_words.VERSION]
        return [versions, all_nouns()]

    def drawings(self) -> Sequence[str]:
        """ "sentence-000000" and so on."""
        return [f"sentence-{n:06d}" for n in range(self.first_seed, self.first_seed + self.count)]

    def split_of(self, drawing_id: str) -> Split:
        return split_of(drawing_id, self.val, 0.0)

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        """One triplet with a blank sketch."""
        rng = np.random.default_rng((VERSION, int(drawing_id.rpartition("-")[2])))
        prompt, parts = write_sentence(rng)
        blank = np.full((self.size, self.size, 3), 255, np.uint8)
        yield Triplet(drawing_id, drawing_id, blank, blank, prompt, parts, blank[..., 0] * 0)


def write_sentence(rng: np.random.Generator) -> tuple[str, tuple[Part, ...]]:
    """A random instruction, and the parts that it names."""
    wholes = [noun for group in WHOLES for noun in noun_groups()[group]]
    if rng.random() < 0.2:
        nouns = [str(noun) for noun in rng.choice(wholes, rng.integers(2, 5), replace=False)]
        looks = [_random_color(rng) for _ in nouns]
        told = [(noun, word) for noun, (word, _, _) in zip(nouns, looks, strict=True)]
        return describe_several(rng, told), tuple(map(_part, nouns, looks))
    subject = str(rng.choice(wholes))
    nouns = [str(noun) for noun in rng.choice(_nouns(rng), rng.integers(0, 6), replace=False)]
    nouns = [noun for noun in nouns if noun not in (subject, MAIN)]
    looks = [_random_color(rng) for _ in nouns]
    told = [(noun, word) for noun, (word, _, _) in zip(nouns, looks, strict=True)]
    parts = tuple(map(_part, nouns, looks))
    if nouns and rng.random() < 0.35:
        return write_description(rng, subject, None, told), parts
    main = _random_color(rng)
    return write_description(rng, subject, main[0], told), (_part(MAIN, main), *parts)


def _nouns(rng: np.random.Generator) -> Sequence[str]:
    """Nouns of one or two groups that occur together, or any nouns."""
    if rng.random() < 0.3:
        return all_nouns()
    groups = list(noun_groups().values())
    chosen = rng.choice(len(groups), rng.integers(1, 3), replace=False)
    return [noun for group in chosen for noun in groups[group]]


def _random_color(rng: np.random.Generator) -> tuple[str, str, tuple[int, int, int]]:
    """A random color: word, basic term, and sRGB color."""
    term = str(rng.choice(TERMS))
    word, rgb = typical_color(term, rng)
    return word, term, rgb


def _part(noun: str, look: tuple[str, str, tuple[int, int, int]]) -> Part:
    _, term, rgb = look
    return Part(noun, term, rgb, named=True)
