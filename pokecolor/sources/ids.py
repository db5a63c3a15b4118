"""Makes ids of drawings from file names."""

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
    """Make an id of letters, digits, '-' and '_' from a path without extension.

    A changed name gets a hash as suffix, so that different names have different ids (except for
    deliberate collisions, which `assign_ids` resolves).
    """
    clean = re.sub(r"[^A-Za-z0-9_-]+", "-", name)
    if clean == name:
        return name
    return f"{clean.strip('-') or 'image'}-{_hash(name)}"


def id_of(path: Path, root: Path) -> str:
    """The id of a file by its path below `root`, without extension, so it need not be unique.

    It does not depend on the Unicode normalization of the file system (NFC or NFD).
    """
    name = path.relative_to(root) if path.is_relative_to(root) else path
    return make_id(unicodedata.normalize("NFC", name.with_suffix("").as_posix()))


def assign_ids(paths: Iterable[Path], root: Path) -> dict[Path, str]:
    """A unique id for each file: `id_of`, with a hash for the later of files with the same id.

    These are `a.png` and `a.webp`, or names that differ in their Unicode normalization.
    """
    ids: dict[Path, str] = {}
    taken: set[str] = set()
    for path in sorted(set(paths)):
        inside = path.relative_to(root) if path.is_relative_to(root) else path
        ids[path] = keep_apart(id_of(path, root), inside.as_posix(), taken)
        taken.add(ids[path])
    return ids


def variant_id(drawing_id: str, number: int, drawings: Collection[str]) -> str:
    """The id of sample `number`, from 0, of a drawing; unique among all drawings and samples."""
    if number == 0:
        return drawing_id
    name = f"{drawing_id}-{number}"
    return keep_apart(name, name, drawings)


def keep_apart(id_: str, name: str, taken: Collection[str]) -> str:
    """`id_`, with a hash of `name` as suffix if it is taken."""
    found, salt = id_, name
    while found in taken:
        found = f"{id_}-{_hash(salt)}"
        salt += "\0"
    return found


def _hash(name: str) -> str:
    # fsencode: a name that is not UTF-8 on disk has characters that cannot be encoded
    return hashlib.sha256(os.fsencode(name)).hexdigest()[:8]
