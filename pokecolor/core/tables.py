"""Reads tables as people write them: CSV, also with semicolons or tabs, JSON lines and Parquet.
What is not whole is refused with the line it stands in."""

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
"""Endings of files with one JSON object a line; ControlNet's own example has the last."""

ENDINGS = (".csv", ".tsv", ".jsonl", ".ndjson", ".parquet")
"""Endings of files that `read_table` reads."""

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab"}
"""What stands between the cells of a CSV, in the order of preference."""


@dataclass(frozen=True)
class Table:
    """The rows of a file."""

    columns: tuple[str, ...]
    """Their names, "" for one without a name."""
    rows: tuple[tuple[int, dict[str, str]], ...]
    """Each with the line it begins in; the first line of a file is 1, and so is the first row of
    Parquet. "" is an empty cell."""
    nested: frozenset[str] = frozenset()
    """Columns that hold lists or objects. Of JSON lines their cells are the JSON text, of Parquet
    they are empty."""
    header: tuple[str, ...] = ()
    """A CSV's first row; behind the last column there may be empty cells."""
    separator: str = ","
    """Of a CSV, one of `SEPARATORS`."""


def read_table(path: Path) -> Table:
    """The rows of a CSV, or of JSON lines or Parquet if the file's ending says so.

    Raises:
        UserError: missing, not UTF-8, without rows, or a line is wrong; the line is named.
    """
    if path.suffix.lower() == ".parquet":
        from pokecolor.core.parquet_tables import read_parquet

        return read_parquet(path)
    return read_json_lines(path) if path.suffix.lower() in JSON_LINES else read_csv(path)


def column_names(path: Path) -> tuple[str, ...]:
    """The columns of a table by its beginning: of JSON lines those of the first, of Parquet those
    that hold no lists or objects.

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
    """The rows of a CSV in UTF-8 with a header, whose separator is the one that the header has most
    of. Blank lines, and rows of empty cells, are left out.

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
    separator = _separator(_first_line(io.StringIO(text, newline="")))
    name_of = SEPARATORS[separator]
    found = _rows(text, path, separator)
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
    """The first line that holds something: a header, or the beginning of one."""
    return next((line for line in lines if line.strip(" \r\n,;\t")), "")


def _separator(header: str) -> str:
    """What parts the cells of a header, quoted names aside."""
    bare = re.sub(r'"[^"]*"', "", header)
    return max(SEPARATORS, key=bare.count)


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
        found.append((line, {name: cell_text(value) for name, value in row.items()}))
    if not found:
        raise UserError(f"{path}: no rows in it")
    empty = dict.fromkeys(columns, "")
    rows = tuple((line, empty | cells) for line, cells in found)
    return Table(tuple(columns), rows, frozenset(nested))


def _rows(text: str, path: Path, separator: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that hold something, each with the line it begins in."""
    lines = io.StringIO(text, newline="")
    # a space behind a quote at the end of a line is not seen, and would be an error
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
    """Check that a path leads to a file, if to anything; to open a pipe would wait for ever.

    Raises:
        UserError: it does not; `what` is what it should be.
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


def cell_text(value: object) -> str:
    """A cell of JSON or Parquet as the text that a CSV would have."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    return json.dumps(value, ensure_ascii=False, default=str)
