"""Colors a test set and measures the pictures."""

from __future__ import annotations

import random
import zlib
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

from pokecolor.colors import TERMS
from pokecolor.evaluation.background import white_background
from pokecolor.evaluation.leak import leak, swap_part_color
from pokecolor.evaluation.line_f1 import line_f1
from pokecolor.evaluation.prompt_color import has_main_color, prompt_color_f1
from pokecolor.evaluation.region_color import region_color_hits
from pokecolor.images import to_uint8
from pokecolor.lineart import STROKE_CONTRAST, ink_of
from pokecolor.measuring import MeasuredModule
from pokecolor.palette import paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pokecolor.colorizer import Colorizer
    from pokecolor.schema import Batch, Part


@dataclass(frozen=True, eq=False)
class Drawing:
    """What is known of a sketch to be colored."""

    id: str
    """Of the drawing."""
    sketch: np.ndarray
    """uint8 [height, width, 3]."""
    truth: np.ndarray
    """The color image, the same."""
    prompt: str
    parts: tuple[Part, ...]
    part_map: np.ndarray
    """uint8 [height, width]."""
    seed: int

    @cached_property
    def left_out(self) -> np.ndarray:
        """Where no color is looked for, in lines and around the drawing: bool [height, width]."""
        return paper(self.truth) | (ink_of(Image.fromarray(self.sketch)) >= STROKE_CONTRAST)


class ColoringsModule(MeasuredModule):
    """Measures how a model colors.

    What is measured is what a user gets: colors carried to the sketch, its own lines over them.
    Beside each metric stand its values for the true pictures, which no model can be expected to
    exceed, and for the bare sketches. Region color and leak need drawings whose parts are known.

    The seed of a picture, and the color that is swapped, depend on its sample's id alone.

    Args:
        colorizer: the model at work.
        template: a prompt with "{color}" in it. Each sketch is colored by it in every basic color,
            to see whether that becomes its main one; None to leave that out.
        **settings: of `Colorizer.paint`: steps and guidance.
    """

    def __init__(
        self, colorizer: Colorizer, template: str | None = None, **settings: float
    ) -> None:
        super().__init__()
        self.colorizer, self.template, self.settings = colorizer, template, settings

    def measure(self, batch: Batch) -> Iterator[tuple[str, list[str], torch.Tensor]]:
        """All metrics that can be taken of the batch."""
        drawings = _drawings(batch)
        colored = self._color(drawings, [drawing.prompt for drawing in drawings])
        found: dict[str, list[tuple[str, float]]] = defaultdict(list)
        for drawing, picture in zip(drawings, colored, strict=True):
            for name, value in _judge(picture, drawing, by_part=True):
                found[name].append((drawing.id, value))
            for what, other in (("truth", drawing.truth), ("sketch", drawing.sketch)):
                for name, value in _judge(other, drawing):
                    found[f"{name}_of_{what}"].append((drawing.id, value))
        found["leak"] = self._leaks(drawings, colored)
        found["main_color"] = self._main_colors(drawings) if self.template else []
        for name, measured in found.items():
            if measured:
                ids, values = zip(*measured, strict=True)
                yield name, list(ids), torch.tensor(values, dtype=torch.float32)

    def _leaks(
        self, drawings: Sequence[Drawing], colored: Sequence[np.ndarray]
    ) -> list[tuple[str, float]]:
        """Drawing and leak of each that has a color to swap."""
        swaps = [swap_part_color(d.prompt, d.parts, random.Random(d.seed)) for d in drawings]
        rows = [i for i, swap in enumerate(swaps) if swap]
        again = self._color([drawings[i] for i in rows], [swaps[i].prompt for i in rows])
        return [
            (drawings[i].id, leak(colored[i], after, drawings[i].part_map == swaps[i].part + 1))
            for i, after in zip(rows, again, strict=True)
        ]

    def _main_colors(self, drawings: Sequence[Drawing]) -> list[tuple[str, float]]:
        """Drawing and success for each drawing and basic color."""
        hits = []
        for term in TERMS:
            colored = self._color(drawings, [self.template.format(color=term)] * len(drawings))
            hits += [
                (drawing.id, float(has_main_color(picture, term, drawing.left_out)))
                for drawing, picture in zip(drawings, colored, strict=True)
            ]
        return hits

    def _color(self, drawings: Sequence[Drawing], prompts: Sequence[str]) -> list[np.ndarray]:
        """The finished pictures, uint8 [height, width, 3] each."""
        colorings = self.colorizer.paint(
            [Image.fromarray(drawing.sketch) for drawing in drawings],
            prompts,
            [drawing.seed for drawing in drawings],
            **self.settings,
        )
        return [np.asarray(coloring.image()) for coloring in colorings]


def _drawings(batch: Batch) -> list[Drawing]:
    return [
        Drawing(*fields, zlib.crc32(sample_id.encode()))
        for *fields, sample_id in zip(
            batch["drawing_id"],
            to_uint8(batch["original_image"]),
            to_uint8(batch["edited_image"]),
            batch["edit_prompt"],
            batch["parts"],
            batch["part_map"].cpu().numpy(),
            batch["id"],
            strict=True,
        )
    ]


def _judge(
    picture: np.ndarray, drawing: Drawing, by_part: bool = False
) -> Iterator[tuple[str, float]]:
    """Metrics of one picture of a drawing, those that can be taken."""
    hits = region_color_hits(picture, drawing.part_map, drawing.parts)
    for part, hit, _ in hits:
        yield "region_color", float(hit)
        if by_part:
            yield f"region_color/{part}", float(hit)
    if hits:  # of the largest named part, which makes up most of the picture
        yield "main_region_color", float(max(hits, key=lambda hit: hit.pixels).hit)
    others = {
        "prompt_color_f1": prompt_color_f1(picture, drawing.prompt, drawing.left_out),
        "line_f1": line_f1(picture, drawing.sketch),
        "white_background": white_background(picture, drawing.truth),
    }
    yield from ((name, value) for name, value in others.items() if value is not None)
