"""Captions in text files beside images, as kohya's scripts keep them: `a.txt` beside `a.png`."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

ENDINGS = (".txt", ".caption")
"""In the order of preference."""


def find_sidecars(images: Iterable[Path], texts: Iterable[Path]) -> dict[Path, list[Path]]:
    """The files of captions beside each image, the preferred one first; none for most images.

    Args:
        images: image files.
        texts: the files with one of `ENDINGS` that there are.
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
    # an archive unpacked on a Mac may name the one in NFC and the other in NFD
    return path.parent, unicodedata.normalize("NFC", path.stem)
