"""The visitors' pictures: rows in SQLite, image files in folders beside it."""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from filelock import FileLock, Timeout

from pokecolor.app.color_check import ColorCheck, NamedColor
from pokecolor.app.creation import Creation, Order
from pokecolor.app.limits import Limits
from pokecolor.app.migrations import migrate
from pokecolor.app.paging import Page, clamp_page
from pokecolor.app.refusals import Refusal
from pokecolor.core.errors import UserError


class Collection:
    """What is kept in a folder. One process at a time uses it, with any number of threads.

    A creation's folder is there before its row, and goes after it; what a killed process left
    without a row is removed at the next start.

    Args:
        folder: made if it is not there.
        limits: how many creations a visitor may keep, and what stays free on the disk.

    Raises:
        UserError: the folder cannot be written, is in use, or is a newer pokecolor's.
    """

    def __init__(self, folder: Path, limits: Limits) -> None:
        self.folder, self._limits = folder, limits
        self._pictures = folder / "pictures"
        path = folder / "collection.sqlite3"
        self._file_lock = FileLock(folder / "in-use.lock")
        try:
            self._pictures.mkdir(parents=True, exist_ok=True)
            self._file_lock.acquire(timeout=0)
            self._rows = _open(path)
        except Timeout:
            raise UserError(
                f"{folder}: in use by another pokecolor serve; stop it or name another --data-dir"
            ) from None
        except (OSError, sqlite3.Error, UserError) as error:
            self._file_lock.release()
            if isinstance(error, UserError):
                raise
            raise UserError(
                f"{folder}: cannot be used ({error}); name another --data-dir"
            ) from None
        self._lock = threading.Lock()
        self._remove_orphans()

    def close(self) -> None:
        """Let another process have the folder."""
        with self._lock:
            self._rows.close()
        self._file_lock.release()

    def require_room(self, visitor: str) -> None:
        """Check that one more creation fits.

        Raises:
            Refusal: it does not.
        """
        (kept,) = self._one("SELECT count(*) FROM creation WHERE visitor = ?", visitor)
        if kept >= self._limits.kept:
            raise Refusal("collection_full", limit=self._limits.kept)
        if shutil.disk_usage(self.folder).free < self._limits.free_bytes:
            raise Refusal("disk_full")

    def add(
        self,
        visitor: str,
        order: Order,
        judgments: list[ColorCheck],
        write: Callable[[Path], None],
    ) -> Creation:
        """Keep a creation; `write` puts its files into the folder it is given."""
        creation = Creation(secrets.token_urlsafe(12), order, tuple(judgments), None, time.time())
        folder = self._pictures / creation.id
        folder.mkdir()
        try:
            write(folder)
            self._run(
                "INSERT INTO creation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, ?)",
                creation.id,
                visitor,
                order.name,
                order.prompt,
                f"{order.name} {order.prompt}".casefold(),
                json.dumps(order.seeds),
                order.steps,
                order.guidance_scale,
                order.image_guidance_scale,
                json.dumps([asdict(judgment) for judgment in judgments]),
                creation.created,
                order.look,
            )
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return creation

    def get(self, visitor: str, creation_id: str) -> Creation:
        """One of a visitor's creations.

        Raises:
            Refusal: there is none of that id, or it is another's.
        """
        row = self._one("SELECT * FROM creation WHERE id = ? AND visitor = ?", creation_id, visitor)
        if row is None:
            raise Refusal("not_found")
        return _creation(row)

    def page(self, visitor: str, text: str, number: int, size: int) -> Page[Creation]:
        """A visitor's creations whose name or prompt has all words of a text, newest first."""
        words = [word for word in text.casefold().split() if word][:10]
        where = "visitor = ?" + r" AND searched LIKE ? ESCAPE '\'" * len(words)
        values = [visitor, *(f"%{_escape_like(word)}%" for word in words)]
        (total,) = self._one(f"SELECT count(*) FROM creation WHERE {where}", *values)
        number, pages = clamp_page(number, total, size)
        rows = self._all(
            f"SELECT * FROM creation WHERE {where} ORDER BY created DESC, id LIMIT ? OFFSET ?",
            *values,
            size,
            (number - 1) * size,
        )
        return Page([_creation(row) for row in rows], number, pages, total)

    def delete(self, visitor: str, creation_id: str) -> None:
        """Remove a creation and its files.

        Raises:
            Refusal: as `get`.
        """
        creation = self.get(visitor, creation_id)
        self._run("DELETE FROM creation WHERE id = ?", creation.id)
        shutil.rmtree(self._pictures / creation.id, ignore_errors=True)

    def share(self, visitor: str, creation_id: str, public: bool) -> Creation:
        """Give a creation a public page, under a token nobody can guess, or take it away.

        Raises:
            Refusal: as `get`.
        """
        creation = self.get(visitor, creation_id)
        token = (creation.share or secrets.token_urlsafe(18)) if public else None
        self._run("UPDATE creation SET share = ? WHERE id = ?", token, creation.id)
        return self.get(visitor, creation_id)

    def shared(self, token: str) -> Creation:
        """The creation of a public page.

        Raises:
            Refusal: there is no such page.
        """
        row = self._one("SELECT * FROM creation WHERE share = ?", token)
        if row is None:
            raise Refusal("not_found")
        return _creation(row)

    def file(self, creation: Creation, name: str) -> Path:
        """Where one of the files that `media_types` lists is."""
        return self._pictures / creation.id / name

    def _remove_orphans(self) -> None:
        known = {row["id"] for row in self._all("SELECT id FROM creation")}
        folders = {path.name: path for path in self._pictures.iterdir()}
        for name in folders.keys() - known:
            shutil.rmtree(folders[name], ignore_errors=True)
        for creation_id in known - folders.keys():
            self._run("DELETE FROM creation WHERE id = ?", creation_id)

    def _run(self, statement: str, *values: object) -> None:
        with self._cursor() as cursor:
            cursor.execute(statement, values)

    def _one(self, statement: str, *values: object) -> sqlite3.Row | None:
        with self._cursor() as cursor:
            return cursor.execute(statement, values).fetchone()

    def _all(self, statement: str, *values: object) -> list[sqlite3.Row]:
        with self._cursor() as cursor:
            return cursor.execute(statement, values).fetchall()

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[sqlite3.Cursor]:
        with self._lock, contextlib.closing(self._rows.cursor()) as cursor:
            yield cursor


def _open(path: Path) -> sqlite3.Connection:
    """A connection that any thread may use, to a database of the newest version."""
    rows = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    try:
        rows.row_factory = sqlite3.Row
        rows.execute("PRAGMA journal_mode = WAL")
        migrate(rows, path)
    except BaseException:
        rows.close()
        raise
    return rows


def _creation(row: sqlite3.Row) -> Creation:
    judgments = tuple(
        ColorCheck(
            tuple(NamedColor(**color) for color in found["colors"]),
            found["score"],
            found.get("in_color", False),  # not in those of earlier versions
        )
        for found in json.loads(row["judgments"])
    )
    order = Order(
        row["name"],
        row["prompt"],
        tuple(json.loads(row["seeds"])),
        row["steps"],
        row["guidance_scale"],
        row["image_guidance_scale"],
        row["look"],
    )
    return Creation(row["id"], order, judgments, row["share"], row["created"])


def _escape_like(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
