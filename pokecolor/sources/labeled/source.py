"""Drawings with hand-labeled parts as a source of triplets, alone and several on a page."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pokecolor.core.colors import TERMS
from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError
from pokecolor.core.schema import Part, Triplet
from pokecolor.sources.labeled.clip_art import ClipArt
from pokecolor.sources.labeled.coloring import PAPER, whole_colors
from pokecolor.sources.labeled.drawing import (
    OVERSAMPLING,
    LabeledDrawing,
    PagePlace,
    render_colors,
    render_sketch,
    shrink_map,
)
from pokecolor.sources.labeled.labels import load_labels
from pokecolor.sources.labeled.strokes import Pen
from pokecolor.sources.labeled.triplets import VERSION, VERSIONS, PartsSource
from pokecolor.sources.openmoji_drawing import drawings_of_subject
from pokecolor.sources.splits import split_of
from pokecolor.sources.text.color_words import typical_color
from pokecolor.sources.text.descriptions import describe_several

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.random import Generator

    from pokecolor.core.schema import Split
    from pokecolor.sources.labeled.labels import Label

SPOTS = {
    2: ((0.27, 0.5, 0.5), (0.73, 0.5, 0.5)),
    3: ((0.26, 0.3, 0.46), (0.74, 0.3, 0.46), (0.5, 0.74, 0.46)),
    4: ((0.26, 0.26, 0.46), (0.74, 0.26, 0.46), (0.26, 0.74, 0.46), (0.74, 0.74, 0.46)),
}
"""Number of drawings on a page => center of each, as shares of the page, and size."""


@dataclass(frozen=True, eq=False)
class LabeledSource(PartsSource):
    """Triplets from drawings with named parts: "a cowboy in a red vest and blue pants".

    `root` is the folder of the sets, see `ClipArt`. Drawings are held out by subject, in all sets
    alike: a subject that OpenMoji has a drawing of is in the split of that drawing.

    Raises:
        UserError: see `PartsSource`; or none of the sets is there.
    """

    name = "labeled"
    attribution = (
        "Drawings with named parts: [Open Clip Art](https://openclipart.org), public domain, and "
        "[Streamline Emojis](https://www.streamlinehq.com), CC BY 4.0."
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.labels:
            raise UserError(
                f"{self.root}: none of the labeled sets is in it; see conf/data/labeled.yaml"
            )

    @functools.cached_property
    def sets(self) -> ClipArt:
        """The clip-art sets."""
        return ClipArt(self.root)

    @functools.cached_property
    def labels(self) -> dict[str, Label]:
        """Drawing id => label, for the available sets."""
        there = {label.id.partition("/")[0] for label in load_labels()}
        there = {name for name in there if self.sets.has(name)}
        return {
            _drawing_id(label): label
            for label in load_labels()
            if label.id.partition("/")[0] in there
        }

    @functools.cached_property
    def _drawings(self) -> dict[str, LabeledDrawing]:
        """A cache of the drawings that were read."""
        return {}

    def depends_on(self) -> list[object]:
        labels = [(label.id, label.subject, label.parts) for label in self.labels.values()]
        return [VERSIONS, labels]

    def drawings(self) -> Sequence[str]:
        """Such as "labeled-openclipart-animals-birds-duck_01"."""
        return list(self.labels)

    def split_of(self, drawing_id: str) -> Split:
        subject = self.labels[drawing_id].subject
        splits = {split_of(points, self.val, self.test) for points in drawings_of_subject(subject)}
        if not splits:
            return split_of(subject, self.val, self.test)
        return next(split for split in ("test", "val", "train") if split in splits)

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        """`recolorings` variants, or fewer if a pose shows no part that is large enough."""
        drawing = self._drawing(drawing_id)
        return self.recolored(drawing, drawing_id, self.labels[drawing_id].subject)

    def _drawing(self, drawing_id: str) -> LabeledDrawing:
        if drawing_id not in self._drawings:
            label = self.labels[drawing_id]
            try:
                drawing = LabeledDrawing.of(self.sets.picture(label.id), label)
            except ValueError as error:
                raise ImageError(str(error)) from None
            self._drawings[drawing_id] = drawing
        return self._drawings[drawing_id]


@dataclass(frozen=True, eq=False)
class PageSource(LabeledSource):
    """Two to four drawings with paper between them: "a blue whale and an orange octopus".

    The instruction names each drawing with one color. All drawings of a page are of one split.
    """

    name = "pages"

    count: int = 2000
    """Number of pages."""
    first_seed: int = 0
    """Number of the first page."""

    @functools.cached_property
    def _of_split(self) -> dict[Split, list[str]]:
        """The labeled drawings of each split."""
        found: dict[Split, list[str]] = {}
        for drawing_id in self.labels:
            found.setdefault(super().split_of(drawing_id), []).append(drawing_id)
        return found

    def drawings(self) -> Sequence[str]:
        """ "page-000000" and so on."""
        return [f"page-{n:06d}" for n in range(self.first_seed, self.first_seed + self.count)]

    def split_of(self, drawing_id: str) -> Split:
        return split_of(drawing_id, self.val, self.test)

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        """One."""
        rng = np.random.default_rng([VERSION, int(drawing_id.rpartition("-")[2])])
        spots = SPOTS[int(rng.choice(list(SPOTS), p=(0.45, 0.35, 0.2)))]
        chosen = self._choose(rng, self.split_of(drawing_id), len(spots))
        side = OVERSAMPLING * self.size
        part_map, ink = np.zeros((side, side), np.uint8), np.zeros((side, side), bool)
        names: list[str] = []
        rgb: list[tuple[int, int, int]] = []
        wholes: list[Part] = []
        told: list[tuple[str, str]] = []
        whole_of = [0]
        for spot, chosen_id in zip(spots, chosen, strict=False):
            place = PagePlace.sample(rng, spot[:2], spot[2] * float(rng.uniform(0.85, 1.1)))
            drawing = self._drawing(chosen_id).posed(place, side)
            term = str(rng.choice(TERMS))
            word, color = typical_color(term, rng)
            shown = drawing.part_map > 0
            part_map[shown] = drawing.part_map[shown] + len(names)
            ink = (ink & ~shown) | drawing.ink
            names += drawing.names
            rgb += whole_colors(drawing.names, (word, term, color))
            whole_of += [len(wholes) + 1] * len(drawing.names)
            wholes.append(Part(self.labels[chosen_id].subject, term, color, named=True))
            told.append((wholes[-1].name, word))
        page = LabeledDrawing(tuple(names), part_map, ink)
        sketch = render_sketch(page, Pen.sample(rng, OVERSAMPLING), rng, self.size)
        white = np.array([False, *(name in PAPER for name in names)])
        shrunk = shrink_map(page, sketch)
        yield Triplet(
            id=drawing_id,
            drawing_id=drawing_id,
            original_image=sketch,
            edited_image=render_colors(page, rgb, self.size),
            # in random order, so that the model learns the nouns, not the positions
            edit_prompt=describe_several(rng, [told[i] for i in rng.permutation(len(told))]),
            parts=tuple(wholes),
            # white parts do not have the color of the whole, and are not named
            part_map=np.where(white[shrunk], 0, np.array(whole_of, np.uint8)[shrunk]),
        )

    def _choose(self, rng: Generator, split: Split, count: int) -> list[str]:
        """Choose drawings of a split with different subjects."""
        pool = self._of_split.get(split) or self._of_split["train"]
        chosen: dict[str, str] = {}
        for k in rng.permutation(len(pool))[: 4 * count]:
            chosen.setdefault(self.labels[pool[k]].subject, pool[k])
        return list(chosen.values())[:count]


def _drawing_id(label: Label) -> str:
    return "labeled-" + re.sub(r"[^A-Za-z0-9_]+", "-", label.id.removesuffix(".svg"))
