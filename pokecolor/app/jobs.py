"""The jobs that wait, run or have ended: rows in SQLite, sketches in folders beside it.

They outlive the process: what waited or ran when it ended goes on at the next start.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sqlite3
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Literal

from PIL import Image

from pokecolor.app.creation import Order
from pokecolor.app.pictures import encode
from pokecolor.app.refusals import Refusal
from pokecolor.core.images.conversion import load_image

if TYPE_CHECKING:
    from pokecolor.app.collection import Collection

State = Literal["waiting", "done", "failed", "canceled"]

REMEMBERED_SECONDS = 3600
"""How long a job that has ended is listed."""
ATTEMPTS = 3
"""A job that ran when so many processes ended is what ended them."""


@dataclass(frozen=True)
class Base:
    """The picture that a job changes."""

    creation: str
    number: int
    only: str | None = None
    """The part that alone changes; "" for the whole drawing but for what has another color."""


@dataclass(frozen=True)
class JobRecord:
    """What is kept of a job."""

    id: str
    visitor: str
    order: Order
    base: Base | None
    """None for a picture that is all new."""
    state: State
    """A job that runs is "waiting" here: the painter knows better."""
    creation: str | None
    """What a job that is done has made."""
    error: str | None
    """The kind of refusal that a job has failed with."""
    created: float
    """Seconds since 1970."""


class Jobs:
    """All jobs of a collection's visitors."""

    def __init__(self, collection: Collection) -> None:
        self._rows, self._folder = collection.rows, collection.folder / "jobs"
        self._folder.mkdir(exist_ok=True)
        rows = self._rows.all("SELECT id FROM job WHERE state = 'waiting'")
        waiting = {row["id"] for row in rows}
        for path in self._folder.iterdir():
            if path.name not in waiting:
                shutil.rmtree(path, ignore_errors=True)

    def add(
        self,
        visitor: str,
        order: Order,
        sketch: Image.Image,
        base: Base | None = None,
        mask: Image.Image | None = None,
    ) -> JobRecord:
        """Keep a new job.

        Args:
            visitor: whose it is.
            order: what is to be made.
            sketch: RGB or RGBA.
            base: the picture that it changes.
            mask: white where that picture's colors stay, L, of the sketch's size.
        """
        self._forget_old()
        record = JobRecord(
            secrets.token_urlsafe(12), visitor, order, base, "waiting", None, None, time.time()
        )
        folder = self._folder / record.id
        folder.mkdir()
        try:
            (folder / "sketch.png").write_bytes(encode(sketch))
            if mask is not None:
                (folder / "mask.png").write_bytes(encode(mask))
            work = {"order": asdict(order), "base": asdict(base) if base else None}
            self._rows.run(
                "INSERT INTO job (id, visitor, work, state, created) VALUES (?, ?, ?, ?, ?)",
                record.id,
                visitor,
                json.dumps(work),
                record.state,
                record.created,
            )
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return record

    def sketch(self, job_id: str) -> Image.Image:
        """The sketch of a job that has not ended."""
        return load_image(self._folder / job_id / "sketch.png", keep_alpha=True)

    def mask(self, job_id: str) -> Image.Image | None:
        """The mask of a job that has not ended, if it has one."""
        path = self._folder / job_id / "mask.png"
        return load_image(path).convert("L") if path.is_file() else None

    def end(self, job_id: str, state: State, error: str | None = None) -> None:
        """Note how a job ended, unless that is known, and let go of its sketch."""
        self._rows.run(
            "UPDATE job SET state = ?, error = ?, ended = ? WHERE id = ? AND state = 'waiting'",
            state,
            error,
            time.time(),
            job_id,
        )
        shutil.rmtree(self._folder / job_id, ignore_errors=True)

    def drop(self, job_id: str) -> None:
        """Forget a job."""
        self._rows.run("DELETE FROM job WHERE id = ?", job_id)
        shutil.rmtree(self._folder / job_id, ignore_errors=True)

    def get(self, visitor: str, job_id: str) -> JobRecord:
        """One of a visitor's jobs.

        Raises:
            Refusal: there is none of that id, or it is another's.
        """
        row = self._rows.one("SELECT * FROM job WHERE id = ? AND visitor = ?", job_id, visitor)
        if row is None:
            raise Refusal("not_found")
        return _record(row)

    def of(self, visitor: str) -> list[JobRecord]:
        """A visitor's jobs in the order they came: those not ended, or ended within the hour."""
        rows = self._rows.all(
            "SELECT * FROM job WHERE visitor = ? AND (ended IS NULL OR ended > ?) ORDER BY created",
            visitor,
            time.time() - REMEMBERED_SECONDS,
        )
        return [_record(row) for row in rows]

    def begin(self, job_id: str) -> None:
        """Note that a job begins to run."""
        self._rows.run("UPDATE job SET attempts = attempts + 1 WHERE id = ?", job_id)

    def resume(self) -> list[JobRecord]:
        """The jobs that another process has left, in their order."""
        for row in self._rows.all(
            "SELECT id FROM job WHERE state = 'waiting' AND attempts >= ?", ATTEMPTS
        ):
            self.end(row["id"], "failed", "failed")
        rows = self._rows.all("SELECT * FROM job WHERE state = 'waiting' ORDER BY created")
        return [_record(row) for row in rows]

    def _forget_old(self) -> None:
        self._rows.run("DELETE FROM job WHERE ended < ?", time.time() - REMEMBERED_SECONDS)


def _record(row: sqlite3.Row) -> JobRecord:
    work = json.loads(row["work"])
    order = work["order"] | {"seeds": tuple(work["order"]["seeds"])}
    base = work["base"]
    return JobRecord(
        row["id"],
        row["visitor"],
        Order(**order),
        Base(**base) if base else None,
        row["state"],
        row["creation"],
        row["error"],
        row["created"],
    )
