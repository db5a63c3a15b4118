"""Reads the entries of a user's folder from its tables and text files."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError
from pokecolor.core.tables import read_table
from pokecolor.sources.folder.columns import choose_columns
from pokecolor.sources.folder.files import SPLIT_NAMES, split_of_folder, split_of_table
from pokecolor.sources.folder.sidecars import find_sidecars, read_sidecar
from pokecolor.sources.row_images import find_row_image

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pokecolor.core.schema import Split


@dataclass(frozen=True)
class Entry:
    """A row of a table, or a single image."""

    color: Path
    sketch: Path | None = None
    """None to extract it from the color image."""
    caption: str = ""
    """ "" for none."""
    split: Split | None = None
    """None if it is not given."""
    drawing: str = ""
    """Key of the drawing, which several rows may share; "" if the color image is the drawing."""


def read_entries(table: Path, root: Path) -> tuple[list[Entry], tuple[str, ...]]:
    """The rows of a table in a folder `root`, and its unknown columns.

    Raises:
        UserError: the table cannot be read, or a row names what is not there.
    """
    found = read_table(table)
    columns = choose_columns(table, found.columns)
    for column in (columns.color, columns.sketch, columns.caption, columns.split, columns.drawing):
        if column in found.nested:
            raise UserError(f"{table}: {column} holds lists or objects; give one text a line")
    entries = []
    for line, row in found.rows:
        cells = {column: cell for column, cell in row.items() if column}  # "" is no column's name
        color = find_row_image(table, line, cells[columns.color])
        drawn, caption = (cells.get(column, "") for column in (columns.sketch, columns.caption))
        split = cells.get(columns.split, "").lower()
        if split and split not in SPLIT_NAMES:
            raise UserError(
                f"{table}: line {line}: {columns.split} {split}: no such split; "
                "write train, validation or test"
            )
        entries.append(
            Entry(
                color=color,
                sketch=find_row_image(table, line, drawn) if drawn else None,
                caption=caption,
                split=SPLIT_NAMES[split]
                if split
                else split_of_folder(color, root) or split_of_table(table, root),
                drawing=cells.get(columns.drawing, ""),
            )
        )
    return entries, columns.ignored


def add_sidecars(
    entries: Sequence[Entry], texts: Sequence[Path]
) -> tuple[list[Entry], list[Path], list[Path]]:
    """Add captions from text files beside color images to entries without a caption.

    Returns:
        the entries, the unused text files of entries with a caption, and those of no image.

    Raises:
        UserError: a text file cannot be read.
    """
    beside = find_sidecars({entry.color for entry in entries}, texts)
    read: set[Path] = set()
    filled = []
    for entry in entries:
        if not entry.caption and entry.color in beside:
            text = beside[entry.color][0]
            read.add(text)
            entry = dataclasses.replace(entry, caption=read_sidecar(text))
        filled.append(entry)
    owned = {text for found in beside.values() for text in found}
    return (
        filled,
        [text for text in texts if text in owned and text not in read],
        [text for text in texts if text not in owned],
    )


def given_splits(entries: Sequence[Entry], ids: Mapping[Path, str]) -> dict[str, Split]:
    """Drawing id => given split.

    Raises:
        UserError: a drawing is in two splits.
    """
    given: dict[str, Split] = {}
    for entry in entries:
        if entry.split:
            split = given.setdefault(ids[entry.color], entry.split)
            if split != entry.split:
                raise UserError(
                    f"{entry.color}: it is given to {split} and to {entry.split}; a drawing that "
                    "is trained on must not be measured with: delete it from one"
                )
    return given
