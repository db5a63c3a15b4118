"""Which files of a user's folder say what its images are: tables, captions, folders of splits."""

from __future__ import annotations

import csv
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError
from pokecolor.core.images.listing import walk_folder
from pokecolor.core.tables import ENDINGS, column_names
from pokecolor.sources.folder import sidecars
from pokecolor.sources.folder.columns import choose_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pokecolor.core.schema import Split

METADATA = "metadata"
"""The name of an imagefolder's own table, without its ending."""

SPLIT_NAMES: dict[str, Split] = {
    "train": "train", "training": "train",
    "val": "val", "valid": "val", "validation": "val", "dev": "val",
    "test": "test", "testing": "test",
}  # fmt: skip
"""What `datasets` and people call a split, as the name of a folder or in a column."""

DATA_ENDINGS = (*ENDINGS, *sidecars.ENDINGS, ".json", ".arrow", ".xlsx", ".xls", ".ods")
"""Endings of files that may hold captions; those that are not read are told."""


@dataclass(frozen=True)
class Layout:
    """The files of a folder that may say something of its images."""

    tables: tuple[Path, ...]
    """To be read; none where the images are all there is."""
    texts: tuple[Path, ...]
    """Files that may be captions of single images."""
    others: tuple[Path, ...]
    """All else that may hold captions and is not read."""


def find_layout(root: Path, named: Path | None = None) -> Layout:
    """The tables to read: the one that was named; the imagefolder's own `metadata.csv` or
    `metadata.jsonl`, which each folder of a split may have; else the only one that names images and
    sketches or captions.

    Raises:
        UserError: it is open which table to read, or the folder is laid out for another source.
    """
    files = sorted(
        path
        for path in walk_folder(root)
        if path.suffix.lower() in DATA_ENDINGS and os.path.isfile(path)
    )
    tables = [named] if named else _own_tables(root, files) or _telling_tables(root, files)
    if not tables and all((root / name).is_dir() for name in ("trainA", "trainB")):
        raise UserError(
            f"{root}: its folders trainA and trainB are Sketch2Pokemon's layout; "
            f"train with data=sketch2pokemon data.root={root}"
        )
    read = set(map(os.path.realpath, tables))
    rest = [path for path in files if os.path.realpath(path) not in read]
    texts = tuple(path for path in rest if path.suffix.lower() in sidecars.ENDINGS)
    return Layout(tuple(tables), texts, tuple(path for path in rest if path not in texts))


def split_of_folder(path: Path, root: Path) -> Split | None:
    """The split of a file by the names of the folders it is in, from `root`; None if none tells."""
    if not path.is_relative_to(root):
        return None
    names = (part.lower() for part in path.relative_to(root).parts[:-1])
    return next((SPLIT_NAMES[name] for name in names if name in SPLIT_NAMES), None)


def split_of_table(path: Path, root: Path) -> Split | None:
    """The split of what a table names, by the table's own name or those of its folders."""
    return SPLIT_NAMES.get(path.stem.lower()) or split_of_folder(path, root)


def _own_tables(root: Path, files: Sequence[Path]) -> list[Path]:
    """Those of an imagefolder: in its root, else in the folders below."""
    own = [path for path in files if path.stem == METADATA and path.suffix.lower() in ENDINGS]
    own = [path for path in own if path.parent == root] or own
    _require_one_a_folder(own)
    return own


def _telling_tables(root: Path, files: Sequence[Path]) -> list[Path]:
    """Tables with any name whose columns tell more than which images there are."""
    kinds = (*ENDINGS, ".json")  # which may be lines, but is mostly another thing
    telling = [path for path in files if path.suffix.lower() in kinds and _tells(path)]
    if len(telling) > 1 and not all(split_of_table(path, root) for path in telling):
        one, other = (path.relative_to(root) for path in telling[:2])
        raise UserError(
            f"{root}: {len(telling)} tables name images in it, such as {one} and {other}; "
            "name one by data.source.csv=..., or move the others elsewhere"
        )
    _require_one_a_folder(telling)
    return telling


def _require_one_a_folder(tables: Sequence[Path]) -> None:
    first: dict[tuple[Path, Split | None], Path] = {}
    for path in tables:
        other = first.setdefault((path.parent, SPLIT_NAMES.get(path.stem.lower())), path)
        if other != path:
            raise UserError(
                f"{path.parent}: both {other.name} and {path.name} name the images; name one by "
                "data.source.csv=..., or move one elsewhere"
            )


def _tells(path: Path) -> bool:
    """Whether a table's columns name color images, and sketches or captions."""
    try:
        columns = choose_columns(path, column_names(path))
    except (OSError, ValueError, RecursionError, csv.Error, UserError):
        return False
    return bool(columns.sketch or columns.caption)
