"""CLIP score: the similarity of pictures and prompts, or of two pictures."""

from __future__ import annotations

import torch
from torch.nn import functional as F


def clip_score(images: torch.Tensor, texts: torch.Tensor) -> torch.Tensor:
    """100 max(cos(image, text), 0): float32 [n] in 0 to 100.

    Hessel et al., 2021, "CLIPScore", sec. 3, with the common weight of 100 instead of 2.5.

    Args:
        images: CLIP features of pictures, [n, width], not normalized.
        texts: CLIP features of their prompts, same shape.
    """
    return 100 * F.cosine_similarity(images, texts, dim=-1).clamp(min=0)


def clip_image_similarity(images: torch.Tensor, true_images: torch.Tensor) -> torch.Tensor:
    """The cosine similarity of each picture and its ground truth: float32 [n] in -1 to 1.

    Args:
        images: CLIP features of pictures, [n, width], not normalized.
        true_images: those of the ground truth, same shape.
    """
    return F.cosine_similarity(images, true_images, dim=-1)
