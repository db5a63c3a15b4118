"""Finds the image files that the rows of a table name."""

from __future__ import annotations

import functools
import os
import unicodedata
from pathlib import Path

from pokecolor.core.errors import UserError


def find_row_image(table: Path, line: int, name: str) -> Path:
    """The image a row of a table names, relative to the table's folder.

    Table and file system may use different Unicode normalizations (NFC, NFD). Backslashes are taken
    as Windows' separators unless a file name contains them.

    Raises:
        UserError: no file is named, or there is none; the line and the path are named.
    """
    if not name:
        raise UserError(f"{table}: line {line}: no image is named; name one or delete the row")
    path = table.parent / name
    found = path if os.path.isfile(path) else _find_composed_otherwise(path)
    if found is None and "\\" in name and not name.startswith("\\"):
        return find_row_image(table, line, name.replace("\\", "/"))
    if found is None and "://" in name:
        raise UserError(
            f"{table}: line {line}: {name} is an address; download the image and name its file"
        )
    if found is None:
        raise UserError(f"{table}: line {line}: {path}: no such image; add it or delete the row")
    # "a.png" and "x/../a.png" are the same drawing
    plain = Path(os.path.normpath(found))
    return plain if os.path.exists(plain) and os.path.samefile(plain, found) else found


def _find_composed_otherwise(path: Path) -> Path | None:
    """The file whose path only differs in its Unicode normalization."""
    if path.name.isascii() and path.parent.as_posix().isascii():
        return None
    folder = Path(path.anchor)
    for part in path.relative_to(folder).parts:
        if not os.path.lexists(folder / part):
            part = _names(folder, _changed(folder)).get(unicodedata.normalize("NFC", part))
            if part is None:
                return None
        folder /= part
    return folder if os.path.isfile(folder) else None


def _changed(folder: Path) -> int:
    try:
        return os.stat(folder).st_mtime_ns
    except (OSError, ValueError):
        return 0


@functools.lru_cache(maxsize=32)
def _names(folder: Path, changed: int) -> dict[str, str]:
    """NFC name => name in a folder; `changed` is a cache key."""
    try:
        return {unicodedata.normalize("NFC", name): name for name in os.listdir(folder)}
    except (OSError, ValueError):
        return {}
