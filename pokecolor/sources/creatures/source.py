"""Creatures as a source of triplets."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pokecolor.core.errors import UserError
from pokecolor.core.schema import Part, Triplet
from pokecolor.sources.creatures.coloring import (
    BODY,
    ColorScheme,
    color_parts,
    color_parts_typically,
)
from pokecolor.sources.creatures.figure import Figure
from pokecolor.sources.creatures.plans import ANY, PLANS
from pokecolor.sources.creatures.style import PAGE, draw_lines, pose
from pokecolor.sources.creatures.svg import CreatureSvg, render_page
from pokecolor.sources.drawing_source import DrawingSource
from pokecolor.sources.splits import require_shares
from pokecolor.sources.text import color_words, wording
from pokecolor.sources.text.color_words import color_word, require_palette
from pokecolor.sources.text.wording import write_instruction

if TYPE_CHECKING:
    from pokecolor.core.schema import Split

VERSION = 5
"""Raised whenever the same seed would give another picture or text."""

TEST_SEED = 900_000
"""Seeds from here on are for testing, never for training."""

SOFT = 1.2
"""Total width of a line's antialiased edges, in pixels, which belong to no part."""

SMALLEST = 10
"""Minimum area of a part, in pixels of a page of 128 x 128, and in pixels; smaller parts are
neither counted nor named."""

PATCHES = ("belly", "chest", "cheeks", "tail tip")
"""Parts that are only a change of color, and are often drawn without an outline."""


@dataclass(frozen=True, eq=False)
class CreatureSource(DrawingSource):
    """Cartoon creatures, each drawn from a seed and colored several times.

    Raises:
        UserError: a number is out of its range, or there is no such palette.
    """

    name = "creatures"

    size: int = 128
    """Width and height of the images in pixels."""
    count: int = 8000
    """Drawings for training and validation, of the seeds from `first_seed` on."""
    first_seed: int = 0
    """The first of these seeds; with `count` they must stay below `TEST_SEED`."""
    colorings: int = 4
    """Number of triplets of each drawing, with different colors."""
    test_count: int = 500
    """Drawings for testing, of the seeds from `TEST_SEED` on."""
    val: float = 0.02
    """The share of the training seeds that is held out for validation."""
    palette: str = "varied"
    """"varied", many colors for each word and for what no word tells, or "typical", one."""
    two_colors: float = 0.0
    """With "typical", the share of "blue and yellow" instructions among colorings that name the
    body and not all parts of `pokecolor.sources.creatures.coloring.SECOND`."""
    fine_lines: bool = False
    """Whether the color images have fine lines, see `Lines.fine`."""
    unlined: float = 0.0
    """Share of drawings whose `PATCHES` have no outline, so that the model learns where they
    are."""

    def __post_init__(self) -> None:
        require_palette(self.palette)
        last = self.first_seed + self.count
        if self.first_seed < 0 or self.count < 0 or last > TEST_SEED:
            raise UserError(
                f"{self.name}: seeds {self.first_seed} to {last} are not all between 0 and "
                f"{TEST_SEED}; lower data.source.count or data.source.first_seed"
            )
        none = self.count + self.test_count == 0
        if self.size < 16 or self.colorings < 1 or self.test_count < 0 or none:
            raise UserError(
                f"{self.name}: size must be 16 or more, colorings 1 or more, and "
                "count and test_count not both 0"
            )
        if not 0 <= self.two_colors <= (self.palette == "typical"):
            raise UserError(
                f"{self.name}: two_colors={self.two_colors}: give a share from 0 to 1, and "
                "palette=typical"
            )
        if not 0 <= self.unlined <= 1:
            raise UserError(f"{self.name}: unlined={self.unlined}: give a share from 0 to 1")
        require_shares(self.val)

    def depends_on(self) -> list[object]:
        return [VERSION, wording.VERSION, color_words.VERSION]

    def drawings(self) -> Sequence[str]:
        """ "creature-000000" and so on, those for testing last."""
        first = range(self.first_seed, self.first_seed + self.count)
        test = range(TEST_SEED, TEST_SEED + self.test_count)
        one = self.name.removesuffix("s")
        return [f"{one}-{seed:06d}" for seeds in (first, test) for seed in seeds]

    def draw(self, seed: int) -> Creature:
        """The drawing of a seed."""
        return Creature(seed)

    def draw_as_asked(self, seed: int) -> Creature:
        """The drawing of a seed, with the lines of the settings."""
        creature = self.draw(seed)
        if self.fine_lines:
            creature.drawing.lines = creature.drawing.lines.fine()
        if np.random.default_rng((seed, 0, 1)).random() < self.unlined:
            for shape in creature.drawing.figure.walk():
                if shape.region in PATCHES:
                    shape.weight = 0
        return creature

    def split_of(self, drawing_id: str) -> Split:
        """Test by its seed; otherwise validation for a share chosen by the id's SHA-256."""
        if seed_of(drawing_id) >= TEST_SEED:
            return "test"
        digest = hashlib.sha256(drawing_id.encode()).digest()
        return "val" if int.from_bytes(digest[:8], "big") < self.val * 2**64 else "train"

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        """The drawing in `colorings` random colorings; the seed alone decides everything."""
        seed = seed_of(drawing_id)
        creature = self.draw_as_asked(seed)
        sketch = render_page(creature.drawing.sketch(), self.size)
        seen, part_map = self.part_map(creature)
        for number in range(self.colorings):
            rng = np.random.default_rng((seed, 1 + number))
            coloring = self._color(creature.regions, seen, rng)
            rgb, named = coloring.rgb, coloring.named
            line = creature.drawing.lines.color(rgb[BODY])
            yield Triplet(
                id=f"{drawing_id}-{number}",
                drawing_id=drawing_id,
                original_image=sketch,
                edited_image=render_page(creature.drawing.color_image(rgb, line), self.size),
                edit_prompt=_instruction(rng, creature, coloring),
                parts=tuple(
                    Part(region, coloring.terms[region], rgb[region], region in named)
                    for region in seen
                ),
                part_map=part_map,
            )

    def _color(self, regions: list[str], seen: list[str], rng: np.random.Generator) -> ColorScheme:
        if self.palette == "varied":
            return color_parts(regions, seen, rng)
        return color_parts_typically(regions, seen, rng, self.two_colors)

    def part_map(self, creature: Creature) -> tuple[list[str], np.ndarray]:
        """The visible parts, and the part map, whose values number them from 1."""
        index = {region: number + 1 for number, region in enumerate(creature.regions)}
        edge = SOFT * PAGE / self.size
        drawn = render_page(creature.drawing.part_map(index, edge), self.size)[..., 0]
        areas = np.bincount(drawn.ravel(), minlength=256)
        least = SMALLEST * max(1.0, (self.size / 128) ** 2)
        seen = [region for region in creature.regions if areas[index[region]] >= least]
        renumbered = np.zeros(256, np.uint8)
        renumbered[[index[region] for region in seen]] = np.arange(1, len(seen) + 1)
        return seen, renumbered[drawn]


class Creature:
    """The creature of a seed: its kind, its parts, its drawing."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng((seed, 0))
        shares = np.array([plan.share for plan in PLANS])
        self.plan = PLANS[rng.choice(len(PLANS), p=shares / shares.sum())]
        figure = Figure(rng)
        self.plan.draw(figure)
        pose(figure)
        self.drawing = CreatureSvg(figure, draw_lines(rng))

    @cached_property
    def regions(self) -> list[str]:
        """The names of all its parts, from back to front."""
        shapes = self.drawing.figure.walk()
        return list(dict.fromkeys(shape.region for shape in shapes if shape.region))

    def name(self, rng: np.random.Generator) -> str:
        """What somebody may call it."""
        names = self.plan.subjects if rng.random() < 0.45 else ANY
        return names[rng.integers(len(names))]


def _instruction(rng: np.random.Generator, creature: Creature, coloring: ColorScheme) -> str:
    """The wording that tells the named parts in their order."""
    subject = creature.name(rng)
    told = [
        (region, coloring.words.get(region) or color_word(coloring.rgb[region], rng))
        for region in coloring.named
    ]
    if told[0][0] != BODY:
        return write_instruction(rng, subject, None, told)
    main = told[0][1]
    if rng.random() < 0.1:
        whole = "head and body" if "head" not in creature.regions and rng.random() < 0.5 else BODY
        return write_instruction(rng, subject, None, [(whole, main), *told[1:]])
    return write_instruction(rng, subject, main, told[1:])


def seed_of(drawing_id: str) -> int:
    """The seed that a drawing's id ends with."""
    return int(drawing_id.rpartition("-")[2])
