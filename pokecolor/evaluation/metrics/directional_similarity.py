"""CLIP directional similarity: does the change of the picture match the change of the text?"""

from __future__ import annotations

import re

import torch
from torch.nn import functional as F

from pokecolor.core.colors import find_color_words

UNCHANGED = 1e-4
"""Distance of unit vectors up to which they count as equal, because of rounding errors."""

_AN = re.compile(r"\b([Aa])n(\s+)$")


def uncolored(prompt: str) -> str | None:
    """The text of the sketch: the prompt with all colors replaced by white.

    The metric needs a text for the sketch. With a fixed text such as "a line drawing", the text
    direction would be dominated by the change of wording. With this text, the two differ only in
    their color words, as the two captions of an InstructPix2Pix sample differ only in the edit.

    Returns:
        "Turn it into a white owl with white eyes" for "Turn it into an orange owl with blue eyes";
        None for a prompt without colors other than white, which has no direction.
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
    """The cosine of the images' and the texts' change: float32 [n] in -1 to 1.

    1 minus the directional loss of Gal et al., 2022, "StyleGAN-NADA"; used as a metric of edits by
    Brooks et al., 2023, "InstructPix2Pix", sec. 4.1. A picture that equals its sketch has 0.

    Args:
        images_before: CLIP features of the sketches, [n, width], not normalized.
        images_after: those of the pictures, same shape.
        texts_before: those of the sketches' texts, see `uncolored`.
        texts_after: those of the prompts.
    """
    units = [
        F.normalize(features, dim=-1)
        for features in (images_before, images_after, texts_before, texts_after)
    ]
    return F.cosine_similarity(units[1] - units[0], units[3] - units[2], dim=-1, eps=UNCHANGED)
