"""Accuracy by color and by part, and the confusion matrix of colors."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from pokecolor.core.bootstrap import bootstrap_interval
from pokecolor.core.colors import TERMS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pokecolor.evaluation.cases import Case


class Accuracy(NamedTuple):
    """The accuracy of a color or a part."""

    name: str
    value: float
    ci95: tuple[float, float]
    """95% interval over drawings."""
    n: int


def accuracy_by(cases: Sequence[Case], what: str, least: int = 1) -> list[Accuracy]:
    """The share of named parts that have their color, for each color or for each part.

    Args:
        cases: the cases of a test set.
        what: "color" or "part".
        least: less frequent names are left out.

    Returns:
        The most frequent first.
    """
    found: dict[str, list[tuple[str, float]]] = {}
    for case in cases:
        for hit in case.hits:
            found.setdefault(getattr(hit, what), []).append((case.drawing.id, float(hit.hit)))
    rows = []
    for name, measured in found.items():
        drawings, values = zip(*measured, strict=True)
        if len(values) >= least:
            interval = bootstrap_interval(values, drawings)
            rows.append(Accuracy(name, sum(values) / len(values), interval, len(values)))
    return sorted(rows, key=lambda row: (-row.n, row.name))


def color_confusion(cases: Sequence[Case]) -> np.ndarray:
    """Number of named parts with required color i and actual color j: int [11, 11], by `TERMS`.

    Failed pictures are left out.
    """
    counts = np.zeros((len(TERMS), len(TERMS)), int)
    for case in cases:
        for hit in case.hits if case.picture is not None else ():
            counts[TERMS.index(hit.color), TERMS.index(hit.found)] += 1
    return counts
