"""Several creatures on a page."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from pokecolor.sources.creatures.figure import Figure
from pokecolor.sources.creatures.plans import PLANS
from pokecolor.sources.creatures.source import Creature, CreatureSource
from pokecolor.sources.creatures.style import PAGE, draw_lines, pose
from pokecolor.sources.creatures.svg import CreatureSvg

if TYPE_CHECKING:
    from pokecolor.core.schema import Triplet

NAMES = ("creatures", "creatures", "monsters", "characters", "animals")

SPOTS = {
    2: ((0.3, 0.5, 0.58), (0.72, 0.5, 0.58)),
    3: ((0.27, 0.3, 0.5), (0.73, 0.3, 0.5), (0.5, 0.75, 0.5)),
    4: ((0.27, 0.27, 0.5), (0.73, 0.27, 0.5), (0.27, 0.73, 0.5), (0.73, 0.73, 0.5)),
}
"""Number of creatures => center of each, as shares of the page, and size."""


class MultiCreatureSource(CreatureSource):
    """Two to four creatures on a page, of one kind or of several, all in the same colors.

    An instruction cannot distinguish them, so a part consists of the parts with its name of all
    creatures. The seeds are independent of `CreatureSource`.
    """

    name = "crowds"

    def draw(self, seed: int) -> Creature:
        """The creatures of a seed."""
        return _MultiCreature(seed)

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        """See `CreatureSource`."""
        for triplet in super().triplets(drawing_id):
            prompt = re.sub(r"\bits\b", "their", triplet.edit_prompt)
            prompt = re.sub(r"\bIts\b", "Their", prompt)
            prompt = re.sub(r"\b([Gg]ive) it\b", r"\1 them", prompt)
            yield dataclasses.replace(triplet, edit_prompt=prompt)


class _MultiCreature(Creature):
    """The creatures of a seed, treated as one, with one style."""

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng((seed, 0, 0))
        shares = np.array([plan.share for plan in PLANS])
        spots = SPOTS[int(rng.choice(list(SPOTS), p=(0.6, 0.25, 0.15)))]
        kinds = rng.choice(len(PLANS), len(spots), p=shares / shares.sum())
        if rng.random() < 0.5:
            kinds[:] = kinds[0]
        crowd = Figure(rng)
        for kind, (x, y, size) in zip(kinds, spots, strict=True):
            figure = Figure(rng)
            PLANS[kind].draw(figure)
            pose(figure)
            scale = size * rng.uniform(0.8, 1.0)
            spot = PAGE * (np.array((x, y)) + rng.uniform(-0.03, 0.03, 2))
            figure.move(lambda p, s=scale, c=spot: (p - PAGE / 2) * s + c)
            crowd.shapes += figure.shapes
        lines = draw_lines(rng)
        # a smaller figure is drawn with a finer pen
        self.drawing = CreatureSvg(
            crowd,
            dataclasses.replace(
                lines, width=0.75 * lines.width, sketch_width=max(0.8, 0.75 * lines.sketch_width)
            ),
        )

    def name(self, rng: np.random.Generator) -> str:
        """A random name for them."""
        return NAMES[rng.integers(len(NAMES))]
