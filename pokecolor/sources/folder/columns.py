"""Recognizes the columns of sketch, color image and instruction by their names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# in the order of preference; names of diffusers, ControlNet, kohya's scripts and others
SKETCH = (
    "sketch", "sketch_image", "original_image", "input_image", "conditioning_image",
    "condition_image", "control_image", "original", "conditioning", "lineart", "line_art",
    "line_drawing", "lineart_image", "source_image",
)  # fmt: skip
COLOR = (
    "color", "colour", "color_image", "colour_image", "colored_image", "edited_image",
    "output_image", "target_image", "edited",
)  # fmt: skip
CAPTION = (
    "caption", "edit_prompt", "prompt", "text", "prompt_text", "caption_text", "instruction",
    "edit_instruction", "description",
)  # fmt: skip
EITHER = ("image", "file_name", "filename")
"""The color image, or the sketch if another column has the color image."""
SPLIT = ("split",)
DRAWING = ("drawing_id",)
"""Colorings with the same value belong to one drawing, and stay in one split."""

_ENDINGS = ("_file_name", "_filename", "_file", "_path")
"""Suffixes of `datasets` for columns with file names."""


@dataclass(frozen=True)
class Columns:
    """The names of a table's columns by content; "" for none."""

    color: str
    sketch: str
    caption: str
    split: str
    drawing: str
    ignored: tuple[str, ...]
    """The other columns."""


def choose_columns(table: Path | str, columns: Sequence[str]) -> Columns:
    """Recognize the columns of a table by their names, in any case, with "_" or spaces.

    Raises:
        UserError: no column holds the color image.
    """
    by_name: dict[str, str] = {}
    for column in columns:
        by_name.setdefault(_plain(column), column)
    sketch, color, caption, split, drawing = (
        next((by_name[name] for name in names if name in by_name), "")
        for names in (SKETCH, COLOR, CAPTION, SPLIT, DRAWING)
    )
    if not color and not sketch and {"source", "target"} <= by_name.keys():
        # ControlNet's names; "source" alone is more often the origin of an image
        sketch, color = by_name["source"], by_name["target"]
    for name in EITHER:
        if name in by_name:
            if not color:
                color = by_name[name]
            elif not sketch:
                sketch = by_name[name]
    if not color:
        hint = "name the columns sketch,color,caption"
        if len(columns) == 1 and "|" in columns[0]:
            hint = "separate the columns by commas, semicolons or tabs"
        raise UserError(
            f"{table}: no column names the color images (found {', '.join(columns)}); {hint}"
        )
    used = {color, sketch, caption, split, drawing} - {""}
    ignored = tuple(column for column in columns if column not in used)
    return Columns(color, sketch, caption, split, drawing, ignored)


def _plain(column: str) -> str:
    """A column's name in lower case, without the suffixes of `_ENDINGS`."""
    name = re.sub(r"[\W_]+", "_", column.lower()).strip("_")
    for ending in _ENDINGS:
        name = name.removesuffix(ending)
    return re.sub("img$", "image", name)
