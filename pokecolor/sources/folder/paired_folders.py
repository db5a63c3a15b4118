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

TWINS = (("source", "target"), ("input", "output"), ("original", "edited"))
"""Folders of sketches and of color images where both are there; alone their names say nothing."""
_SKETCH_WORD = re.compile(r"(^|[\W_])(sketch|line_?art|lines?|canny|edges?)($|[\W_])")
"""In the name of a file."""


def pair_folders(images: Sequence[Path], root: Path) -> tuple[dict[Path, Path], list[Path]]:
    """The sketch of each color image that has one, and all sketches.

    A sketch lies in a folder called one of `SKETCHES`, or the first of `TWINS`. Its color image has
    the same path without such a folder, but with or without one of `COLORS` or the second of
    `TWINS`; the ending of the file may be another.
    """
    folders = {path: _folders(path, root) for path in images}
    names = {name for inside in folders.values() for name in inside}
    twins = [pair for pair in TWINS if names.issuperset(pair)]
    of_sketches = {name for name in names if SKETCHES.fullmatch(name)} | {one for one, _ in twins}
    of_both = {name for name in names if COLORS.fullmatch(name)} | {two for _, two in twins}
    of_both |= of_sketches

    def key(path: Path) -> tuple[str, ...]:
        """What a color image and its sketch have in common."""
        others = [name for name in folders[path] if name not in of_both]
        return (*others, unicodedata.normalize("NFC", path.stem))

    sketches = [path for path in images if of_sketches.intersection(folders[path])]
    drawn: dict[tuple[str, ...], Path] = {}
    for path in sketches:
        drawn.setdefault(key(path), path)
    colors = set(images) - set(sketches)
    return {path: drawn[key(path)] for path in colors if key(path) in drawn}, sketches


def find_doubtful(images: Sequence[Path]) -> list[tuple[str, list[Path]]]:
    """Color images that may be sketches: what makes it so, and the files."""
    stems: dict[Path, set[str]] = {}
    for path in images:
        stems.setdefault(path.parent, set()).add(unicodedata.normalize("NFC", path.stem))
    one, *others = stems.values() or [set()]
    alike = len(one) > 1 and others == [one]
    named = [path for path in images if _SKETCH_WORD.search(path.stem.lower())]
    if len(named) < len(images) / 4:  # a drawing of power lines
        named = []
    return [
        ("as pairs, images of the same names in two folders (call one of them sketches)",
         list(images) if alike else []),
        ("as sketches, images with names of such", named),
    ]  # fmt: skip


def _folders(path: Path, root: Path) -> list[str]:
    return [re.sub(r"[\W_]+", "_", name.lower()) for name in path.relative_to(root).parts[:-1]]
