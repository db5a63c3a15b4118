"""Beam search over batches of images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pokecolor.captioning.cnn_lstm.network import State

    Step = Callable[[torch.Tensor, State, torch.Tensor], tuple[torch.Tensor, State]]


@torch.inference_mode()
def beam_search(
    step: Step,
    state: State,
    cells: torch.Tensor,
    start: int,
    end: int,
    banned: Sequence[int],
    width: int,
    max_words: int,
) -> torch.Tensor:
    """For each image the sentence with the highest mean log-probability per word.

    Args:
        step: reads a word and scores the next one, such as `CnnLstm.step`.
        state: state before the first word, of n images.
        cells: [n, cells, features].
        start: the start token.
        end: the end token.
        banned: tokens that are never chosen.
        width: number of beams; 1 is greedy search.
        max_words: maximum length of a sentence.

    Returns:
        int64 [n, length], including `end` and whatever follows it.
    """
    images = len(cells)
    cells = cells.repeat_interleave(width, 0)
    state = tuple(value.repeat_interleave(width, 0) for value in state)
    words = torch.full((images, width, 1), start, device=cells.device)
    # all beams start with the same word: only the first counts in the first step
    scores = torch.full((images, width), -torch.inf, device=cells.device)
    scores[:, 0] = 0
    lengths = torch.zeros_like(scores)
    for _ in range(max_words):
        logits, state = step(words[:, :, -1].flatten(), state, cells)
        gains = logits.float().log_softmax(-1).view(images, width, -1)
        gains[..., list(banned)] = -torch.inf
        ended = words[:, :, -1] == end
        gains[ended] = -torch.inf
        gains[..., end] = gains[..., end].masked_fill(ended, 0)
        lengths = lengths + ~ended
        scores, chosen = (scores[..., None] + gains).flatten(1).topk(width)
        beam, word = chosen // gains.shape[-1], chosen % gains.shape[-1]
        words = torch.cat([words.gather(1, beam[..., None].expand_as(words)), word[..., None]], -1)
        lengths = lengths.gather(1, beam)
        rows = (beam + width * torch.arange(images, device=beam.device)[:, None]).flatten()
        state = tuple(value[rows] for value in state)
        if (word == end).all():
            break
    best = (scores / lengths.clamp(min=1)).argmax(1)
    return words[torch.arange(images, device=best.device), best, 1:]
