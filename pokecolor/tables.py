"""Reads tables of text as people write them: CSV and JSON lines. What is not whole is refused with
the line it stands in."""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pokecolor.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

JSON_LINES = (".jsonl", ".ndjson")
"""Endings of files with one JSON object a line."""

ENDINGS = (".csv", *JSON_LINES)
"""Endings of files that `read_table` reads."""


@dataclass(frozen=True)
class Table:
    """The rows of a file."""

    columns: tuple[str, ...]
    """Their names, "" for one without a name."""
    rows: tuple[tuple[int, dict[str, str]], ...]
    """Each with the line it begins in; the first line of a file is 1. "" is an empty cell."""
    nested: frozenset[str] = frozenset()
    """Columns of JSON lines that hold lists or objects; their cells are the JSON text."""
    header: tuple[str, ...] = ()
    """A CSV's first row; behind the last column there may be empty cells."""


def read_table(path: Path) -> Table:
    """The rows of a CSV, or of JSON lines if the file's ending says so.

    Raises:
        UserError: missing, not UTF-8, without rows, or a line is wrong; the line is named.
    """
    return read_json_lines(path) if path.suffix.lower() in JSON_LINES else read_csv(path)


def read_csv(path: Path) -> Table:
    """The rows of a CSV in UTF-8 with a header. Blank lines, and rows of empty cells, are left out.

    Raises:
        UserError: missing, not UTF-8, without rows, or a row has more or fewer cells than the
            header, or quotes that are not in pairs; its line is named.
    """
    table = parse_csv(_read_text(path, "CSV"), path)
    if not table.rows:
        raise UserError(f"{path}: no rows below the header")
    return table


def parse_csv(text: str, path: Path) -> Table:
    """The same of a text, which may be empty; `path` is what to call it in messages."""
    found = _rows(text, path)
    line, header = next(found, (1, []))
    header = [" ".join(name.split()) for name in header]  # messages name columns in one line
    # spreadsheets end each line with a comma for each column that once held something
    columns = tuple(header[: max((n + 1 for n, name in enumerate(header) if name), default=0)])
    for name in columns:
        if name and columns.count(name) > 1:
            raise UserError(f"{path}: line {line}: two columns are named {name}; rename one")
    rows = []
    for line, cells in found:
        many = len(cells) > len(header) or any(cells[len(columns) :])
        if many or len(cells) < len(header):
            hint = 'put a text that has commas in quotes, "like, this"'
            if not many:
                hint = "add what is missing, an empty cell by a comma"
            raise UserError(
                f"{path}: line {line}: {len(cells)} cells where the header has {len(columns)}; "
                f"{hint}"
            )
        rows.append((line, dict(zip(columns, cells, strict=False))))
    return Table(columns, tuple(rows), header=tuple(header))


def read_json_lines(path: Path) -> Table:
    """The rows of a file that has a JSON object a line; what a row lacks is an empty cell.

    Raises:
        UserError: missing, not UTF-8, without rows, or a line is no JSON object; it is named.
    """
    found, columns, nested = [], {}, set()
    # not splitlines(): it takes some characters that JSON may hold for line breaks
    for line, text in enumerate(_read_text(path, "file of JSON lines").split("\n"), start=1):
        if not text.strip():
            continue
        row = _parse_object(text, f"{path}: line {line}")
        nested |= {name for name, value in row.items() if isinstance(value, list | dict)}
        columns |= dict.fromkeys(row)
        found.append((line, {name: _cell(value) for name, value in row.items()}))
    if not found:
        raise UserError(f"{path}: no rows in it")
    empty = dict.fromkeys(columns, "")
    rows = tuple((line, empty | cells) for line, cells in found)
    return Table(tuple(columns), rows, frozenset(nested))


def _rows(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with the line it begins in."""
    lines = io.StringIO(text, newline="")
    # a space behind a quote at the end of a line is not seen, and would be an error
    reader = csv.reader(
        (line.rstrip(" \r\n") + "\n" for line in lines), skipinitialspace=True, strict=True
    )
    while True:
        line = reader.line_num + 1
        try:
            cells = [cell.strip() for cell in next(reader)]
        except StopIteration:
            return
        except csv.Error as error:
            raise UserError(f"{path}: line {line}: {_explain(str(error))}") from None
        if any(cells):
            yield line, cells


def _explain(reason: str) -> str:
    if reason == "unexpected end of data":
        return "a quote is opened here and never closed; close it"
    if "expected after" in reason:
        return (
            "a quote is opened in this row, and what closes it is not at the end of a cell; "
            'close it, and write a quote within a text twice, ""'
        )
    return f"not a row of a CSV ({reason})"


def _read_text(path: Path, what: str) -> str:
    if os.path.exists(path) and not os.path.isfile(path):  # to open a pipe would wait for ever
        kind = "folder" if os.path.isdir(path) else "pipe or a device"
        raise UserError(f"{path}: a {kind}, not a {what}")
    try:
        # "-sig", because spreadsheets put a byte order mark before the first column's name
        with path.open(encoding="utf-8-sig", newline="") as file:
            return file.read()
    except (FileNotFoundError, NotADirectoryError):
        raise UserError(f"{path}: no such file") from None
    except UnicodeDecodeError as error:
        raise UserError(f"{path}: not a {what} in UTF-8 ({error}); save it as one") from None
    except OSError as error:
        raise UserError(f"{path}: cannot be read ({error.strerror})") from None


def _parse_object(text: str, where: str) -> dict:
    """A line's JSON object; `where` is its place in messages."""
    try:
        row = json.loads(text, object_pairs_hook=_distinct)
        json.dumps(row, ensure_ascii=False).encode()  # half of a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise UserError(f"{where}: not JSON in UTF-8 ({error})") from None
    if not isinstance(row, dict):
        raise UserError(f'{where}: not a JSON object, such as {{"file_name": "a.png"}}')
    return {name.strip(): value for name, value in row.items()}


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    row = dict(pairs)
    if len(row) < len(pairs):
        raise ValueError("a name stands twice in it")
    return row


def _cell(value: object) -> str:
    if value is None:
        return ""
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
