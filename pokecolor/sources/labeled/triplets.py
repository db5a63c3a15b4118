"""Triplets of one drawing with named parts: posed, drawn with another pen, recolored."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from pokecolor.core.schema import Triplet
from pokecolor.sources.labeled.coloring import LabeledColoring
from pokecolor.sources.labeled.drawing import (
    OVERSAMPLING,
    LabeledDrawing,
    Place,
    render_colors,
    render_sketch,
    shrink_map,
)
from pokecolor.sources.labeled.strokes import Pen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

VERSION = 2
"""Raised whenever the same settings give other triplets."""
LEAST = 0.003
"""Of the page, what a part must cover to be told of."""


def recolor_drawing(
    drawing: LabeledDrawing, drawing_id: str, subject: str, variants: Iterable[int], size: int
) -> Iterator[Triplet]:
    """A triplet for each variant, but where a pose shows no part that is large enough to be told.

    Args:
        subject: what a person would call the drawing.
        variants: numbers of the variants; the same number gives the same triplet.
        size: width and height of the images in pixels.
    """
    seed = int.from_bytes(hashlib.sha256(drawing_id.encode()).digest()[:8], "big")
    for variant in variants:
        rng = np.random.default_rng([VERSION, seed, variant])
        posed = drawing.posed(Place.alone(rng), OVERSAMPLING * size)
        sketch = render_sketch(posed, Pen.sample(rng, OVERSAMPLING), rng, size)
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
            edited_image=render_colors(posed, coloring.rgb, size),
            edit_prompt=coloring.prompt,
            parts=coloring.parts(),
            part_map=part_map,
        )
