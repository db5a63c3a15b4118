"""The colors of a picture and their shares."""

from __future__ import annotations

import numpy as np
from scipy import ndimage

from pokecolor.core.colors import TERMS, find_color_words, name_colors

PRESENT = 0.05
"""A color is present if it covers at least this share of the foreground."""
PAPER = 240
"""White paper has at least this value, of 255, in each channel."""


def paper(image: np.ndarray) -> np.ndarray:
    """White paper: the white pixels that are connected to the border, bool [height, width].

    Args:
        image: uint8 [height, width, 3].
    """
    return reaches_border((image >= PAPER).all(-1))


def reaches_border(mask: np.ndarray) -> np.ndarray:
    """The regions of a mask, bool [height, width], that touch the border."""
    regions, _ = ndimage.label(mask)
    border = np.concatenate([regions[0], regions[-1], regions[:, 0], regions[:, -1]])
    return np.isin(regions, border[border > 0])


def color_shares(image: np.ndarray, left_out: np.ndarray | None = None) -> dict[str, float]:
    """The share of each basic color in the foreground, the largest first; absent ones included.

    Args:
        image: uint8 [height, width, 3].
        left_out: bool [height, width], pixels to leave out; by default the paper.

    Returns:
        Term to share. All are 0 if nothing is left.
    """
    pixels = image[~(paper(image) if left_out is None else left_out)]
    counts = np.bincount(name_colors(pixels), minlength=len(TERMS))
    order = np.argsort(-counts, kind="stable")
    return {TERMS[i]: float(counts[i] / max(1, len(pixels))) for i in order}


def present_colors(image: np.ndarray, left_out: np.ndarray | None = None) -> set[str]:
    """The basic colors that are present; see `color_shares`."""
    return {term for term, share in color_shares(image, left_out).items() if share >= PRESENT}


def f1_of(said: set[str], true: set[str]) -> float:
    """F1 of two sets, 0 to 1; 1 if both are empty."""
    return 2 * len(said & true) / (len(said) + len(true)) if said or true else 1.0


def prompt_color_f1(
    image: np.ndarray, prompt: str, left_out: np.ndarray | None = None
) -> float | None:
    """F1 of the colors that a prompt names and those that are present; None if it names none.

    It needs no masks, and therefore does not check which part has which color.

    Args:
        image: uint8 [height, width, 3].
        prompt: the instruction.
        left_out: bool [height, width], as for `color_shares`.
    """
    named = {term for _, _, term in find_color_words(prompt)}
    return f1_of(named, present_colors(image, left_out)) if named else None
