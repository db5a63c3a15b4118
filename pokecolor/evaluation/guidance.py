"""Scores over a grid of the two guidance scales."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.progress import track

from pokecolor.evaluation.cases import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np
    from rich.console import Console


@dataclass(frozen=True)
class GuidanceCurves:
    """The mean score of the first drawings under every pair of guidance scales.

    Brooks et al., 2023, "InstructPix2Pix", eq. 3. It shows how much hangs on the scales. To choose
    them, evaluate on `split=val`.
    """

    guidance_scale: Sequence[float]
    image_guidance_scale: Sequence[float]
    count: int
    """Of drawings."""

    def measure(
        self,
        cases: Sequence[Case],
        color: Callable[..., list[np.ndarray]],
        console: Console | None = None,
    ) -> list[list[float | None]]:
        """The score (see `Case`) of each pair; a row for each `guidance_scale`.

        Args:
            cases: the drawings of the first are colored anew.
            color: takes drawings, their prompts, and both scales by name.
            console: where progress is shown; None for none.
        """
        drawings = [case.drawing for case in cases[: self.count]]
        prompts = [drawing.prompt for drawing in drawings]
        pairs = list(itertools.product(self.guidance_scale, self.image_guidance_scale))
        found: list[float | None] = []
        for text_scale, image_scale in track(
            pairs, "Trying guidance scales", console=console, disable=console is None
        ):
            pictures = color(
                drawings, prompts, guidance_scale=text_scale, image_guidance_scale=image_scale
            )
            scores = [Case(*pair).score for pair in zip(drawings, pictures, strict=True)]
            known = [score for score in scores if score is not None]
            found.append(sum(known) / len(known) if known else None)
        width = len(self.image_guidance_scale)
        return [found[start : start + width] for start in range(0, len(found), width)]
