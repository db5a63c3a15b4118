"""Pairs sketches and color images with the same names in two folders."""

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
"""Names of folders of sketches, in lower case, with "_" for spaces."""
COLORS = re.compile(r"(colou?rs?|images?|imgs?|((colou?r|colored|edited|output|target)_images?))")
"""Names of folders of color images, which may also be beside the folder of sketches."""

TWINS = (("source", "target"), ("input", "output"), ("original", "edited"))
"""Pairs of folders of sketches and color images; a single one of these means nothing."""
_SKETCH_WORD = re.compile(r"(^|[\W_])(sketch|line_?art|lines?|canny|edges?)($|[\W_])")
"""Words in file names of sketches."""


def pair_folders(images: Sequence[Path], root: Path) -> tuple[dict[Path, Path], list[Path]]:
    """Color image => sketch, and the list of all sketches.

    A sketch is in a folder of `SKETCHES`, or the first of `TWINS`. Its color image has the same
    path without that folder, with or without a folder of `COLORS` or the second of `TWINS`; the
    extensions may differ.
    """
    folders = {path: _folders(path, root) for path in images}
    names = {name for inside in folders.values() for name in inside}
    twins = [pair for pair in TWINS if names.issuperset(pair)]
    of_sketches = {name for name in names if SKETCHES.fullmatch(name)} | {one for one, _ in twins}
    of_both = {name for name in names if COLORS.fullmatch(name)} | {two for _, two in twins}
    of_both |= of_sketches

    def key(path: Path) -> tuple[str, ...]:
        """The common key of a color image and its sketch."""
        others = [name for name in folders[path] if name not in of_both]
        return (*others, unicodedata.normalize("NFC", path.stem))

    sketches = [path for path in images if of_sketches.intersection(folders[path])]
    drawn: dict[tuple[str, ...], Path] = {}
    for path in sketches:
        drawn.setdefault(key(path), path)
    colors = set(images) - set(sketches)
    return {path: drawn[key(path)] for path in colors if key(path) in drawn}, sketches


def find_doubtful(images: Sequence[Path]) -> list[tuple[str, list[Path]]]:
    """Color images that may be sketches: the reasons, each with the files."""
    stems: dict[Path, set[str]] = {}
    for path in images:
        stems.setdefault(path.parent, set()).add(unicodedata.normalize("NFC", path.stem))
    one, *others = stems.values() or [set()]
    alike = len(one) > 1 and others == [one]
    named = [path for path in images if _SKETCH_WORD.search(path.stem.lower())]
    if len(named) < len(images) / 4:  # such as "power lines.png"
        named = []
    return [
        ("as pairs, images of the same names in two folders (call one of them sketches)",
         list(images) if alike else []),
        ("as sketches, images with names of such", named),
    ]  # fmt: skip


def _folders(path: Path, root: Path) -> list[str]:
    return [re.sub(r"[\W_]+", "_", name.lower()) for name in path.relative_to(root).parts[:-1]]
