"""Captions in a CSV file that the user can edit; it grows during captioning."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pokecolor.core.atomic_files import written_whole
from pokecolor.core.errors import UserError
from pokecolor.core.tables import parse_csv

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class CaptionStore:
    """Captions by sample id, in a CSV with the columns `id,caption`, UTF-8.

    Other columns are kept. If an id occurs twice, the later row counts. The file is replaced
    atomically.

    Args:
        path: the CSV, which need not exist.
        column: name of the column with the texts.
    """

    def __init__(self, path: Path, column: str = "caption") -> None:
        self.path, self.column = path, column

    def read(self) -> dict[str, str]:
        """All captions so far.

        Raises:
            UserError: the file has other columns, or a row without id or caption.
        """
        table = parse_csv(self._text(), self.path)
        if not table.columns:
            return {}
        if missing := [name for name in ("id", self.column) if name not in table.columns]:
            raise UserError(
                f"{self.path}: no column {missing[0]} (found {', '.join(table.columns)}); "
                f"its first line must be id,{self.column}"
            )
        captions: dict[str, str] = {}
        for line, row in table.rows:
            sample_id, caption = row["id"], row[self.column]
            if not sample_id or not caption:
                raise UserError(
                    f"{self.path}: line {line}: no {self.column if sample_id else 'id'}; "
                    "fill it in or delete the row"
                )
            captions[sample_id] = caption
        return captions

    def add(self, captions: Mapping[str, str], files: Mapping[str, str] | None = None) -> None:
        """Append captions; they are on disk when this returns.

        Args:
            captions: sample id => caption.
            files: file name of each sample's image, for human readers; a new file gets a column
                `file`.
        """
        text = self._text()
        if not text.strip():
            text = f"id,{self.column}" + (",file" if files else "")
        table = parse_csv(text, self.path)
        added = io.StringIO(newline="")
        writer = csv.DictWriter(
            added, table.header, delimiter=table.separator, lineterminator="\n",
            extrasaction="ignore",
        )  # fmt: skip
        for sample_id, caption in captions.items():
            name = (files or {}).get(sample_id, "")
            writer.writerow({"id": sample_id, self.column: caption, "file": name})
        try:
            with written_whole(self.path, synced=True) as partial:
                whole = text.rstrip("\r\n") + "\n" + added.getvalue()
                partial.write_text(whole, encoding="utf-8", newline="")
        except OSError as error:
            raise UserError(f"{self.path}: cannot be written ({error.strerror})") from error

    def _text(self) -> str:
        try:
            with self.path.open(encoding="utf-8-sig", newline="") as file:
                return file.read()
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{self.path}: cannot be read as UTF-8 text ({error})") from None
