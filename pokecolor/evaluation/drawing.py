"""The drawings of a test set as metrics see them."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from pokecolor.images import to_uint8
from pokecolor.lineart import STROKE_CONTRAST, ink_of
from pokecolor.palette import paper

if TYPE_CHECKING:
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


def drawings_of(batch: Batch) -> list[Drawing]:
    """The drawings of a batch; the seed of each depends on its sample's id alone."""
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
