"""Creatures as a source of triplets."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import resvg_py
from PIL import Image

from pokecolor.data.color_words import color_word
from pokecolor.data.creatures import style, svg
from pokecolor.data.creatures.coloring import BODY, color_parts
from pokecolor.data.creatures.figure import Figure
from pokecolor.data.creatures.plans import ANY, PLANS
from pokecolor.data.wording import write_instruction
from pokecolor.errors import UserError
from pokecolor.schema import Part, Triplet

if TYPE_CHECKING:
    from pokecolor.schema import Split

VERSION = 1
"""Raised whenever the same seed would give another picture or text."""

TEST_SEED = 900_000
"""Seeds from here on are for testing, never for training."""


class CreatureSource:
    """Cartoon creatures, each drawn from a seed and colored several times.

    Args:
        size: width and height of the images in pixels.
        count: drawings for training and validation, of the seeds from `first_seed` on.
        first_seed: the first of these seeds; with `count` they must stay below `TEST_SEED`.
        colorings: how many triplets, of other colors, one drawing gives.
        test_count: drawings for testing, of the seeds from `TEST_SEED` on.
        val: the share of the training seeds that is held out for validation.

    Raises:
        UserError: a number is out of its range.
    """

    name = "creatures"

    def __init__(
        self,
        size: int = 128,
        count: int = 8000,
        first_seed: int = 0,
        colorings: int = 4,
        test_count: int = 500,
        val: float = 0.02,
    ) -> None:
        if first_seed < 0 or count < 0 or first_seed + count > TEST_SEED:
            raise UserError(
                f"creatures: seeds {first_seed} to {first_seed + count} are not all between 0 and "
                f"{TEST_SEED}; lower data.source.count or data.source.first_seed"
            )
        if size < 16 or colorings < 1 or test_count < 0 or count + test_count == 0:
            raise UserError(
                "creatures: size must be 16 or more, colorings 1 or more, and "
                "count and test_count not both 0"
            )
        self.size = size
        self.count = count
        self.first_seed = first_seed
        self.colorings = colorings
        self.test_count = test_count
        self.val = val

    @property
    def fingerprint(self) -> str:
        """Hex digest of the configuration and the generator's version."""
        return hashlib.sha256(
            json.dumps([VERSION, vars(self)], sort_keys=True).encode()
        ).hexdigest()

    def drawings(self) -> Sequence[str]:
        """ "creature-000000" and so on, those for testing last."""
        first = range(self.first_seed, self.first_seed + self.count)
        test = range(TEST_SEED, TEST_SEED + self.test_count)
        return [f"creature-{seed:06d}" for seeds in (first, test) for seed in seeds]

    def split_of(self, drawing_id: str) -> Split:
        """Test by its seed; otherwise validation for a share chosen by the id's SHA-256."""
        if _seed(drawing_id) >= TEST_SEED:
            return "test"
        digest = hashlib.sha256(drawing_id.encode()).digest()
        return "val" if int.from_bytes(digest[:8], "big") < self.val * 2**64 else "train"

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        """The drawing in `colorings` random colorings; seeds decide everything."""
        seed = _seed(drawing_id)
        rng = np.random.default_rng((seed, 0))
        figure = Figure(rng)
        shares = np.array([plan.share for plan in PLANS])
        plan = PLANS[rng.choice(len(PLANS), p=shares / shares.sum())]
        plan.draw(figure)
        style.place(figure)
        lines = style.draw_lines(rng)
        drawn = list(dict.fromkeys(shape.region for shape in figure.walk() if shape.region))
        index = {region: number + 1 for number, region in enumerate(drawn)}
        part_map = _render(svg.part_map(figure, lines, index), self.size)[..., 0]
        # a part hidden by others or smaller than the lines around it is no part
        seen = [
            region
            for region in drawn
            if (part_map == index[region]).sum() >= 4 * (self.size / 128) ** 2
        ]
        renumber = np.zeros(256, np.uint8)
        for number, region in enumerate(seen):
            renumber[index[region]] = number + 1
        part_map = renumber[part_map]
        sketch = _render(svg.sketch(figure, lines), self.size)
        for coloring in range(self.colorings):
            rng = np.random.default_rng((seed, 1 + coloring))
            colors, named = color_parts(seen, rng)
            for region in drawn:
                colors.setdefault(region, colors[BODY])
            rgb = {region: color for region, (_, color) in colors.items()}
            line = tuple(int(0.3 * c) for c in rgb[BODY]) if lines.dark_lines else (0, 0, 0)
            yield Triplet(
                id=f"{drawing_id}-{coloring}",
                drawing_id=drawing_id,
                original_image=sketch,
                edited_image=_render(svg.color_image(figure, lines, rgb, line), self.size),
                edit_prompt=_instruction(rng, plan.subjects, rgb, named, "head" in seen),
                parts=tuple(Part(region, *colors[region], region in named) for region in seen),
                part_map=part_map,
            )


def _instruction(
    rng: np.random.Generator,
    own_subjects: tuple[str, ...],
    rgb: dict[str, tuple[int, int, int]],
    named: list[str],
    has_head: bool,
) -> str:
    """The wording that names the parts of `named` in their order."""
    subjects = own_subjects if rng.random() < 0.45 else ANY
    subject = subjects[rng.integers(len(subjects))]
    told = [(region, color_word(rgb[region], rng)) for region in named]
    if told[0][0] != BODY:
        return write_instruction(rng, subject, None, told)
    if rng.random() < 0.1:
        body = "body" if has_head or rng.random() < 0.5 else "head and body"
        return write_instruction(rng, subject, None, [(body, told[0][1]), *told[1:]])
    return write_instruction(rng, subject, told[0][1], told[1:])


def _seed(drawing_id: str) -> int:
    return int(drawing_id.removeprefix("creature-"))


def _render(drawing: str, size: int) -> np.ndarray:
    """uint8 [size, size, 3] of an SVG."""
    png = resvg_py.svg_to_bytes(svg_string=drawing, width=size, height=size, skip_system_fonts=True)
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))
