"""Phrases ranked by CLIP: which of them describe an image, many images at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence


def top_phrases(images: torch.Tensor, phrases: torch.Tensor, count: int) -> list[list[int]]:
    """The phrases most like each image, best first.

    Args:
        images: unit vectors [n, width].
        phrases: unit vectors [m, width].
        count: of phrases for each image; all if there are fewer.
    """
    return (images @ phrases.T).topk(min(count, len(phrases)), dim=1).indices.tolist()


def pursue(
    images: torch.Tensor,
    phrases: torch.Tensor,
    slots: Sequence[int],
    count: int,
    min_gain: float,
    first: torch.Tensor | None = None,
) -> list[list[int]]:
    """Phrases that together describe each image, in the order they are found.

    Greedy: the phrase joins that brings the sum of embeddings nearest to the image's, as in
    matching pursuit (Mallat and Zhang, 1993, section II). A chain that encodes every longer text
    anew asks the same, at thousands of texts a round; the sum of phrases stands for their text.

    Args:
        images: unit vectors [n, width].
        phrases: unit vectors [m, width].
        slots: the slot of each phrase, [m], from 0. Of one slot an image gets one phrase: it cannot
            have red eyes and blue eyes.
        count: of phrases at most.
        min_gain: stop where the next phrase adds less cosine similarity than that.
        first: the phrase that each image begins with, int64 [n]; None for the best.

    Returns:
        For each image the indices of its phrases; one at least.
    """
    slot = torch.as_tensor(slots)
    alike = images @ phrases.T  # [n, m]
    taken = torch.zeros_like(alike, dtype=torch.bool)
    total = torch.zeros_like(images)
    reached = torch.full((len(images),), -torch.inf)
    going = torch.ones(len(images), dtype=torch.bool)
    found: list[list[int]] = [[] for _ in images]
    for step in range(count):
        # cosine of total + phrase with the image, for every phrase: phrases have length 1
        dot = (total * images).sum(1, keepdim=True) + alike
        length = (total.square().sum(1, keepdim=True) + 2 * total @ phrases.T + 1).clamp(min=1e-9)
        score = (dot / length.sqrt()).masked_fill(taken, -torch.inf)
        if step == 0 and first is not None:
            best, choice = score.gather(1, first[:, None])[:, 0], first
        else:
            best, choice = score.max(1)
        going &= best - reached >= min_gain
        if not going.any():
            break
        for row in going.nonzero()[:, 0].tolist():
            found[row].append(int(choice[row]))
        total = torch.where(going[:, None], total + phrases[choice], total)
        reached = torch.where(going, best, reached)
        taken |= going[:, None] & (slot[None] == slot[choice][:, None])
    return found
