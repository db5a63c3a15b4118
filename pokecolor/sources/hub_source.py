"""Data sets of the `datasets` library as a source of triplets (`data=hub`)."""

from __future__ import annotations

import functools
import hashlib
import logging
import os
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pokecolor.core.errors import UserError
from pokecolor.core.extras import hint
from pokecolor.core.images.conversion import READER, letterbox, load_image
from pokecolor.core.schema import Triplet
from pokecolor.sources import sketch_extraction
from pokecolor.sources.buckets import nearest_shape, require_bucket_size
from pokecolor.sources.drawing_source import LOCATION, DrawingSource
from pokecolor.sources.folder.columns import Columns, choose_columns
from pokecolor.sources.folder.files import SPLIT_NAMES
from pokecolor.sources.folder.source import PROMPT
from pokecolor.sources.hub import OFFLINE, unreachable
from pokecolor.sources.ids import make_id, variant_id
from pokecolor.sources.pairs import extract_pair, require_alike, require_size, require_style
from pokecolor.sources.splits import assign_splits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pokecolor.core.schema import Split

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class HubSplit:
    """A split of the data set."""

    rows: Any
    """A `datasets.Dataset` with undecoded pictures."""
    columns: Columns


@dataclass(frozen=True)
class HubRow:
    """The position of a sample: split on the hub, and row."""

    split: str
    row: int


@dataclass(frozen=True)
class HubContents:
    """The result of a pass over all rows."""

    drawings: dict[str, list[HubRow]]
    splits: dict[str, Split]
    digest: str
    """Hex digest of all pictures and texts."""


@dataclass(frozen=True, eq=False)
class HubSource(DrawingSource):
    """A `pokecolor.core.schema.Source` of a data set that `datasets.load_dataset` reads.

    Columns are found by their names, as `sources.folder.columns` has them: `original_image`,
    `edit_prompt` and `edited_image`, for example. Where there is no sketch, it is extracted from
    the color image; where there is no text, the instruction is that of `data=folder`. A drawing is
    a color image, or what a column `drawing_id` says. Splits called validation and test are kept.

    One line of the log says how much was found, and which columns were not read.
    """

    dataset: str = field(metadata=LOCATION)
    """Id on the hub, or a folder that `load_dataset` reads."""
    config: str | None = field(default=None, metadata=LOCATION)
    """Configuration of the data set; None if there is one."""
    revision: str | None = field(default=None, metadata=LOCATION)
    """Branch, tag or commit on the hub."""
    streaming: bool = field(default=False, metadata=LOCATION)
    """Whether to stream it, so that only `rows` are downloaded."""
    rows: int | None = field(default=None, metadata=LOCATION)
    """Maximum number of rows of each split; None for all."""
    size: int = 128
    """Triplets are squares of so many pixels, padded with white."""
    style: str = "edges"
    """How missing sketches are extracted, one of `pokecolor.sources.sketch_extraction.STYLES`."""
    val: float = 0.05
    """Share of the drawings held out for validation, 0 to 1, if there is no such split."""
    test: float = 0.05
    """Share of the drawings held out for the test, 0 to 1, if there is no such split."""
    buckets: bool = False
    """Whether to use aspect buckets instead of squares, see `pokecolor.sources.buckets`."""

    def __post_init__(self) -> None:
        """
        Raises:
            UserError: no such style, or a number is too small.
        """
        require_style(self.style)
        require_size(self.size)
        if self.buckets:
            require_bucket_size(self.size)
        if self.rows is not None and (type(self.rows) is not int or self.rows < 1):
            raise UserError(
                f"data.source.rows={self.rows}: give a whole number, 1 or more, or null"
            )

    @property
    def name(self) -> str:
        path = Path(self.dataset)
        called = path.resolve().name if path.exists() else self.dataset
        return f"hub-{re.sub(r'[^A-Za-z0-9]+', '-', called).strip('-')[-40:]}"

    @property
    def hub_ids(self) -> tuple[str, ...]:
        """Empty for a local folder."""
        return () if Path(self.dataset).exists() else (self.dataset,)

    def depends_on(self) -> list[object]:
        return [READER, sketch_extraction.VERSION, self._contents.digest]

    def drawings(self) -> Sequence[str]:
        return list(self._contents.drawings)

    def split_of(self, drawing_id: str) -> Split:
        return self._contents.splits[drawing_id]

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        drawings = self._contents.drawings
        for number, place in enumerate(drawings[drawing_id]):
            table = self._tables[place.split]
            row, columns = table.rows[place.row], table.columns
            where = f"{self.dataset}: {place.split} row {place.row}"
            color = load_image(_bytes(row[columns.color]) or b"", f"{where}: {columns.color}")
            drawn = _bytes(row[columns.sketch]) if columns.sketch else None
            shape = nearest_shape(color.size, self.size) if self.buckets else self.size
            if drawn is None:
                original, edited = extract_pair(color, shape, self.style)
            else:
                line_art = load_image(drawn, f"{where}: {columns.sketch}")
                require_alike(
                    line_art.size, color.size, columns.sketch, f"{where}: {columns.color}"
                )
                original, edited = letterbox(line_art, shape), letterbox(color, shape)
            yield Triplet(
                id=variant_id(drawing_id, number, drawings),
                drawing_id=drawing_id,
                original_image=original,
                edited_image=edited,
                edit_prompt=_prompt(row, columns),
            )

    @functools.cached_property
    def _tables(self) -> dict[str, HubSplit]:
        """The splits with their recognized columns."""
        tables = {}
        for split, rows in self._load().items():
            columns = choose_columns(f"{self.dataset} ({split})", rows.column_names or [])
            for column in filter(None, (columns.color, columns.sketch)):
                rows = self._undecoded(rows, column, split)
            if columns.caption:
                self._require_text(rows, columns.caption, split)
            tables[split] = HubSplit(self._held(rows), columns)
        return tables

    @functools.cached_property
    def _contents(self) -> HubContents:
        drawings: dict[str, list[HubRow]] = {}
        given: dict[str, Split] = {}
        digest = hashlib.sha256()
        found: Counter[str] = Counter()
        ignored: dict[str, None] = {}
        for split, table in self._tables.items():
            columns = table.columns
            ignored |= dict.fromkeys(columns.ignored)
            for number, row in enumerate(table.rows):
                color, drawn = (
                    _bytes(row[name]) if name else None for name in (columns.color, columns.sketch)
                )
                if color is None:
                    found["rows without a color image"] += 1
                    continue
                name = row[columns.drawing] if columns.drawing else None
                id_ = make_id(str(name)) if name else hashlib.sha256(color).hexdigest()[:16]
                said = SPLIT_NAMES.get(split.lower(), "train")
                if given.setdefault(id_, said) != said:
                    raise UserError(
                        f"{self.dataset}: {split} row {number} is of a drawing that "
                        f"{given[id_]} has, too; a drawing that is trained on must not be measured "
                        "with: take it out of one"
                    )
                drawings.setdefault(id_, []).append(HubRow(split, number))
                found["samples"] += 1
                found["with a sketch"] += drawn is not None
                found["with a caption"] += bool(columns.caption and row[columns.caption])
                text = f"\0{id_}\0{said}\0{_prompt(row, columns)}\0"
                digest.update(text.encode() + color + (drawn or b""))
        splits, taken = assign_splits({d: d for d in drawings}, given, self.val, self.test)
        self._log_summary(found, list(ignored), taken)
        return HubContents(drawings, splits, digest.hexdigest())

    def _log_summary(self, found: Counter[str], ignored: list[str], taken: str) -> None:
        said = [
            f"{self.dataset}: {found['samples']} samples, {found['with a caption']} with a "
            f"caption, {found['with a sketch']} with a sketch"
        ]
        if missing := found["rows without a color image"]:
            said.append(f"not read: rows without a color image: {missing}")
        if found["with a caption"] < found["samples"]:
            said.append(f'where no caption is, it is "{PROMPT}"')
        if ignored:
            said.append(f"not read: columns {', '.join(ignored)}")
        if taken:
            said.append(taken)
        if os.environ.get("LOCAL_RANK", "0") == "0":
            log.log(logging.INFO if len(said) == 1 else logging.WARNING, "%s", "; ".join(said))

    def _load(self) -> Mapping[str, Any]:
        """Load the splits with `datasets`."""
        try:
            import datasets
        except ImportError:
            raise UserError(
                f"data=hub: datasets is not installed: {hint('hub')}; {OFFLINE}"
            ) from None
        try:
            found = datasets.load_dataset(
                self.dataset, self.config, revision=self.revision, streaming=self.streaming
            )
        except Exception as error:  # the errors of datasets, the hub and pyarrow share no base
            raise unreachable("datasets", self.dataset, error) from error
        return found

    def _undecoded(self, rows: Any, column: str, split: str) -> Any:
        """The rows with undecoded pictures in a column."""
        from datasets import Image

        kind = (rows.features or {}).get(column)
        if not isinstance(kind, Image):
            raise UserError(
                f"{self.dataset} ({split}): column {column} holds {kind}, where pictures are needed"
            )
        return rows.cast_column(column, Image(decode=False))

    def _require_text(self, rows: Any, column: str, split: str) -> None:
        kind = rows.features[column]
        if getattr(kind, "dtype", None) not in ("string", "large_string"):
            raise UserError(
                f"{self.dataset} ({split}): column {column} holds {kind}, where one text a row is "
                "needed"
            )

    def _held(self, rows: Any) -> Any:
        """Rows with random access; streamed rows are written to a file of `datasets`."""
        import datasets

        if isinstance(rows, datasets.Dataset):
            return rows if self.rows is None else rows.take(min(self.rows, len(rows)))
        rows = rows if self.rows is None else rows.take(self.rows)
        return datasets.Dataset.from_generator(
            _walk, features=rows.features, gen_kwargs={"rows": rows}
        )


def _walk(rows: Any) -> Iterator[dict[str, Any]]:
    yield from rows


def _bytes(picture: Mapping[str, Any] | None) -> bytes | None:
    """The bytes of a picture's file; None if there is no picture."""
    if not picture:
        return None
    if picture.get("bytes") is None and picture.get("path"):
        with open(picture["path"], "rb") as file:
            return file.read()
    return picture.get("bytes")


def _prompt(row: Mapping[str, Any], columns: Columns) -> str:
    said = row[columns.caption] if columns.caption else None
    return " ".join(said.split()) if said else PROMPT
