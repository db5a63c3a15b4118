"""Triplets of drawings with named parts: posed, drawn with another pen, recolored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from pokecolor.core.schema import Triplet
from pokecolor.sources.drawing_source import LOCATION, DrawingSource
from pokecolor.sources.labeled.coloring import LabeledColoring
from pokecolor.sources.labeled.drawing import (
    OVERSAMPLING,
    LabeledDrawing,
    PagePlace,
    render_colors,
    render_sketch,
    shrink_map,
)
from pokecolor.sources.labeled.strokes import Pen
from pokecolor.sources.pairs import require_size
from pokecolor.sources.text import color_words, descriptions, wording
from pokecolor.sources.text.ranked_parts import require_first_recoloring

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

VERSION = 2
"""Raised whenever the same settings give other triplets."""
VERSIONS = [VERSION, wording.VERSION, descriptions.VERSION, color_words.VERSION]
"""Versions of all code that the triplets depend on."""
LEAST = 0.003
"""Minimum area of a named part, as a share of the page."""


@dataclass(frozen=True, eq=False)
class PartsSource(DrawingSource):
    """Drawings with named parts, each variant posed, drawn with another pen, and recolored.

    Raises:
        UserError: too small a size, or `first_recoloring`.
    """

    root: str | Path = field(metadata=LOCATION)
    """The folder of the drawings."""
    size: int = 128
    """Width and height of the images in pixels."""
    recolorings: int = 4
    """Variants of each drawing."""
    first_recoloring: int = 1
    """Number of the first variant; other numbers give other variants."""
    val: float = 0.05
    """Share held out for validation, 0 to 1."""
    test: float = 0.1
    """Share held out for testing, 0 to 1."""

    def __post_init__(self) -> None:
        require_size(self.size)
        require_first_recoloring(self.first_recoloring)

    def recolored(
        self, drawing: LabeledDrawing, drawing_id: str, subject: str
    ) -> Iterator[Triplet]:
        """Yield a triplet for each variant, except for poses without a part that is large enough.

        Args:
            drawing: the drawing with its parts.
            drawing_id: determines the triplets, together with the variants' numbers.
            subject: subject of the drawing in everyday words.
        """
        seed = int.from_bytes(hashlib.sha256(drawing_id.encode()).digest()[:8], "big")
        for variant in range(self.first_recoloring, self.first_recoloring + self.recolorings):
            rng = np.random.default_rng([VERSION, seed, variant])
            posed = drawing.posed(PagePlace.alone(rng), OVERSAMPLING * self.size)
            sketch = render_sketch(posed, Pen.sample(rng, OVERSAMPLING), rng, self.size)
            part_map = shrink_map(posed, sketch)
            area = np.bincount(part_map.ravel(), minlength=len(posed.names) + 1)[1:]
            nameable = [int(i) for i in np.flatnonzero(area >= LEAST * part_map.size)]
            if not nameable:
                continue
            coloring = LabeledColoring(rng, posed.names, nameable, subject)
            yield Triplet(
                id=f"{drawing_id}-{variant}",
                drawing_id=drawing_id,
                original_image=sketch,
                edited_image=render_colors(posed, coloring.rgb, self.size),
                edit_prompt=coloring.prompt,
                parts=coloring.parts(),
                part_map=part_map,
            )
