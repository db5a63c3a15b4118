"""The record of one job: a sketch, its prompt and settings, and the resulting pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PIL import Image

from pokecolor.coloring.openraster import write_openraster
from pokecolor.core.images.conversion import to_rgb

if TYPE_CHECKING:
    from pathlib import Path

    from pokecolor.app.color_check import ColorCheck
    from pokecolor.coloring.colorizer import ColoredSketch
    from pokecolor.coloring.compositing import Look

SMALL = 320
"""Longer side of the pictures in the collection, in pixels."""
SKETCH = "sketch.png"
KINDS = {
    "color": ("png", "image/png"),
    "clear": ("png", "image/png"),
    "small": ("webp", "image/webp"),
    "layers": ("ora", "image/openraster"),
}
"""The files of each picture, with their ending and media type: on white, on nothing, small, and
lines and colors apart."""


@dataclass(frozen=True)
class Order:
    """What is to be made."""

    name: str
    prompt: str
    seeds: tuple[int, ...]
    """One for each picture."""
    steps: int
    guidance_scale: float
    image_guidance_scale: float
    look: Look
    """How the colors are carried to the sketch, see `compositing.LOOKS`."""


@dataclass(frozen=True)
class Creation:
    """What was made."""

    id: str
    order: Order
    judgments: tuple[ColorCheck, ...]
    """One for each picture."""
    share: str | None
    """The token of its public page, if it has one."""
    created: float
    """Seconds since 1970."""


def file_of(kind: str, number: int) -> str:
    """The name of one of a picture's files; `kind` is a key of `KINDS`."""
    return f"{kind}-{number}.{KINDS[kind][0]}"


def media_types(creation: Creation) -> dict[str, str]:
    """All files of a creation, with their media types."""
    numbers = range(len(creation.order.seeds))
    return {SKETCH: "image/png"} | {
        file_of(kind, number): KINDS[kind][1] for kind in KINDS for number in numbers
    }


@dataclass(frozen=True)
class Picture:
    """A finished picture, put together once for all its files."""

    layers: list[tuple[str, Image.Image]]
    clear: Image.Image
    """RGBA, transparent around the drawing."""
    color: Image.Image
    """RGB, white there."""

    @classmethod
    def of(cls, coloring: ColoredSketch, look: Look) -> Picture:
        """Put one together."""
        layers = coloring.layers(look)
        clear = Image.new("RGBA", coloring.sketch.size)
        for _, layer in reversed(layers):
            clear.alpha_composite(layer)
        return cls(layers, clear, to_rgb(clear))


def write_files(folder: Path, sketch: Image.Image, pictures: list[Picture]) -> None:
    """Write the sketch and, of each picture, one file of each kind."""
    sketch.save(folder / SKETCH)
    for number, picture in enumerate(pictures):
        picture.clear.save(folder / file_of("clear", number))
        picture.color.save(folder / file_of("color", number))
        write_openraster(folder / file_of("layers", number), picture.layers)
        small = picture.color.copy()
        small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
        small.save(folder / file_of("small", number), quality=85)
