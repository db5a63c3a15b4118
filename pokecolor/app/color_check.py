"""Checks which of the colors that a prompt names occur in its picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from pokecolor.coloring.instruction import read_instruction
from pokecolor.coloring.lineart import STROKE_CONTRAST, ink_of
from pokecolor.core.colors import find_color_words
from pokecolor.core.palette import PRESENT, color_shares, paper

Score = Callable[[np.ndarray, str, np.ndarray], "float | None"]
"""Of a picture, uint8 [height, width, 3], a prompt, and what is left out, bool [height, width]."""

SIDE = 384
"""Pixels along the longer side that are looked at; more would not change the shares."""
TRACE = 0.005
"""The share from which on a color is there a little, as that of eyes is."""


@dataclass(frozen=True)
class NamedColor:
    """A color that the prompt names."""

    term: str
    """The basic color term."""
    share: float
    """Of the drawing without its lines, 0 to 1."""

    @property
    def found(self) -> str:
        """ "yes", "little" or "no"."""
        if self.share >= PRESENT:
            return "yes"
        return "little" if self.share >= TRACE else "no"


@dataclass(frozen=True)
class ColorCheck:
    """How well a picture answers its prompt."""

    colors: tuple[NamedColor, ...]
    """In the order of the prompt, each once."""
    score: float | None
    """As the measure that was handed in has it, 0 to 1."""
    in_color: bool = False
    """Whether the sketch was in color, so that its lines alone were colored."""


def check_colors(
    picture: Image.Image, line_art: Image.Image, prompt: str, score: Score
) -> ColorCheck:
    """Look for the prompt's colors within the drawing, its lines left out.

    Args:
        picture: the colored sketch, RGB.
        line_art: the sketch's lines on white, RGB, the same size.
        prompt: the instruction.
        score: prompt-color F1 or another measure.
    """
    scale = min(1.0, SIDE / max(picture.size))
    size = max(1, round(picture.width * scale)), max(1, round(picture.height * scale))
    # the nearest pixel: a blend of two colors would be a third
    small, lines = (image.resize(size, Image.Resampling.NEAREST) for image in (picture, line_art))
    pixels = np.asarray(small)
    left_out = paper(pixels) | (ink_of(lines) >= STROKE_CONTRAST)
    shares = color_shares(pixels, left_out)
    # misspelled and Korean colors count, too
    told = read_instruction(prompt).model_prompt
    named = dict.fromkeys(term for _, _, term in find_color_words(told))
    return ColorCheck(
        tuple(NamedColor(term, shares[term]) for term in named), score(pixels, told, left_out)
    )
