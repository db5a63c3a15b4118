"""Sketches and color images that have the same names in two folders, as `sketches` and `colors`."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SKETCHES = re.compile(
    r"(sketch(es)?|lines?|line_?arts?|line_drawings?|(conditioning|control|original|input)_images?"
    r"|conditioning)"
)
"""Names of folders of sketches, in lower case and with "_" for a space."""
COLORS = re.compile(r"(colou?rs?|images?|imgs?|((colou?r|colored|edited|output|target)_images?))")
"""The same of color images, which may also lie beside the folder of sketches."""


def pair_folders(images: Sequence[Path], root: Path) -> tuple[dict[Path, Path], list[Path]]:
    """The sketch of each color image that has one, and all sketches.

    A sketch lies in a folder called one of `SKETCHES`. Its color image has the same path without
    such a folder, but with or without one of `COLORS`; the ending of the file may be another.
    """
    drawn: dict[tuple[str, ...], Path] = {}
    sketches = [path for path in images if any(map(_is_of_sketches, _folders(path, root)))]
    for path in sketches:
        drawn.setdefault(_key(path, root), path)
    colors = set(images) - set(sketches)
    return {path: drawn[key] for path in colors if (key := _key(path, root)) in drawn}, sketches


def _folders(path: Path, root: Path) -> list[str]:
    return [re.sub(r"[\W_]+", "_", name.lower()) for name in path.relative_to(root).parts[:-1]]


def _is_of_sketches(folder: str) -> bool:
    return SKETCHES.fullmatch(folder) is not None


def _key(path: Path, root: Path) -> tuple[str, ...]:
    """What a color image and its sketch have in common."""
    others = [
        name
        for name in _folders(path, root)
        if not (_is_of_sketches(name) or COLORS.fullmatch(name))
    ]
    return (*others, unicodedata.normalize("NFC", path.stem))
