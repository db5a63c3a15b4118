"""Prompt colors: compares the colors that an instruction names with those of the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.core.palette import color_shares

if TYPE_CHECKING:
    import numpy as np


def has_main_color(image: np.ndarray, term: str, left_out: np.ndarray | None = None) -> bool:
    """Whether a color is the foreground's most frequent one.

    Args:
        image: uint8 [height, width, 3].
        term: a basic color term.
        left_out: bool [height, width], as for `color_shares`.
    """
    (main, share), *_ = color_shares(image, left_out).items()
    return share > 0 and main == term
