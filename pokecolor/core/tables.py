"""Reads tables: CSV with commas, semicolons or tabs, JSON lines, and Parquet.

Incomplete rows are refused, with the number of their line.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

JSON_LINES = (".jsonl", ".ndjson", ".json")
"""Extensions of files with one JSON object per line; ControlNet's own example has the last."""

ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
"""Extensions of the files that `read_table` reads."""

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
"""Separators of CSV cells, in the order of preference."""


@dataclass(frozen=True)
class Table:
    """The rows of a table."""

    columns: tuple[str, ...]
    """Names of the columns; "" for a column without a name."""
    rows: tuple[tuple[int, dict[str, str]], ...]
    """Each row with the number of its first line, from 1 (in Parquet, of the row). "" is an
    empty cell."""
    nested: frozenset[str] = frozenset()
    """Columns with lists or objects. Their cells are JSON text in JSON lines, empty in Parquet."""
    header: tuple[str, ...] = ()
    """The first row of a CSV, which may end with empty cells."""
    separator: str = ","
    """Separator of a CSV, one of `SEPARATORS`."""


def read_table(path: Path) -> Table:
    """Read a CSV, or JSON lines or Parquet if the file has such an extension.

    Raises:
        UserError: missing, not UTF-8, without rows, or a line is wrong; the line is named.
    """
    if path.suffix.lower() == ".parquet":
        from pokecolor.core.parquet_tables import read_parquet

        return read_parquet(path)
    return read_json_lines(path) if path.suffix.lower() in JSON_LINES else read_csv(path)


def column_names(path: Path) -> tuple[str, ...]:
    """The columns of a table, read from its beginning: for JSON lines those of the first line, for
    Parquet those without lists or objects.

    Raises:
        UserError, OSError, ValueError, RecursionError, csv.Error: it cannot be read.
    """
    if path.suffix.lower() == ".parquet":
        from pokecolor.core.parquet_tables import parquet_columns

        return parquet_columns(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        if path.suffix.lower() in JSON_LINES:
            first = json.loads(next((line for line in file if line.strip()), ""))
            return tuple(name.strip() for name in first) if isinstance(first, dict) else ()
        line = _first_line(file)
    row = next(csv.reader([line], delimiter=_separator(line), skipinitialspace=True), [])
    return tuple(name.strip() for name in row)


def read_csv(path: Path) -> Table:
    """Read a CSV in UTF-8 with a header, whose most frequent separator is taken. Blank lines, and
    rows of empty cells, are left out.

    Raises:
        UserError: missing, not UTF-8, without rows, or a row has more or fewer cells than the
            header, or quotes that are not in pairs; its line is named.
    """
    table = parse_csv(_read_text(path, "CSV"), path)
    if not table.rows:
        raise UserError(f"{path}: no rows below the header")
    return table


def parse_csv(text: str, path: Path) -> Table:
    """Like `read_csv`, for a text that may be empty; `path` is its name in messages."""
    separator = _separator(_first_line(io.StringIO(text, newline="")))
    name_of = SEPARATORS[separator]
    found = _rows(text, path, separator)
    line, header = next(found, (1, []))
    header = [" ".join(name.split()) for name in header]  # messages name columns in one line
    # spreadsheets end each line with a comma for each column that was used once
    columns = tuple(header[: max((n + 1 for n, name in enumerate(header) if name), default=0)])
    for name in columns:
        if name and columns.count(name) > 1:
            raise UserError(f"{path}: line {line}: two columns are named {name}; rename one")
    rows = []
    for line, cells in found:
        many = len(cells) > len(header) or any(cells[len(columns) :])
        if many or len(cells) < len(header):
            hint = f'put a text that has {name_of}s in quotes, "like{separator} this"'
            if not many:
                hint = f"add what is missing, an empty cell by a {name_of}"
            raise UserError(
                f"{path}: line {line}: {len(cells)} cells where the header has {len(columns)}; "
                f"{hint}"
            )
        rows.append((line, dict(zip(columns, cells, strict=False))))
    return Table(columns, tuple(rows), header=tuple(header), separator=separator)


def _first_line(lines: Iterable[str]) -> str:
    """The first line that is not blank: a header, or the beginning of one."""
    return next((line for line in lines if line.strip(" \r\n,;\t")), "")


def _separator(header: str) -> str:
    """The separator of a header; quoted names are ignored."""
    bare = re.sub(r'"[^"]*"', "", header)
    return max(SEPARATORS, key=bare.count)


def read_json_lines(path: Path) -> Table:
    """Read a file with one JSON object per line; a missing value is an empty cell.

    Raises:
        UserError: missing, not UTF-8, without rows, or a line is no JSON object; it is named.
    """
    found, columns, nested = [], {}, set()
    # not splitlines(): it also splits at characters that JSON strings may contain
    for line, text in enumerate(_read_text(path, "file of JSON lines").split("\n"), start=1):
        if not text.strip():
            continue
        row = _parse_object(text, f"{path}: line {line}")
        nested |= {name for name, value in row.items() if isinstance(value, list | dict)}
        columns |= dict.fromkeys(row)
        found.append((line, {name: cell_text(value) for name, value in row.items()}))
    if not found:
        raise UserError(f"{path}: no rows in it")
    empty = dict.fromkeys(columns, "")
    rows = tuple((line, empty | cells) for line, cells in found)
    return Table(tuple(columns), rows, frozenset(nested))


def _rows(text: str, path: Path, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not blank, each with the number of its first line."""
    lines = io.StringIO(text, newline="")
    # a space after a quote at the end of a line is invisible, and would be an error
    reader = csv.reader(
        (line.rstrip(" \r\n") + "\n" for line in lines),
        delimiter=separator,
        skipinitialspace=True,
        strict=True,
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


def require_file(path: Path, what: str) -> None:
    """Check that a path, if it exists, is a file; opening a pipe would block for ever.

    Raises:
        UserError: it is something else; `what` is the expected kind in the message.
    """
    if os.path.exists(path) and not os.path.isfile(path):
        kind = "folder" if os.path.isdir(path) else "pipe or a device"
        raise UserError(f"{path}: a {kind}, not a {what}")


def _read_text(path: Path, what: str) -> str:
    require_file(path, what)
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
        json.dumps(row, ensure_ascii=False).encode()  # half of a surrogate pair cannot be encoded
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


def cell_text(value: object) -> str:
    """A value of JSON or Parquet as the text of a CSV cell."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    return json.dumps(value, ensure_ascii=False, default=str)
