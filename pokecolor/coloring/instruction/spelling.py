"""Corrects misspelled words by edit distance."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from importlib.resources import files

SHORTEST = 4
"""Shorter words have too many neighbors that are words of their own."""
LONG = 7
"""From this length on, two mistakes are allowed."""


def distance(a: str, b: str) -> int:
    """Optimal string alignment distance: letters to insert, delete, replace or swap with the next
    one (Damerau 1964; Levenshtein 1966)."""
    before: list[int] = []
    row = list(range(len(b) + 1))
    for i, letter in enumerate(a, 1):
        before, row, above = row, [i], before
        for j, other in enumerate(b, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == b[j - 2] and a[i - 2] == other:
                best = min(best, above[j - 2] + 1)
            row.append(best)
    return row[-1]


def closest(word: str, known: Iterable[str], shortest: int = SHORTEST) -> str | None:
    """The known word nearest to a misspelled one; None if it may be a correct word.

    Args:
        word: lowercase letters.
        known: lowercase words.
        shortest: known words with fewer letters are not considered.
    """
    if word in english_words():
        return None
    best: tuple[int, str] | None = None
    for candidate in known:
        if len(candidate) < shortest or abs(len(candidate) - len(word)) > 2:
            continue
        allowed = 2 if min(len(candidate), len(word)) >= LONG and candidate[0] == word[0] else 1
        apart = distance(word, candidate)
        if apart <= allowed and (best is None or (apart, candidate) < best):
            best = (apart, candidate)
    return best[1] if best else None


@functools.cache
def english_words() -> frozenset[str]:
    """Correct English words that are similar to color words or nouns: "read", "tang"."""
    text = files(__package__).joinpath("english.txt").read_text(encoding="utf-8")
    return frozenset(text.split())
