"""Icons as a source of triplets: flat fills are recolored, their outlines are the sketch."""

from __future__ import annotations

import functools
import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from pokecolor.core.errors import UserError
from pokecolor.core.schema import Split, Triplet
from pokecolor.sources.drawing_source import LOCATION, DrawingSource
from pokecolor.sources.fills import shade
from pokecolor.sources.icon_drawing import LINES_BETWEEN, IconDrawing, IconSet, load_sets
from pokecolor.sources.openmoji_drawing import Pose, subject_of
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

PREFIX = "iconify-json-"
BLACK, WHITE = (0, 0, 0), (255, 255, 255)
LINE_WIDTH = 1.6
"""Line width of a sketch, on a page of width 72; each pose multiplies it."""
FINE_LINE = 0.8
"""Line width of the color image, in pixels: the sketch's strokes are drawn over it anyway."""
MIN_COLOR_SHARE = 0.05
"""Minimum colored area, as a share of the page."""
MAX_LINE_SHARE = 0.5
"""Maximum share of the colored area that lines may cover."""


@dataclass(frozen=True, eq=False)
class IconSource(DrawingSource):
    """Triplets from the icons of Iconify packages.

    They are drawings of OpenMoji's subjects by other artists. An icon is in the split of OpenMoji's
    drawing with the same code points, so that a held-out subject is held out everywhere. Every
    variant has a random pose, and lines between all shapes, between colors, or between color names
    (see `LINES_BETWEEN`).

    Raises:
        UserError: too small a size, no such palette, no package there, or an unreadable one.
    """

    name = "icons"
    attribution = (
        "Drawings: sets of icons as [Iconify](https://icon-sets.iconify.design) packs them, each "
        "under a license of its own, some of which ask to name the authors."
    )

    root: str | Path = field(metadata=LOCATION)
    """Folder of packages as `npm pack @iconify-json/twemoji` leaves them, such as
    `iconify-json-twemoji-1.2.5.tgz`."""
    size: int = 128
    """Width and height of the images in pixels."""
    recolorings: int = 3
    """Variants of each drawing."""
    val: float = 0.05
    """Share of drawings held out for validation, 0 to 1."""
    test: float = 0.1
    """Share of drawings held out for testing, 0 to 1."""
    palette: str = "varied"
    """"varied", many colors for each word and for what no word tells, or "typical", one color for
    each word, and the main one for what no word tells."""
    first_recoloring: int = 1
    """Number of the first variant; other numbers give other variants."""

    def __post_init__(self) -> None:
        require_size(self.size)
        require_palette(self.palette)
        require_first_recoloring(self.first_recoloring)
        if not self.sets:
            raise UserError(
                f"{self.root}: no folder with {PREFIX}*.tgz in it; make it, and fetch a set into "
                f"it: npm pack @iconify-json/twemoji --pack-destination {self.root}"
            )

    @functools.cached_property
    def sets(self) -> dict[str, IconSet]:
        """Name => package."""
        paths = sorted(Path(self.root).glob(f"{PREFIX}*.tgz"))
        names = [path.name.removeprefix(PREFIX).rsplit("-", 1)[0] for path in paths]
        return dict(zip(names, load_sets(paths), strict=True))

    def depends_on(self) -> list[object]:
        sets = {name: icons.version for name, icons in self.sets.items()}
        return [VERSION, wording.VERSION, color_words.VERSION, sets]

    def drawings(self) -> Sequence[str]:
        """Such as "twemoji-1F98A"."""
        return [f"{name}-{points}" for name, icons in self.sets.items() for points in icons.bodies]

    def split_of(self, drawing_id: str) -> Split:
        return split_of(self._place(drawing_id)[1], self.val, self.test)

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        """`recolorings` variants, or fewer if a pose has hardly any color or too many lines."""
        name, points = self._place(drawing_id)
        icons = self.sets[name]
        seed = int.from_bytes(hashlib.sha256(drawing_id.encode()).digest()[:8], "big")
        for variant in range(self.first_recoloring, self.first_recoloring + self.recolorings):
            rng = np.random.default_rng([VERSION, seed, variant])
            pose = Pose.sample(rng)
            between = str(rng.choice(LINES_BETWEEN))
            drawing = IconDrawing(icons.bodies[points], icons.width, pose, self.size)
            edges, ink = drawing.edges(between), drawing.ink()
            families = [family for family in drawing.families if family[0] not in ink]

            rgb = [BLACK if i in ink else WHITE for i in range(len(drawing.fills))]
            width = LINE_WIDTH * pose.line_width * self.size / 72
            sketch = drawing.paint(rgb, drawing.lines(edges, width))
            seen = drawing.part_map(families)
            part_map = np.where(sketch.min(-1) < 128, 0, seen).astype(np.uint8)
            share = (part_map > 0).mean()
            if share < max(MIN_COLOR_SHARE, (1 - MAX_LINE_SHARE) * (seen > 0).mean()):
                continue

            order, part_map, visible = rank_regions(part_map, len(families))
            coloring = choose_colors(rng, len(families), visible, self.palette, subject_of(points))
            for base, index in zip(coloring.rgb, order, strict=True):
                family = families[index]
                lightest = drawing.fills[family[0]]
                for i in family:
                    rgb[i] = shade(base, drawing.fills[i], lightest)
            yield Triplet(
                id=f"icons-{drawing_id}-{variant}",
                drawing_id=drawing_id,
                original_image=sketch,
                edited_image=drawing.paint(rgb, drawing.lines(edges, FINE_LINE)),
                edit_prompt=coloring.prompt,
                parts=coloring.parts,
                part_map=part_map,
            )

    @staticmethod
    def _place(drawing_id: str) -> tuple[str, str]:
        """The package and the code points of a drawing."""
        name, points = re.fullmatch(r"(.+?)-([0-9A-F]{4,}(?:-[0-9A-F]+)*)", drawing_id).groups()
        return name, points
