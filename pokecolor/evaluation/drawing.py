"""The record of a test drawing."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from pokecolor.coloring.lineart import STROKE_CONTRAST, ink_of
from pokecolor.core.images.conversion import to_uint8
from pokecolor.core.palette import paper

if TYPE_CHECKING:
    from pokecolor.core.schema import Batch, Part


@dataclass(frozen=True, eq=False)
class Drawing:
    """A sketch of the test set: its prompt, ground truth and parts."""

    id: str
    """Id of the drawing."""
    sketch: np.ndarray
    """uint8 [height, width, 3]."""
    target: np.ndarray | None
    """The ground truth, same shape; None if there is none."""
    prompt: str
    parts: tuple[Part, ...]
    part_map: np.ndarray
    """uint8 [height, width]."""
    sample_id: str

    @property
    def seed(self) -> int:
        """Seed of its images; depends only on the sample's id."""
        return zlib.crc32(self.sample_id.encode())

    def left_out(self, picture: np.ndarray) -> np.ndarray:
        """The pixels whose color is not scored, which are lines and background: bool [height,
        width].

        Args:
            picture: uint8 [height, width, 3]; without ground truth, its own white is the
                background.
        """
        return self._strokes | (paper(picture) if self._paper is None else self._paper)

    @cached_property
    def _strokes(self) -> np.ndarray:
        return ink_of(Image.fromarray(self.sketch)) >= STROKE_CONTRAST

    @cached_property
    def _paper(self) -> np.ndarray | None:
        return None if self.target is None else paper(self.target)


def drawings_of(batch: Batch) -> list[Drawing]:
    """The drawings of a batch."""
    sketches = to_uint8(batch["original_image"])
    truths = to_uint8(batch["edited_image"]) if "edited_image" in batch else [None] * len(sketches)
    return [
        Drawing(*fields)
        for fields in zip(
            batch["drawing_id"],
            sketches,
            truths,
            batch["edit_prompt"],
            batch["parts"],
            batch["part_map"].cpu().numpy(),
            batch["id"],
            strict=True,
        )
    ]
