"""The visitors' pictures: rows in SQLite, image files in folders beside it."""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from filelock import FileLock, Timeout

from pokecolor.app.color_check import Verdict
from pokecolor.app.creation import Creation, Order, PictureInfo
from pokecolor.app.database import Database
from pokecolor.app.limits import Limits
from pokecolor.app.paging import Page, clamp_page
from pokecolor.app.refusals import Refusal
from pokecolor.coloring.framing import Box
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
        self._file_lock = FileLock(folder / "in-use.lock")
        try:
            self._pictures.mkdir(parents=True, exist_ok=True)
            self._file_lock.acquire(timeout=0)
            self.rows = Database(folder / "collection.sqlite3")
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
        self._remove_orphans()

    def close(self) -> None:
        """Let another process have the folder."""
        self.rows.close()
        self._file_lock.release()

    def require_room(self, visitor: str) -> None:
        """Check that one more creation fits.

        Raises:
            Refusal: it does not.
        """
        (kept,) = self.rows.one("SELECT count(*) FROM creation WHERE visitor = ?", visitor)
        if kept >= self._limits.kept:
            raise Refusal("collection_full", limit=self._limits.kept)
        if shutil.disk_usage(self.folder).free < self._limits.free_bytes:
            raise Refusal("disk_full")

    def add(
        self,
        visitor: str,
        order: Order,
        pictures: Sequence[PictureInfo],
        write: Callable[[Path], None],
        job: str | None = None,
    ) -> Creation:
        """Keep a creation, and that the job which made it is done.

        Args:
            visitor: whose it is.
            order: what was asked for.
            pictures: what is known of each.
            write: puts its files into the folder it is given.
            job: the id of a row of jobs.
        """
        now = time.time()
        made = Creation(secrets.token_urlsafe(12), order, tuple(pictures), None, now, now)
        folder = self.folder_of(made)
        folder.mkdir()
        columns = {
            "id": made.id,
            "visitor": visitor,
            "name": order.name,
            "prompt": order.prompt,
            "searched": f"{order.name} {order.prompt}".casefold(),
            "seeds": json.dumps(order.seeds),
            "steps": order.steps,
            "guidance_scale": order.guidance_scale,
            "image_guidance_scale": order.image_guidance_scale,
            "look": order.look,
            "sketch_id": order.sketch_id,
            "parent": order.parent,
            "pictures": _to_json(made.pictures),
            "created": now,
            "changed": now,
        }
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        try:
            write(folder)
            with self.rows.together() as cursor:
                cursor.execute(
                    f"INSERT INTO creation ({names}) VALUES ({marks})", tuple(columns.values())
                )
                cursor.execute(
                    "UPDATE job SET state = 'done', creation = ?, ended = ? "
                    "WHERE id = ? AND state = 'waiting'",
                    (made.id, now, job),
                )
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return made

    def change(self, visitor: str, creation: Creation, number: int, info: PictureInfo) -> Creation:
        """Keep what is known of a picture that was finished by hand.

        Raises:
            Refusal: as `get`.
        """
        with self.rows.together() as cursor:
            row = cursor.execute(
                "SELECT * FROM creation WHERE id = ? AND visitor = ?", (creation.id, visitor)
            ).fetchone()
            if row is None:
                raise Refusal("not_found")
            now = _creation(row)
            pictures = (*now.pictures[:number], info, *now.pictures[number + 1 :])
            changed = max(time.time(), now.changed + 0.001)  # never twice the same
            cursor.execute(
                "UPDATE creation SET pictures = ?, changed = ? WHERE id = ?",
                (_to_json(pictures), changed, creation.id),
            )
        return replace(now, pictures=pictures, changed=changed)

    def get(self, visitor: str, creation_id: str) -> Creation:
        """One of a visitor's creations.

        Raises:
            Refusal: there is none of that id, or it is another's.
        """
        row = self.rows.one(
            "SELECT * FROM creation WHERE id = ? AND visitor = ?", creation_id, visitor
        )
        if row is None:
            raise Refusal("not_found")
        return _creation(row)

    def page(self, visitor: str, text: str, number: int, size: int) -> Page[Creation]:
        """A visitor's creations whose name or prompt has all words of a text, newest first."""
        words = [word for word in text.casefold().split() if word][:10]
        where = "visitor = ?" + r" AND searched LIKE ? ESCAPE '\'" * len(words)
        values = [visitor, *(f"%{_escape_like(word)}%" for word in words)]
        (total,) = self.rows.one(f"SELECT count(*) FROM creation WHERE {where}", *values)
        number, pages = clamp_page(number, total, size)
        rows = self.rows.all(
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
        self.rows.run("DELETE FROM creation WHERE id = ?", creation.id)
        shutil.rmtree(self._pictures / creation.id, ignore_errors=True)

    def share(self, visitor: str, creation_id: str, public: bool) -> Creation:
        """Give a creation a public page, under a token nobody can guess, or take it away.

        Raises:
            Refusal: as `get`.
        """
        creation = self.get(visitor, creation_id)
        token = (creation.share or secrets.token_urlsafe(18)) if public else None
        self.rows.run("UPDATE creation SET share = ? WHERE id = ?", token, creation.id)
        return self.get(visitor, creation_id)

    def shared(self, token: str) -> Creation:
        """The creation of a public page.

        Raises:
            Refusal: there is no such page.
        """
        row = self.rows.one("SELECT * FROM creation WHERE share = ?", token)
        if row is None:
            raise Refusal("not_found")
        return _creation(row)

    def folder_of(self, creation: Creation) -> Path:
        """Where its files are."""
        return self._pictures / creation.id

    def _remove_orphans(self) -> None:
        known = {row["id"] for row in self.rows.all("SELECT id FROM creation")}
        folders = {path.name: path for path in self._pictures.iterdir()}
        for name in folders.keys() - known:
            shutil.rmtree(folders[name], ignore_errors=True)
        for creation_id in known - folders.keys():
            self.rows.run("DELETE FROM creation WHERE id = ?", creation_id)


def _to_json(pictures: Sequence[PictureInfo]) -> str:
    return json.dumps([asdict(info) for info in pictures])


def _creation(row: sqlite3.Row) -> Creation:
    order = Order(
        row["name"],
        row["prompt"],
        tuple(json.loads(row["seeds"])),
        row["steps"],
        row["guidance_scale"],
        row["image_guidance_scale"],
        row["look"],
        row["sketch_id"],
        row["parent"],
    )
    kept = [_picture(known) for known in json.loads(row["pictures"])]
    missing = len(order.seeds) - len(kept)
    pictures = (*kept, *[PictureInfo(order.look)] * missing)
    return Creation(row["id"], order, pictures, row["share"], row["created"], row["changed"])


def _picture(known: dict) -> PictureInfo:
    verdicts, box = known.get("verdicts"), known.get("box")
    return PictureInfo(
        known["look"],
        tuple(known["warnings"]),
        None if verdicts is None else tuple(Verdict(**verdict) for verdict in verdicts),
        None if box is None else Box(*box),
    )


def _escape_like(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
