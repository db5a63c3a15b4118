"""Where `pokecolor colorize` writes its pictures."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.commands.picture_files import is_device, writable_suffixes
from pokecolor.commands.sketch_files import STANDARD
from pokecolor.core.errors import UserError
from pokecolor.core.file_names import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

STANDARD_OUTPUT = ("-", "/dev/stdout")
MAX_NAME = 255
"""Bytes of a file's name, on all common file systems."""


def output_paths(
    sketches: Sequence[Path], out: str | Path | None, variants: int = 1
) -> list[list[Path]]:
    """Where the colored sketches go: for each sketch the paths of its variants.

    Sketches of one folder that differ in their endings alone keep these: `a-png-color.png` and
    `a-webp-color.png`.

    Args:
        sketches: the files to color; `STANDARD` for standard input.
        out: a file for one picture, a folder for any number, "-" for standard output, or None:
            `<name>-color.png` beside each sketch; several variants are `<name>-color-1.png` and so
            on. What ends in "/", is a folder, or has no image's ending, such as `v2.0`, is a
            folder.
        variants: pictures of each sketch.

    Raises:
        UserError: two pictures would end in one file, or `out` cannot be written.
    """
    count = len(sketches) * variants
    if out is None:
        if STANDARD in sketches:
            raise UserError("-: say by --out where the result goes; --out - is standard output")
    elif _is_one_file(out, count):
        target = STANDARD if str(out) in STANDARD_OUTPUT else Path(out)
        if count > 1 and target != Path(os.devnull):
            raise UserError(f"--out {out}: {count} pictures need a folder, not one file")
        return [[target] * variants for _ in sketches]
    endings = [""] if variants == 1 else [f"-{number + 1}" for number in range(variants)]
    names = _names(sketches)
    paths = [
        [(path.parent if out is None else Path(out)) / f"{name}-color{end}.png" for end in endings]
        for path, name in zip(sketches, names, strict=True)
    ]
    first: set[str] = set()
    for path in (path for of_sketch in paths for path in of_sketch):
        # some file systems take "A" for "a"
        if str(path).casefold() in first:
            raise UserError(
                f"{printable(path)}: two sketches would be written there; color them one by one"
            )
        first.add(str(path).casefold())
    return paths


def require_writable(sketches: Sequence[Path], targets: Sequence[Path]) -> None:
    """Check, before anything is painted, that no sketch is overwritten and all can be written.

    Raises:
        UserError: one would be overwritten, or cannot be written.
    """
    read = {os.path.realpath(path) for path in sketches if path != STANDARD}
    for path in dict.fromkeys(targets):
        if path == STANDARD or is_device(path):
            continue
        if os.path.realpath(path) in read:
            raise UserError(
                f"{printable(path)}: the result would overwrite a sketch; name another file or "
                "folder by --out"
            )
        above = next(
            (parent for parent in path.absolute().parents if os.path.exists(parent)), Path("/")
        )
        reason = (
            "a folder of this name is there" if os.path.isdir(path)
            else f"{printable(above)} is no folder" if not os.path.isdir(above)
            else f"{printable(above)} is read-only" if not os.access(above, os.W_OK | os.X_OK)
            else "its name is too long" if len(os.fsencode(path.name)) > MAX_NAME
            else None
        )  # fmt: skip
        if reason:
            raise UserError(f"{printable(path)}: cannot be written ({reason}); name another --out")


def _is_one_file(out: str | Path, count: int) -> bool:
    """Whether `--out` is a file, or else a folder, to write `count` pictures to.

    Raises:
        UserError: neither can be meant.
    """
    if str(out) in STANDARD_OUTPUT:
        return True
    if str(out).endswith(("/", os.sep)):
        return False
    path = Path(out)
    suffix = path.suffix.lower()
    if os.path.isdir(path):
        return False
    if is_device(path) or suffix in writable_suffixes():
        return True
    # a version, "v2.0", is no ending
    if not os.path.exists(path) and (not suffix or suffix[1:2].isdigit() or count > 1):
        return False
    folder = "" if os.path.exists(path) else f", or a folder as {out}/"
    raise UserError(
        f"--out {out}: cannot be written, {suffix or 'no ending'} is no format of color pictures; "
        f"name a .png{folder}"
    )


def _names(sketches: Sequence[Path]) -> list[str]:
    """A name for each sketch's results: its own without the ending, unless that is taken."""
    stems = [(path.parent, path.stem.casefold()) for path in sketches]
    return [
        "sketch" if path == STANDARD
        else path.stem if stems.count(stem) == 1
        else path.name.replace(".", "-")
        for path, stem in zip(sketches, stems, strict=True)
    ]  # fmt: skip
