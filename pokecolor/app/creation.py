"""The record of one job's result: a sketch, its prompt and settings, and the pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pokecolor.coloring.framing import Box

if TYPE_CHECKING:
    from pokecolor.app.color_check import Verdict
    from pokecolor.coloring.compositing import Look

SKETCH = "sketch.png"
KINDS = {
    "color": ("png", "image/png"),
    "clear": ("png", "image/png"),
    "colors": ("png", "image/png"),
    "small": ("webp", "image/webp"),
    "layers": ("ora", "image/openraster"),
}
"""The files of each picture that are served, with their ending and media type: on white, on
nothing, the colors without the lines, small, and lines and colors apart."""
PAINTED = "painted-{}.png"
"""What the model painted of a picture, at its own size; kept, but not served."""


Warned = Literal["in_color", "unchanged"]
"""What is told of a picture: the sketch was in color, so that its lines alone were colored; of a
part that alone was to change, nothing has changed."""


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
    sketch_id: str | None = None
    """Of the library, if the sketch is one of its."""
    parent: str | None = None
    """The creation whose sketch it is."""


@dataclass(frozen=True)
class PictureInfo:
    """What is known of one picture of a creation."""

    look: Look
    warnings: tuple[Warned, ...] = ()
    verdicts: tuple[Verdict, ...] | None = None
    """None for a picture of an earlier version, which knew nothing of parts."""
    box: Box | None = None
    """Where in the sketch the model's picture lies; None where that picture was not kept."""


@dataclass(frozen=True)
class Creation:
    """What was made."""

    id: str
    order: Order
    pictures: tuple[PictureInfo, ...]
    """One for each seed."""
    share: str | None
    """The token of its public page, if it has one."""
    created: float
    """Seconds since 1970."""
    changed: float
    """When its pictures were last finished by hand; at first as `created`."""


def file_of(kind: str, number: int) -> str:
    """The name of one of a picture's files; `kind` is a key of `KINDS`."""
    return f"{kind}-{number}.{KINDS[kind][0]}"


def media_types(creation: Creation) -> dict[str, str]:
    """All files of a creation that are served, with their media types."""
    numbers = range(len(creation.pictures))
    return {SKETCH: "image/png"} | {
        file_of(kind, number): KINDS[kind][1] for kind in KINDS for number in numbers
    }
