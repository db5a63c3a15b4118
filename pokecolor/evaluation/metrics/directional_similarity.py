"""CLIP directional similarity: does the picture change as the words do?"""

from __future__ import annotations

import re

import torch
from torch.nn import functional as F

from pokecolor.core.colors import find_color_words

UNCHANGED = 1e-4
"""Distance of unit vectors up to which they count as the same: rounding must give no direction."""

_AN = re.compile(r"\b([Aa])n(\s+)$")


def uncolored(prompt: str) -> str | None:
    """What the sketch shows, in the prompt's own words: each color is white there.

    The measure needs a text for the sketch. Were it one for all, such as "a line drawing", then the
    direction would be mostly that from one wording to another, and mostly that to any color. So the
    two texts differ in their color words alone, as the two captions of an InstructPix2Pix sample
    differ in the edit alone.

    Returns:
        "Turn it into a white owl with white eyes" for "Turn it into an orange owl with blue eyes";
        None for a prompt that asks for no color but white: it gives no direction.
    """
    words = find_color_words(prompt)
    if all(term == "white" for *_, term in words):
        return None
    for start, end, _ in reversed(words):
        prompt = _AN.sub(r"\1\2", prompt[:start]) + "white" + prompt[end:]
    return prompt


def directional_similarity(
    images_before: torch.Tensor,
    images_after: torch.Tensor,
    texts_before: torch.Tensor,
    texts_after: torch.Tensor,
) -> torch.Tensor:
    """The cosine of the images' change and the texts' change: float32 [n] in -1 to 1.

    1 minus the directional loss of Gal et al., 2022, "StyleGAN-NADA"; as a measure of edits it is
    that of Brooks et al., 2023, "InstructPix2Pix", sec. 4.1. A picture that is its sketch has 0.

    Args:
        images_before: CLIP's features of the sketches [n, width], of any length.
        images_after: of the pictures, the same.
        texts_before: of what the sketches show, see `uncolored`.
        texts_after: of the prompts.
    """
    units = [
        F.normalize(features, dim=-1)
        for features in (images_before, images_after, texts_before, texts_after)
    ]
    return F.cosine_similarity(units[1] - units[0], units[3] - units[2], dim=-1, eps=UNCHANGED)
