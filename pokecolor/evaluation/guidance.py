"""Scores over a grid of the two guidance scales."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True)
class GuidanceCurves:
    """The mean score of some drawings for every pair of guidance scales.

    The scales are those of Brooks et al., 2023, "InstructPix2Pix", eq. 3. To choose them, evaluate
    on `split=val`.
    """

    guidance_scale: Sequence[float]
    image_guidance_scale: Sequence[float]
    count: int
    """Number of drawings."""

    @property
    def pairs(self) -> list[dict[str, float]]:
        """All pairs, in the order of the table, as arguments of `Colorizer.paint`."""
        return [
            {"guidance_scale": text, "image_guidance_scale": image}
            for text, image in itertools.product(self.guidance_scale, self.image_guidance_scale)
        ]

    def table(
        self, tried: Mapping[tuple[float, ...], Sequence[float | None]]
    ) -> list[list[float | None]]:
        """The mean score of each pair; a row for each `guidance_scale`.

        Args:
            tried: both scales => the scores (see `Case`) of the drawings; 0 if the model failed.
        """
        means = []
        for pair in self.pairs:
            known = [score for score in tried.get(tuple(pair.values()), ()) if score is not None]
            means.append(sum(known) / len(known) if known else None)
        width = len(self.image_guidance_scale)
        return [means[start : start + width] for start in range(0, len(means), width)]
