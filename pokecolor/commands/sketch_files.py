"""The sketches that `pokecolor colorize` is given: files, folders, or standard input."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError
from pokecolor.core.file_names import printable
from pokecolor.core.images.conversion import load_image
from pokecolor.core.images.frames import frame_count
from pokecolor.core.images.listing import find_images
from pokecolor.core.images.vector import svg_to_png

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

STANDARD = Path("-")
"""Stands for standard input, and for standard output."""
STANDARD_INPUT = ("-", "/dev/stdin")
RESULT = re.compile(r"(.+)-color(-[0-9]+)?(-(lines|colors|shade|highlights))?")
"""What `colorize` names its results by default, without their ending."""


def find_sketches(given: Sequence[str]) -> list[Path]:
    """The files to color; `STANDARD` for "-".

    Results of earlier runs, which `*.png` names, too, are left out where their sketch is there; a
    line on stderr counts them.

    Raises:
        UserError: standard input is given twice.
        ImageError: a folder holds no image.
    """
    # "./-" is a file of that name, which as a path is "-", too
    paths = [
        STANDARD if text in STANDARD_INPUT
        else Path(text).absolute() if Path(text) == STANDARD
        else Path(text)
        for text in given
    ]  # fmt: skip
    if paths.count(STANDARD) > 1:
        raise UserError("-: standard input holds one sketch; give - once")
    files = list(dict.fromkeys(find_images(paths)))
    bases = {
        (path.parent, name) for path in files for name in (path.stem, path.name.replace(".", "-"))
    }
    results = [
        path
        for path in files
        if (match := RESULT.fullmatch(path.stem)) and (path.parent, match[1]) in bases
    ]
    if results:
        more = f" and {len(results) - 1} more" if len(results) > 1 else ""
        print(
            f"left out {printable(results[0])}{more}: named as results of sketches that are here",
            file=sys.stderr,
        )
    return [path for path in files if path not in set(results)]


class SketchReader:
    """Reads sketches; standard input once, for it cannot be read again."""

    def __init__(self) -> None:
        self._piped: bytes | None = None
        self._read: set[Path] = set()

    def read(self, path: Path) -> Image.Image:
        """RGB, or RGBA where it has transparency; of several frames the first, which is said once.

        Raises:
            ImageError: it cannot be read.
            UserError: standard input is a terminal.
        """
        if path != STANDARD:
            sketch = load_image(path, keep_alpha=True)
            self._tell_frames(path, path, printable(path))
            return sketch
        if self._piped is None:
            if sys.stdin.isatty():
                raise UserError("-: nothing is piped in; try: pokecolor colorize - < sketch.png")
            self._piped = _rendered(sys.stdin.buffer.read())
        sketch = load_image(self._piped, "standard input", keep_alpha=True)
        self._tell_frames(path, self._piped, "standard input")
        return sketch

    def _tell_frames(self, path: Path, source: Path | bytes, name: str) -> None:
        if path not in self._read and (count := frame_count(source)) > 1:
            print(f"{name}: has {count} frames; the first is taken", file=sys.stderr)
        self._read.add(path)


def _rendered(data: bytes) -> bytes:
    """A PNG of an SVG; other data as they are."""
    if not data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return data
    try:
        return svg_to_png(data)
    except ValueError as error:
        raise UserError(f"standard input: not a readable image ({error})") from None
