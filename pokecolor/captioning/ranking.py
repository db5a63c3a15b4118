"""Ranks phrases by their CLIP similarity to an image, for batches of images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TRIED = 8
"""Candidates whose full text is embedded, per image and round."""


def top_phrases(images: torch.Tensor, phrases: torch.Tensor, count: int) -> list[list[int]]:
    """The most similar phrases of each image, best first.

    Args:
        images: unit vectors [n, width].
        phrases: unit vectors [m, width].
        count: number of phrases per image; all if there are fewer.
    """
    return (images @ phrases.T).topk(min(count, len(phrases)), dim=1).indices.tolist()


def pursue(
    images: torch.Tensor,
    phrases: torch.Tensor,
    slots: Sequence[int],
    chains: Sequence[Sequence[int]],
    write: Callable[[int, Sequence[int]], str],
    embed: Callable[[Sequence[str]], torch.Tensor],
    count: int,
    min_gain: float,
    barred: torch.Tensor | None = None,
) -> list[list[int]]:
    """Greedy search for phrases whose common text is most similar to each image.

    Each round adds the phrase whose text, together with the previous ones, is most similar to the
    image. Only the texts of `TRIED` candidates are embedded: those that bring the sum of embeddings
    nearest to the image's, as in matching pursuit (Mallat and Zhang, 1993, section II). Embedding
    all candidates would take thousands of texts per round.

    Args:
        images: unit vectors [n, width].
        phrases: unit vectors [m, width].
        slots: the slot of each phrase, [m], from 0. An image gets at most one phrase per slot: it
            cannot have red eyes and blue eyes.
        chains: the initial phrases of each image, [n].
        write: writes the text of an image, by its row, with these phrases.
        embed: texts to unit vectors [texts, width].
        count: maximum number of phrases, including the initial ones.
        min_gain: stop if the next phrase adds less cosine similarity.
        barred: excluded phrases, bool [n, m]; None for none.

    Returns:
        For each image the indices of its phrases.
    """
    slot = torch.as_tensor(slots)
    found = [list(chain) for chain in chains]
    alike = images @ phrases.T  # [n, m]
    taken = torch.stack([torch.isin(slot, slot[chain]) for chain in found])
    if barred is not None:
        taken |= barred
    text = _embed_once(embed, [write(row, chain) for row, chain in enumerate(found)])  # [n, width]
    reached = (text * images).sum(1)
    going = [row for row, chain in enumerate(found) if len(chain) < count]
    for said in range(1, count + 1):
        # the cosine similarity of the image and the sum of one phrase and the text so far, weighted
        # by its number of phrases; phrases and texts have length 1
        total = said * text
        dot = (total * images).sum(1, keepdim=True) + alike
        length = (total.square().sum(1, keepdim=True) + 2 * total @ phrases.T + 1).clamp(min=1e-9)
        score = (dot / length.sqrt()).masked_fill(taken, -torch.inf)
        tried = {
            row: [p for p in score[row].topk(min(TRIED, len(phrases))).indices.tolist()
                  if not taken[row, p]]
            for row in going
        }  # fmt: skip
        tried = {row: choices for row, choices in tried.items() if choices}
        longer = [write(row, [*found[row], p]) for row, choices in tried.items() for p in choices]
        if not longer:
            break
        embeds = iter(_embed_once(embed, longer).split([len(c) for c in tried.values()]))
        going = []
        for row, choices in tried.items():
            texts = next(embeds)
            best, place = (texts @ images[row]).max(0)
            if best - reached[row] < min_gain:
                continue
            found[row].append(choices[place])
            text[row], reached[row] = texts[place], best
            taken[row] |= slot == slot[choices[place]]
            if len(found[row]) < count:
                going.append(row)
    return found


def _embed_once(
    embed: Callable[[Sequence[str]], torch.Tensor], texts: Sequence[str]
) -> torch.Tensor:
    """Unit vectors [texts, width]; duplicate texts are embedded once."""
    place = {text: number for number, text in enumerate(dict.fromkeys(texts))}
    return embed(list(place))[[place[text] for text in texts]]
