"""What the two guidance scales do to the colors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pokecolor.evaluation.cases import Case

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np


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
    ) -> list[list[float | None]]:
        """The score (see `Case`) of each pair; a row for each `guidance_scale`.

        Args:
            cases: the drawings of the first are colored anew.
            color: takes drawings, their prompts, and both scales by name.
        """
        drawings = [case.drawing for case in cases[: self.count]]
        prompts = [drawing.prompt for drawing in drawings]
        rows = []
        for text_scale in self.guidance_scale:
            row = []
            for image_scale in self.image_guidance_scale:
                pictures = color(
                    drawings,
                    prompts,
                    guidance_scale=text_scale,
                    image_guidance_scale=image_scale,
                )
                scores = [Case(*pair).score for pair in zip(drawings, pictures, strict=True)]
                known = [score for score in scores if score is not None]
                row.append(sum(known) / len(known) if known else None)
            rows.append(row)
        return rows
