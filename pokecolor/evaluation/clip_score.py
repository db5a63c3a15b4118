"""CLIP score: the similarity of a picture and its prompt, or of two pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch.nn import functional as F

from pokecolor.evaluation.metric import ImageMetric

if TYPE_CHECKING:
    import torch

    from pokecolor.evaluation.cases import Case


def clip_score(images: torch.Tensor, texts: torch.Tensor) -> torch.Tensor:
    """100 max(cos, 0) of each picture and its prompt: float32 [n] in 0 to 100.

    Hessel et al., 2021, "CLIPScore", sec. 3, with a weight of 100 in place of 2.5, as is usual.

    Args:
        images: CLIP's features of pictures [n, width], of any length.
        texts: of their prompts, the same.
    """
    return 100 * F.cosine_similarity(images, texts, dim=-1).clamp(min=0)


def clip_image_similarity(images: torch.Tensor, true_images: torch.Tensor) -> torch.Tensor:
    """The cosine of each picture and its truth: float32 [n] in -1 to 1.

    Args:
        images: CLIP's features of pictures [n, width], of any length.
        true_images: of the true ones, the same.
    """
    return F.cosine_similarity(images, true_images, dim=-1)


class ClipScore(ImageMetric):
    """The mean of `clip_score`."""

    key, label, worst = "clip_score", "CLIP score", 0.0
    meaning = "picture and prompt, 0 to 100"
    needs = ("clip",)

    def score(self, case: Case) -> float:
        """See `clip_score`."""
        seen = case.seen["clip"]
        return float(clip_score(seen["output"], seen["prompt"]))


class ClipImageSimilarity(ImageMetric):
    """The mean of `clip_image_similarity`."""

    key, label = "clip_image_similarity", "CLIP image similarity"
    meaning = "picture and truth"
    needs, baselines = ("clip", "truth"), ("sketch",)

    def score(self, case: Case) -> float:
        """See `clip_image_similarity`."""
        seen = case.seen["clip"]
        return float(clip_image_similarity(seen["output"], seen["truth"]))
