"""Finds the tables, caption files and split folders of a user's folder."""

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
"""File name of an imagefolder's table, without extension."""

SPLIT_NAMES: dict[str, Split] = {
    "train": "train", "training": "train",
    "val": "val", "valid": "val", "validation": "val", "dev": "val",
    "test": "test", "testing": "test",
}  # fmt: skip
"""Names of splits, of folders and in columns."""

DATA_ENDINGS = (*ENDINGS, *sidecars.ENDINGS, ".json", ".arrow", ".xlsx", ".xls", ".ods")
"""Extensions of files that may contain captions; unread ones are reported."""


@dataclass(frozen=True)
class Layout:
    """The tables and text files of a folder."""

    tables: tuple[Path, ...]
    """The tables to read."""
    texts: tuple[Path, ...]
    """Files that may be captions of single images."""
    others: tuple[Path, ...]
    """Other files that may contain captions, which are not read."""


def find_layout(root: Path, named: Path | None = None) -> Layout:
    """Find the tables to read.

    These are the table that the user named; or the imagefolder's own `metadata.csv` or
    `metadata.jsonl`, of which each split's folder may have one; or the only table with columns of
    images and of sketches or captions.

    Raises:
        UserError: the choice is ambiguous, or the folder has the layout of another source.
    """
    files = sorted(
        path
        for path in walk_folder(root)
        if path.suffix.lower() in DATA_ENDINGS and os.path.isfile(path)
    )
    tables = [named] if named else _own_tables(root, files) or _content_tables(root, files)
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
    """The split of a file by the names of its folders below `root`; None if none is a split."""
    if not path.is_relative_to(root):
        return None
    names = (part.lower() for part in path.relative_to(root).parts[:-1])
    return next((SPLIT_NAMES[name] for name in names if name in SPLIT_NAMES), None)


def split_of_table(path: Path, root: Path) -> Split | None:
    """The split of a table's images, by the name of the table or of its folders."""
    return SPLIT_NAMES.get(path.stem.lower()) or split_of_folder(path, root)


def _own_tables(root: Path, files: Sequence[Path]) -> list[Path]:
    """The tables of an imagefolder: in its root, or else in its subfolders."""
    own = [path for path in files if path.stem == METADATA and path.suffix.lower() in ENDINGS]
    own = [path for path in own if path.parent == root] or own
    _require_one_a_folder(own)
    return own


def _content_tables(root: Path, files: Sequence[Path]) -> list[Path]:
    """Tables with any name and columns of images and of sketches or captions."""
    kinds = (*ENDINGS, ".json")  # which may be JSON lines
    found_tables = [
        path for path in files if path.suffix.lower() in kinds and _has_content_columns(path)
    ]
    if len(found_tables) > 1 and not all(split_of_table(path, root) for path in found_tables):
        one, other = (path.relative_to(root) for path in found_tables[:2])
        raise UserError(
            f"{root}: {len(found_tables)} tables name images in it, such as {one} and {other}; "
            "name one by data.source.csv=..., or move the others elsewhere"
        )
    _require_one_a_folder(found_tables)
    return found_tables


def _require_one_a_folder(tables: Sequence[Path]) -> None:
    first: dict[tuple[Path, Split | None], Path] = {}
    for path in tables:
        other = first.setdefault((path.parent, SPLIT_NAMES.get(path.stem.lower())), path)
        if other != path:
            raise UserError(
                f"{path.parent}: both {other.name} and {path.name} name the images; name one by "
                "data.source.csv=..., or move one elsewhere"
            )


def _has_content_columns(path: Path) -> bool:
    """Whether a table has columns of color images, and of sketches or captions."""
    try:
        columns = choose_columns(path, column_names(path))
    except (OSError, ValueError, RecursionError, csv.Error, UserError):
        return False
    return bool(columns.sketch or columns.caption)
