"""CLIP metrics of a set of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.evaluation.clip_score import clip_image_similarity, clip_score
from pokecolor.evaluation.directional_similarity import directional_similarity, uncolored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import torch

    from pokecolor.evaluation.drawing import Drawing
    from pokecolor.evaluation.features import TextFeatures


def clip_metrics(
    clip: TextFeatures, seen: Mapping[str, torch.Tensor], drawings: Sequence[Drawing]
) -> Iterator[tuple[str, list[str], torch.Tensor]]:
    """Each metric's name, the drawings measured, their values [n].

    Args:
        clip: reads the prompts.
        seen: its features [n, width] of "output", "sketch" and, if it is known, "truth" of each.
        drawings: n of them.
    """
    ids = [drawing.id for drawing in drawings]
    prompts = clip.text_features([drawing.prompt for drawing in drawings])
    for what, suffix in (("output", ""), ("truth", "_of_truth"), ("sketch", "_of_sketch")):
        if what not in seen:
            continue
        yield f"clip_score{suffix}", ids, clip_score(seen[what], prompts)
        if what != "truth" and "truth" in seen:
            alike = clip_image_similarity(seen[what], seen["truth"])
            yield f"clip_image_similarity{suffix}", ids, alike
    before = [uncolored(drawing.prompt) for drawing in drawings]
    rows = [row for row, text in enumerate(before) if text is not None]
    if not rows:
        return
    texts = clip.text_features([before[row] for row in rows])
    for what, suffix in (("output", ""), ("truth", "_of_truth")):
        if what not in seen:
            continue
        yield (
            f"directional_similarity{suffix}",
            [ids[row] for row in rows],
            directional_similarity(seen["sketch"][rows], seen[what][rows], texts, prompts[rows]),
        )
