"""The ids of drawings, out of the names of their files."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path


def make_id(name: str) -> str:
    """An id of letters, digits, '-' and '_' from a path without its ending.

    A name that has to be changed gets a hash of itself. That keeps all names apart but those that
    are made to collide; `assign_ids` keeps these apart, too.
    """
    clean = re.sub(r"[^A-Za-z0-9_-]+", "-", name)
    if clean == name:
        return name
    return f"{clean.strip('-') or 'image'}-{_hash(name)}"


def id_of(path: Path, root: Path) -> str:
    """The id of a file by its name under `root`; without its ending, so it may have namesakes.

    However a file system composes accents and Hangul (NFC or NFD), the id is the same.
    """
    name = path.relative_to(root) if path.is_relative_to(root) else path
    return make_id(unicodedata.normalize("NFC", name.with_suffix("").as_posix()))


def assign_ids(paths: Iterable[Path], root: Path) -> dict[Path, str]:
    """An id for each file, no two alike: `id_of`, but for the later of namesakes, by name.

    Namesakes are `a.png` and `a.webp`, or two files whose names differ in how they are composed.
    """
    ids: dict[Path, str] = {}
    taken: set[str] = set()
    for path in sorted(set(paths)):
        inside = path.relative_to(root) if path.is_relative_to(root) else path
        ids[path] = keep_apart(id_of(path, root), inside.as_posix(), taken)
        taken.add(ids[path])
    return ids


def variant_id(drawing_id: str, number: int, drawings: Collection[str]) -> str:
    """The id of the sample `number`, from 0, of a drawing; it is none of `drawings` but the first.

    No other drawing's sample has it either: a number and what stands before it say which one it is.
    """
    if number == 0:
        return drawing_id
    name = f"{drawing_id}-{number}"
    return keep_apart(name, name, drawings)


def keep_apart(id_: str, name: str, taken: Collection[str]) -> str:
    """`id_`, with a hash of `name` behind it if it is taken."""
    found, salt = id_, name
    while found in taken:
        found = f"{id_}-{_hash(salt)}"
        salt += "\0"
    return found


def _hash(name: str) -> str:
    # fsencode: a name that is not UTF-8 on disk has characters that cannot be encoded
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:8]
