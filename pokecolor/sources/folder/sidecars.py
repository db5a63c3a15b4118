"""Reads captions from text files beside images, as in kohya's scripts: `a.txt` for `a.png`."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ENDINGS = (".txt", ".caption")
"""Extensions, in the order of preference."""


def find_sidecars(images: Iterable[Path], texts: Iterable[Path]) -> dict[Path, list[Path]]:
    """Image => caption files beside it, the preferred one first.

    Args:
        images: image files.
        texts: all files with one of `ENDINGS`.
    """
    beside: dict[tuple[Path, str], list[Path]] = {}
    for text in sorted(texts, key=lambda path: (ENDINGS.index(path.suffix.lower()), path)):
        beside.setdefault(_place(text), []).append(text)
    return {image: beside[_place(image)] for image in images if _place(image) in beside}


def read_sidecar(path: Path) -> str:
    """The caption in a text file, its lines joined by spaces; "" if it is blank.

    Raises:
        UserError: it cannot be read, or is not UTF-8.
    """
    try:
        return " ".join(path.read_text(encoding="utf-8-sig").split())
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not text in UTF-8 ({error}); save it as such") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from None


def _place(path: Path) -> tuple[Path, str]:
    # an archive that was unpacked on a Mac may contain names in NFC and in NFD
    return path.parent, unicodedata.normalize("NFC", path.stem)
