"""Where `pokecolor colorize` writes its pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def output_paths(sketches: Sequence[Path], out: Path | None, variants: int = 1) -> list[list[Path]]:
    """Where the colored sketches go: for each sketch the paths of its variants.

    Args:
        sketches: the files to color.
        out: a file for one picture, a folder for any number, or None: `<name>-color.png` beside
            each sketch; several variants are `<name>-color-1.png` and so on.
        variants: pictures of each sketch.

    Raises:
        UserError: two pictures would end in one file.
    """
    is_file = out is not None and out.suffix and not out.is_dir()
    if is_file and len(sketches) * variants == 1:
        return [[out]]
    if is_file:
        raise UserError(
            f"--out {out}: {len(sketches) * variants} pictures need a folder, not one file"
        )
    endings = [""] if variants == 1 else [f"-{number + 1}" for number in range(variants)]
    paths = [
        [(out or path.parent) / f"{path.stem}-color{ending}.png" for ending in endings]
        for path in sketches
    ]
    firsts = [of_sketch[0] for of_sketch in paths]
    if len(set(firsts)) < len(firsts):
        twice = next(path for path in firsts if firsts.count(path) > 1)
        raise UserError(f"{twice}: two sketches would be written there; color them one by one")
    return paths
