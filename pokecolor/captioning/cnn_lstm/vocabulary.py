"""The vocabulary of the CNN-LSTM."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import torch

from pokecolor.captioning.audit import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PAD, START, END, UNK = range(4)
SPECIAL = ("<pad>", "<start>", "<end>", UNKNOWN)

_WORD = re.compile(r"[\w'-]+|[^\w\s]")


class Vocabulary:
    """Words by index; the first four are padding, start, end and unknown.

    Args:
        words: the other words, without duplicates.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self.words = [*SPECIAL, *words]
        self._index = {word: index for index, word in enumerate(self.words)}

    @classmethod
    def of(cls, captions: Iterable[str], min_count: int) -> Vocabulary:
        """The vocabulary of words that occur at least `min_count` times, the most frequent
        first.
        """
        counts = Counter(word for caption in captions for word in split_words(caption))
        kept = [word for word, count in counts.items() if count >= min_count]
        return cls(sorted(kept, key=lambda word: (-counts[word], word)))

    def __len__(self) -> int:
        return len(self.words)

    def encode(self, captions: Sequence[str], max_words: int) -> torch.Tensor:
        """Word indices, int64 [n, words + 2]: start, the words, end, padding.

        Captions with more than `max_words` are truncated.
        """
        rows = [
            [START, *(self._index.get(w, UNK) for w in split_words(text)[:max_words]), END]
            for text in captions
        ]
        length = max(map(len, rows))
        return torch.tensor([row + [PAD] * (length - len(row)) for row in rows])

    def decode(self, indices: Sequence[int]) -> str:
        """The text of word indices, up to the end token."""
        words = []
        for index in indices:
            if index == END:
                break
            if index not in (PAD, START):
                words.append(self.words[index])
        return re.sub(r" ([,.;:!?])", r"\1", " ".join(words))


def split_words(text: str) -> list[str]:
    """Lower-cased words and punctuation marks."""
    return _WORD.findall(text.lower())
