"""Generated objects as a source of triplets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pokecolor.core.errors import UserError
from pokecolor.core.schema import Triplet
from pokecolor.sources.creatures.objects import draw_object
from pokecolor.sources.creatures.source import Creature, CreatureSource, seed_of
from pokecolor.sources.creatures.style import draw_lines, pose
from pokecolor.sources.creatures.svg import CreatureSvg, render_page
from pokecolor.sources.text.ranked_parts import choose_colors, rank_regions

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("thing", "object", "icon", "toy", "drawing")


class ProceduralObjectSource(CreatureSource):
    """Objects of simple shapes, whose parts are named by their size, like OpenMoji's.

    OpenMoji alone has too few drawings to learn which is the largest part of a drawing, and which
    the second. The seeds are independent of `CreatureSource`.

    Raises:
        UserError: see `CreatureSource`; or `two_colors` is set.
    """

    name = "things"

    def __post_init__(self) -> None:
        if self.two_colors:
            raise UserError("things: two_colors is for creatures, which have a body; leave it out")
        super().__post_init__()

    def draw(self, seed: int) -> Creature:
        """The object of a seed."""
        return _ProceduralObject(seed)

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        """See `CreatureSource`; none if no part is large enough to be named."""
        seed = seed_of(drawing_id)
        thing = self.draw_as_asked(seed)
        sketch = render_page(thing.drawing.sketch(), self.size)
        seen, part_map = self.part_map(thing)
        order, part_map, visible = rank_regions(part_map, len(seen))
        if not visible:
            return
        for number in range(self.colorings):
            rng = np.random.default_rng((seed, 1 + number))
            coloring = choose_colors(rng, len(seen), visible, self.palette, thing.name(rng))
            main = coloring.rgb[0]
            rgb = dict.fromkeys(thing.regions, main)
            rgb.update(zip((seen[i] for i in order), coloring.rgb, strict=True))
            colored = thing.drawing.color_image(rgb, thing.drawing.lines.color(main))
            yield Triplet(
                id=f"{drawing_id}-{number}",
                drawing_id=drawing_id,
                original_image=sketch,
                edited_image=render_page(colored, self.size),
                edit_prompt=coloring.prompt,
                parts=coloring.parts,
                part_map=part_map,
            )


class _ProceduralObject(Creature):
    """The object of a seed, in the style of creatures."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng((seed, 0, 0, 0))
        figure = draw_object(rng)
        pose(figure)
        self.drawing = CreatureSvg(figure, draw_lines(rng))

    def name(self, rng: np.random.Generator) -> str:
        """A random name for it."""
        return NAMES[rng.integers(len(NAMES))]
