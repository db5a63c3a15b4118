"""Scores of single pictures, to find the best and the worst."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pokecolor.evaluation.prompt_color import prompt_color_f1
from pokecolor.evaluation.region_color import region_color_hits

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from pokecolor.evaluation.drawing import Drawing
    from pokecolor.evaluation.region_color import Hit


@dataclass(frozen=True, eq=False)
class Case:
    """A drawing and what a model made of it."""

    drawing: Drawing
    picture: np.ndarray
    """uint8 [height, width, 3]."""

    @cached_property
    def hits(self) -> list[Hit]:
        """Of the parts that the instruction names, where they are known."""
        return region_color_hits(self.picture, self.drawing.part_map, self.drawing.parts)

    @cached_property
    def score(self) -> float | None:
        """How well the colors follow the words, 0 to 1; None if nothing can be said.

        The share of named parts that have their color; where parts are unknown, prompt-color F1.
        """
        if self.hits:
            return sum(hit.hit for hit in self.hits) / len(self.hits)
        left_out = self.drawing.left_out(self.picture)
        return prompt_color_f1(self.picture, self.drawing.prompt, left_out)


def best_and_worst(cases: Sequence[Case], count: int) -> tuple[list[Case], list[Case]]:
    """The cases of the highest and of the lowest score, the most telling first.

    Of equal scores the one with more parts tells more. No case is in both; those without a score
    are in neither.

    Args:
        cases: of a test set.
        count: of each at most.
    """
    scored = [case for case in cases if case.score is not None]
    count = min(count, len(scored) // 2)
    best = sorted(scored, key=lambda case: (-case.score, -len(case.hits)))[:count]
    chosen = {id(case) for case in best}
    rest = [case for case in scored if id(case) not in chosen]
    return best, sorted(rest, key=lambda case: (case.score, -len(case.hits)))[:count]
