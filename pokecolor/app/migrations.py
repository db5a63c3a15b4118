"""Database migrations of the collection, one function a version."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from pokecolor.core.errors import UserError

MIGRATIONS = (
    """
    CREATE TABLE creation (
        id TEXT PRIMARY KEY,
        visitor TEXT NOT NULL,
        name TEXT NOT NULL,
        prompt TEXT NOT NULL,
        searched TEXT NOT NULL,
        seeds TEXT NOT NULL,
        steps INTEGER NOT NULL,
        guidance_scale REAL NOT NULL,
        image_guidance_scale REAL NOT NULL,
        judgments TEXT NOT NULL,
        share TEXT UNIQUE,
        created REAL NOT NULL
    ) STRICT;
    CREATE INDEX creation_of_visitor ON creation (visitor, created);
    """,
    "ALTER TABLE creation ADD COLUMN flat INTEGER NOT NULL DEFAULT 0",
    # what was not flat was soft
    """
    ALTER TABLE creation ADD COLUMN look TEXT NOT NULL DEFAULT 'soft';
    UPDATE creation SET look = 'flat' WHERE flat;
    ALTER TABLE creation DROP COLUMN flat;
    """,
    # what was judged by the colors of the whole picture is not known by part
    """
    ALTER TABLE creation ADD COLUMN parent TEXT;
    ALTER TABLE creation ADD COLUMN sketch_id TEXT;
    ALTER TABLE creation ADD COLUMN changed REAL NOT NULL DEFAULT 0;
    ALTER TABLE creation ADD COLUMN pictures TEXT NOT NULL DEFAULT '[]';
    UPDATE creation SET changed = created, pictures = (
        SELECT json_group_array(json_object(
            'look', creation.look,
            'warnings', json(iif(json_extract(value, '$.in_color'), '["in_color"]', '[]'))
        )) FROM json_each(creation.judgments)
    );
    ALTER TABLE creation DROP COLUMN judgments;
    CREATE TABLE job (
        id TEXT PRIMARY KEY,
        visitor TEXT NOT NULL,
        work TEXT NOT NULL,
        state TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        creation TEXT,
        error TEXT,
        created REAL NOT NULL,
        ended REAL
    ) STRICT;
    CREATE INDEX job_of_visitor ON job (visitor, created);
    """,
)
"""What leads from each version to the next; version 0 is an empty file. Never edit one that was
released: add another."""


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring a database to the newest version, each step whole or not at all.

    Raises:
        UserError: it was written by a newer pokecolor.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise UserError(
            f"{path}: written by a newer pokecolor (version {version}); update pokecolor or name "
            "another folder by --data-dir"
        )
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.executescript(f"BEGIN;{script};PRAGMA user_version = {number};COMMIT;")
