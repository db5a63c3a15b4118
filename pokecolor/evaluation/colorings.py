"""Colors a test set and measures the pictures."""

from __future__ import annotations

import random
import zlib
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

from pokecolor.evaluation.background import white_background
from pokecolor.evaluation.leak import leak, swap_part_color
from pokecolor.evaluation.region_color import region_color_hits
from pokecolor.images import to_uint8
from pokecolor.measuring import MeasuredModule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pokecolor.colorizer import Colorizer
    from pokecolor.schema import Batch


class ColoringsModule(MeasuredModule):
    """Measures how a model colors drawings whose parts are known.

    What is measured is what a user gets: colors carried to the sketch, its own lines over them.
    The seed of a picture, and the color that is swapped, depend on its sample's id alone.

    Args:
        colorizer: the model at work.
        **settings: of `Colorizer.paint`: steps and guidance.
    """

    def __init__(self, colorizer: Colorizer, **settings: float) -> None:
        super().__init__()
        self.colorizer, self.settings = colorizer, settings

    def measure(self, batch: Batch) -> Iterator[tuple[str, list[str], torch.Tensor]]:
        """Region-color accuracy, over all parts and by name, white background, and leak."""
        sketches = [Image.fromarray(image) for image in to_uint8(batch["original_image"])]
        seeds = [zlib.crc32(name.encode()) for name in batch["id"]]
        pictures = self._color(sketches, batch["edit_prompt"], seeds)
        maps, drawings = batch["part_map"].cpu().numpy(), batch["drawing_id"]

        hits = [
            (drawing, *hit)
            for drawing, *picture in zip(drawings, pictures, maps, batch["parts"], strict=True)
            for hit in region_color_hits(*picture)
        ]
        yield from _measured("region_color", [(drawing, hit) for drawing, _, hit in hits])
        for name in sorted({name for _, name, _ in hits}):
            of_part = [(drawing, hit) for drawing, part, hit in hits if part == name]
            yield from _measured(f"region_color/{name}", of_part)

        truths = to_uint8(batch["edited_image"])
        white = map(white_background, pictures, truths)
        yield from _measured("white_background", list(zip(drawings, white, strict=True)))
        yield from _measured("leak", self._leaks(batch, sketches, seeds, pictures))

    def _leaks(
        self,
        batch: Batch,
        sketches: Sequence[Image.Image],
        seeds: Sequence[int],
        pictures: Sequence[np.ndarray],
    ) -> list[tuple[str, float]]:
        """Drawing and leak of every sample that has a color to swap."""
        swaps = [
            swap_part_color(prompt, parts, random.Random(seed))
            for prompt, parts, seed in zip(batch["edit_prompt"], batch["parts"], seeds, strict=True)
        ]
        rows = [i for i, swap in enumerate(swaps) if swap]
        swapped = self._color(
            [sketches[i] for i in rows],
            [swaps[i].prompt for i in rows],
            [seeds[i] for i in rows],
        )
        maps = batch["part_map"].cpu().numpy()
        return [
            (batch["drawing_id"][i], leak(pictures[i], after, maps[i] == swaps[i].part + 1))
            for i, after in zip(rows, swapped, strict=True)
        ]

    def _color(
        self, sketches: Sequence[Image.Image], prompts: Sequence[str], seeds: Sequence[int]
    ) -> list[np.ndarray]:
        """The finished pictures, uint8 [height, width, 3] each."""
        colorings = self.colorizer.paint(sketches, prompts, seeds, **self.settings)
        return [np.asarray(coloring.image()) for coloring in colorings]


def _measured(
    metric: str, of_drawings: Sequence[tuple[str, float | None]]
) -> Iterator[tuple[str, list[str], torch.Tensor]]:
    """The metric of those drawings that it can be taken of; nothing if there are none."""
    known = [(drawing, value) for drawing, value in of_drawings if value is not None]
    if known:
        drawings, values = zip(*known, strict=True)
        yield metric, list(drawings), torch.tensor(values, dtype=torch.float32)
