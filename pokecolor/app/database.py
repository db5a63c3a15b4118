"""The SQLite database beside the pictures: one connection, used by any thread in turn."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from pokecolor.app.migrations import migrate


class Database:
    """A database of the newest version.

    Args:
        path: made if it is not there.

    Raises:
        UserError: it is a newer pokecolor's.
        sqlite3.Error: it cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._lock = threading.Lock()
        self._rows = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        try:
            self._rows.row_factory = sqlite3.Row
            self._rows.execute("PRAGMA journal_mode = WAL")
            migrate(self._rows, path)
        except BaseException:
            self._rows.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            self._rows.close()

    def run(self, statement: str, *values: object) -> int:
        """Change rows; how many were."""
        with self._cursor() as cursor:
            return cursor.execute(statement, values).rowcount

    def one(self, statement: str, *values: object) -> sqlite3.Row | None:
        """The first row of an answer."""
        with self._cursor() as cursor:
            return cursor.execute(statement, values).fetchone()

    def all(self, statement: str, *values: object) -> list[sqlite3.Row]:
        """All rows of an answer."""
        with self._cursor() as cursor:
            return cursor.execute(statement, values).fetchall()

    @contextlib.contextmanager
    def together(self) -> Iterator[sqlite3.Cursor]:
        """What is done by the cursor is done as a whole, or not at all if the block raises."""
        with self._cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield cursor
            except BaseException:
                cursor.execute("ROLLBACK")
                raise
            cursor.execute("COMMIT")

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[sqlite3.Cursor]:
        with self._lock, contextlib.closing(self._rows.cursor()) as cursor:
            yield cursor
