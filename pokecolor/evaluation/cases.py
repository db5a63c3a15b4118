"""A drawing with a model's output: the input of metrics."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from pokecolor.core.images.text_panel import text_panel
from pokecolor.core.palette import prompt_color_f1
from pokecolor.evaluation.metrics.region_color import NOTHING, region_color_hits

if TYPE_CHECKING:
    import numpy as np

    from pokecolor.evaluation.drawing import Drawing
    from pokecolor.evaluation.metrics.region_color import Hit


class Swapped(NamedTuple):
    """The output for the instruction with one part's color replaced."""

    part: int
    """Index of the part."""
    after: np.ndarray
    """uint8 [height, width, 3]."""


@dataclass(frozen=True, eq=False)
class Case:
    """A drawing and the model's output for it."""

    drawing: Drawing
    picture: np.ndarray | None
    """uint8 [height, width, 3]; None where the model failed to generate one."""
    index: int = 0
    """Index of the sample in its test set."""
    swap: Swapped | None = None
    """None if there is no color to swap, or the model failed."""
    by_color: Mapping[str, np.ndarray | None] = field(default_factory=dict)
    """The images of `colorings.template`, by basic color term."""
    seen: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """What networks see: "clip" and "features", each of "output", "target" and "sketch",
    float32 [width], "clip" of the "prompt" and the "uncolored" one, too; and "nearest", the
    similarity of the nearest training image."""

    def of(self, what: str) -> Case:
        """The same case with the "target" or the "sketch" in place of the picture."""
        picture = getattr(self.drawing, what)
        seen = {name: {**of_it, "output": of_it.get(what)} for name, of_it in self.seen.items()}
        swap = self.swap and self.swap._replace(after=picture)
        return dataclasses.replace(self, picture=picture, swap=swap, seen=seen)

    @property
    def bare(self) -> Case:
        """The case without features, which takes less memory."""
        return Case(self.drawing, self.picture, self.index)

    @property
    def shown(self) -> np.ndarray:
        """The picture, or a message in its place if the model failed."""
        if self.picture is None:
            return text_panel("failed: no picture", max(self.drawing.sketch.shape[:2]))
        return self.picture

    @cached_property
    def hits(self) -> list[Hit]:
        """The results of the parts that the instruction names."""
        about = self.drawing.part_map, self.drawing.parts
        if self.picture is None:  # the set of scored parts must not depend on the picture
            return [
                hit._replace(found=NOTHING, distance=math.inf)
                for hit in region_color_hits(self.drawing.sketch, *about)
            ]
        return region_color_hits(self.picture, *about)

    @cached_property
    def score(self) -> float | None:
        """How well the picture follows the instruction, 0 to 1; None if it cannot be scored.

        The share of named parts with the right color; if parts are unknown, prompt-color F1; 0 if
        the model failed.
        """
        if self.hits:
            return sum(hit.hit for hit in self.hits) / len(self.hits)
        picture = self.drawing.sketch if self.picture is None else self.picture
        score = prompt_color_f1(picture, self.drawing.prompt, self.drawing.left_out(picture))
        return score if self.picture is not None or score is None else 0.0


def best_and_worst(cases: Sequence[Case], count: int) -> tuple[list[Case], list[Case]]:
    """The cases with the highest and with the lowest scores, the extremes first.

    Among equal scores, cases with more parts come first. The two lists are disjoint; cases without
    a score are in neither.

    Args:
        cases: all cases of a test set.
        count: maximum length of each list.
    """
    scored = [case for case in cases if case.score is not None]
    count = min(count, len(scored) // 2)
    best = sorted(scored, key=lambda case: (-case.score, -len(case.hits)))[:count]
    chosen = {id(case) for case in best}
    rest = [case for case in scored if id(case) not in chosen]
    return best, sorted(rest, key=lambda case: (case.score, -len(case.hits)))[:count]
