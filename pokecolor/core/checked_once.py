"""Checks a folder of a cache once, and again only after a file's size or time has changed."""

from __future__ import annotations

import contextlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.core.atomic_files import written_whole

if TYPE_CHECKING:
    from collections.abc import Callable


def checked_once(find_damage: Callable[[Path], str | None]) -> Callable[[Path], str | None]:
    """Decorate a `find_damage` so that it skips folders that it has already found undamaged.

    A file beside the folder, `<name>.checked`, holds the sizes and times of its files. Use it for
    folders whose readers verify what they read: a bit that the disk loses changes no time.

    Args:
        find_damage: returns what is wrong with a folder, or None.
    """

    def find(folder: Path) -> str | None:
        note, found = _note_path(folder), _state_of(folder)
        with contextlib.suppress(OSError):
            if note.read_text(encoding="utf-8") == found:
                return None
        damage = find_damage(folder)
        if damage is None:
            _write(note, found)
        return damage

    return find


def check_again(folder: Path) -> None:
    """Have a folder checked again at the next start, because a damaged file was read from it."""
    with contextlib.suppress(OSError):
        _note_path(folder).unlink()


def _note_path(folder: Path) -> Path:
    return folder.with_name(folder.name + ".checked")


def _state_of(folder: Path) -> str:
    with contextlib.suppress(OSError):
        found = [(e.name, e.stat().st_size, e.stat().st_mtime_ns) for e in os.scandir(folder)]
        return json.dumps(sorted(found))
    return ""


def _write(note: Path, text: str) -> None:
    # on a read-only disk each start checks again
    with contextlib.suppress(OSError), written_whole(note) as partial:
        partial.write_text(text, encoding="utf-8")
