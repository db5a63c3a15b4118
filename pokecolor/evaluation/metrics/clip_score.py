"""CLIP score: the similarity of a picture and its prompt, or of two pictures."""

from __future__ import annotations

import torch
from torch.nn import functional as F


def clip_score(images: torch.Tensor, texts: torch.Tensor) -> torch.Tensor:
    """100 max(cos, 0) of each picture and its prompt: float32 [n] in 0 to 100.

    Hessel et al., 2021, "CLIPScore", sec. 3, with a weight of 100 in place of 2.5, as is usual.

    Args:
        images: CLIP's features of pictures [n, width], of any length.
        texts: of their prompts, the same.
    """
    return 100 * F.cosine_similarity(images, texts, dim=-1).clamp(min=0)


def clip_image_similarity(images: torch.Tensor, true_images: torch.Tensor) -> torch.Tensor:
    """The cosine of each picture and its target: float32 [n] in -1 to 1.

    Args:
        images: CLIP's features of pictures [n, width], of any length.
        true_images: of the true ones, the same.
    """
    return F.cosine_similarity(images, true_images, dim=-1)
