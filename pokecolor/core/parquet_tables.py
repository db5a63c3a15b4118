"""Reads tables from Parquet files, with pyarrow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError
from pokecolor.core.extras import hint
from pokecolor.core.tables import Table, cell_text, require_file

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow


def read_parquet(path: Path) -> Table:
    """Read the rows of a Parquet file; only columns of text, numbers and dates are read.

    Raises:
        UserError: missing, damaged, without rows, two columns with one name, or pyarrow is not
            installed.
    """
    columns, nested, rows = _read(path, with_rows=True)
    if not rows:
        raise UserError(f"{path}: no rows in it")
    empty = dict.fromkeys(columns, "")
    found = [
        (number, empty | {name.strip(): cell_text(value) for name, value in row.items()})
        for number, row in enumerate(rows, start=1)
    ]
    return Table(columns, tuple(found), nested)


def parquet_columns(path: Path) -> tuple[str, ...]:
    """The names of the columns that `read_parquet` reads, without reading any row.

    Raises:
        UserError: see `read_parquet`.
    """
    columns, nested, _ = _read(path, with_rows=False)
    return tuple(name for name in columns if name not in nested)


def _read(path: Path, with_rows: bool) -> tuple[tuple[str, ...], frozenset[str], list[dict]]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise UserError(
            f"{path}: reading it needs pyarrow: {hint('hub')}, or save it as a CSV"
        ) from None
    require_file(path, "Parquet file")
    try:
        with parquet.ParquetFile(path) as file:
            schema = file.schema_arrow
            names = tuple(name.strip() for name in schema.names)
            plain = [field.name for field in schema if _is_plain(field.type)]
            rows = file.read(columns=plain).to_pylist() if with_rows else []
    except (ArrowException, OSError, ValueError, KeyError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UserError(f"{path}: not a readable Parquet file ({reason}); get it anew") from None
    for name in names:
        if names.count(name) > 1:
            raise UserError(f"{path}: two columns are named {name}; rename one")
    return names, frozenset(names) - {name.strip() for name in plain}, rows


def _is_plain(kind: pyarrow.DataType) -> bool:
    from pyarrow import types

    kind = kind.value_type if types.is_dictionary(kind) else kind
    return not (
        types.is_nested(kind)
        or types.is_binary(kind)
        or types.is_large_binary(kind)
        or types.is_fixed_size_binary(kind)
    )
