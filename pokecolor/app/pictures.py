"""A finished picture: lines over colors, and its files."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from pokecolor.app.creation import PAINTED, SKETCH, file_of
from pokecolor.coloring.colored_sketch import ColoredSketch
from pokecolor.coloring.instruction import read_instruction
from pokecolor.coloring.openraster import write_openraster
from pokecolor.core.atomic_files import written_whole
from pokecolor.core.images.conversion import load_image, to_rgb

if TYPE_CHECKING:
    from pathlib import Path

    from pokecolor.app.creation import PictureInfo
    from pokecolor.coloring.compositing import Look

SMALL = 320
"""Longer side of the pictures in the collection, in pixels."""
LINES, COLORS = "lines", "colors"
"""The layers of a picture, the topmost first, by the names that `ColoredSketch.layers` gives."""


@dataclass(frozen=True)
class Picture:
    """Two layers of the sketch's size, RGBA."""

    lines: Image.Image
    colors: Image.Image

    @classmethod
    def of(cls, coloring: ColoredSketch, look: Look) -> Picture:
        """Carry the model's colors to the sketch."""
        layers = dict(coloring.layers(look))
        return cls(layers[LINES], layers[COLORS])

    @property
    def line_art(self) -> Image.Image:
        """The lines on white: RGB."""
        return to_rgb(self.lines)

    def write(self, folder: Path, number: int) -> None:
        """Write one file of each kind; each is whole or as before."""
        clear = self.colors.copy()
        clear.alpha_composite(self.lines)
        color = to_rgb(clear)
        small = color.copy()
        small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
        images = {"clear": clear, "color": color, "colors": self.colors, "small": small}
        for kind, image in images.items():
            path = folder / file_of(kind, number)
            with written_whole(path) as partial:
                image.save(partial, path.suffix[1:], quality=85)
        with written_whole(folder / file_of("layers", number)) as partial:
            write_openraster(partial, [(LINES, self.lines), (COLORS, self.colors)])


def write_painted(folder: Path, number: int, painted: np.ndarray) -> None:
    """Keep what the model painted, uint8 [size, size, 3]."""
    Image.fromarray(painted).save(folder / PAINTED.format(number))


def read_painted(folder: Path, number: int) -> np.ndarray | None:
    """What the model painted; None for a creation of an earlier version."""
    path = folder / PAINTED.format(number)
    return np.asarray(load_image(path)) if path.is_file() else None


def read_picture(folder: Path, number: int) -> Picture:
    """A picture out of its OpenRaster file, which also those of earlier versions have."""
    with zipfile.ZipFile(folder / file_of("layers", number)) as layers:
        lines, colors = (
            load_image(layers.read(f"data/layer{index}.png"), keep_alpha=True).convert("RGBA")
            for index in range(2)
        )
    return Picture(lines, colors)


def recompose(
    folder: Path, number: int, info: PictureInfo, prompt: str, look: Look
) -> Picture | None:
    """The same picture in another look; None if the model's picture was not kept."""
    painted = read_painted(folder, number)
    if painted is None:
        return None
    sketch = load_image(folder / SKETCH, keep_alpha=True)
    line_art = read_picture(folder, number).line_art
    instruction = read_instruction(prompt)
    return Picture.of(ColoredSketch(sketch, line_art, painted, info.box, instruction), look)


def encode(image: Image.Image) -> bytes:
    """An image as PNG, fast."""
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
