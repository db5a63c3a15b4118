"""Prompt-color F1: the colors that an instruction names against those in the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.colors import find_color_words
from pokecolor.palette import color_shares, f1_of, present_colors

if TYPE_CHECKING:
    import numpy as np


def prompt_color_f1(
    image: np.ndarray, prompt: str, left_out: np.ndarray | None = None
) -> float | None:
    """F1 of the named colors against those that are there; None if the prompt names none.

    It needs no masks, and so it does not know which part should have which color.

    Args:
        image: uint8 [height, width, 3].
        prompt: the instruction.
        left_out: bool [height, width], as for `color_shares`.
    """
    named = {term for _, _, term in find_color_words(prompt)}
    return f1_of(named, present_colors(image, left_out)) if named else None


def has_main_color(image: np.ndarray, term: str, left_out: np.ndarray | None = None) -> bool:
    """Whether a color is the foreground's most frequent one.

    Args:
        image: uint8 [height, width, 3].
        term: a basic color term.
        left_out: bool [height, width], as for `color_shares`.
    """
    (main, share), *_ = color_shares(image, left_out).items()
    return share > 0 and main == term
