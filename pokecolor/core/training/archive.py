"""Checks a checkpoint of `torch.save`, which is a zip archive, by its CRCs."""

from __future__ import annotations

import functools
import zipfile
from pathlib import Path


def find_damage(path: Path) -> str | None:
    """What is wrong with a checkpoint's file; None if nothing is.

    The zip archive has a CRC-32 of each member. The whole file is read, once per process and state
    of the file.
    """
    try:
        state = path.stat()
    except OSError as error:
        return error.strerror
    return _damage(path, state.st_size, state.st_mtime_ns)


@functools.lru_cache(maxsize=64)
def _damage(path: Path, size: int, changed: int) -> str | None:
    if size == 0:
        return "it is empty"
    if not path.is_file() or not zipfile.is_zipfile(path):
        return "it is cut short, or no checkpoint"
    try:
        with zipfile.ZipFile(path) as archive:
            member = archive.testzip()
    except (zipfile.BadZipFile, OSError, EOFError, ValueError, NotImplementedError) as error:
        return f"its contents were changed: {' '.join(str(error).split())[:100]}"
    return member and f"its contents were changed: the CRC of {member} is another"
