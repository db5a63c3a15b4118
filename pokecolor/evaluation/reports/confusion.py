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
    """How often a color, or a part, is right."""

    name: str
    value: float
    ci95: tuple[float, float]
    """95% interval over drawings."""
    n: int


def accuracy_by(cases: Sequence[Case], what: str, least: int = 1) -> list[Accuracy]:
    """The share of named parts that have their color, for each color or for each part.

    Args:
        cases: of a test set.
        what: "color" or "part".
        least: names that come up less often are left out.

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
    """How many named parts that were to be of color i are of color j: int [11, 11], in `TERMS`.

    Pictures that the model failed to paint are left out: nothing has no color.
    """
    counts = np.zeros((len(TERMS), len(TERMS)), int)
    for case in cases:
        for hit in case.hits if case.picture is not None else ():
            counts[TERMS.index(hit.color), TERMS.index(hit.found)] += 1
    return counts
