"""Prompt-color F1: the colors that an instruction names against those in the picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torchmetrics import MeanMetric

from pokecolor.palette import color_shares, prompt_color_f1

if TYPE_CHECKING:
    from collections.abc import Sequence

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


class PromptColorF1(MeanMetric):
    """The mean of `prompt_color_f1`, over the pictures whose prompts name colors."""

    def update(self, images: Sequence[np.ndarray], prompts: Sequence[str]) -> None:
        """Take pictures, uint8 [height, width, 3], and their prompts."""
        found = [prompt_color_f1(*pair) for pair in zip(images, prompts, strict=True)]
        super().update(torch.tensor([value for value in found if value is not None]))
