"""The user's own images, with tables, text files, sketches, or alone (`data=folder`)."""

from __future__ import annotations

import functools
import logging
import os
from collections import Counter
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError
from pokecolor.core.extras import hint
from pokecolor.core.file_names import printable
from pokecolor.core.images.listing import list_images
from pokecolor.sources.drawing_source import LOCATION
from pokecolor.sources.folder.entries import Entry, add_sidecars, given_splits, read_entries
from pokecolor.sources.folder.files import find_layout, split_of_folder
from pokecolor.sources.folder.paired_folders import find_doubtful, pair_folders
from pokecolor.sources.ids import assign_ids, id_of, make_id, variant_id
from pokecolor.sources.pairs import PairSource, Record, require_folder
from pokecolor.sources.splits import assign_splits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pokecolor.core.schema import Split
    from pokecolor.sources.folder.files import Layout

log = logging.getLogger(__name__)

PROMPT = "Turn it into a color drawing."
"""The instruction of images without a caption."""


@dataclass(frozen=True)
class Contents:
    """The contents of a folder."""

    records: list[Record]
    splits: dict[str, Split]
    """Drawing => split."""
    summary: str
    """One line on what was found, ignored and guessed."""
    whole: bool
    """Whether nothing was ignored or guessed."""


@dataclass(frozen=True, eq=False)
class FolderSource(PairSource):
    """Triplets from a folder of images of any size, aspect ratio and mode.

    The folder contains one of these:

    - a table, CSV, JSON lines or Parquet: the one that is named; `metadata.csv`, `metadata.jsonl`
      and so on, in the folder or in those below it; or else the only one that names images and
      sketches or captions.
      What columns may be called is in `pokecolor.sources.folder.columns`;
    - color images, in subfolders too, with captions in files beside them, `a.txt` or `a.caption`
      for `a.png`, with sketches of the same names in a folder `sketches`, or alone.

    Paths in a table start from the table's folder. Where there is no sketch, it is extracted from
    the color image; where there is no caption, the instruction is `PROMPT`. A drawing is a color
    image, or what a column `drawing_id` says: rows that share one stay in one split. Splits that
    are given are kept: those of a column `split`, or of folders called `train`, `validation` and
    `test`.

    One line of the log reports what was found and what was ignored.
    """

    name = "folder"

    root: str | Path = field(metadata=LOCATION)
    """The folder of the images."""
    size: int = 128
    csv: str | Path | None = field(default=None, metadata=LOCATION)
    """A table, relative to `root`; None to find it."""
    style: str = "edges"
    val: float = 0.05
    """Share of the drawings held out for validation, 0 to 1, if no splits are given."""
    test: float = 0.05
    buckets: bool = False
    """Whether to use aspect buckets instead of squares, see `pokecolor.sources.buckets`."""

    def __post_init__(self) -> None:
        super().__post_init__()
        object.__setattr__(self, "root", Path(self.root).expanduser())

    def read_records(self) -> list[Record]:
        contents = self._contents
        if os.environ.get("LOCAL_RANK", "0") == "0":  # log it once
            log.log(logging.INFO if contents.whole else logging.WARNING, "%s", contents.summary)
        return contents.records

    def split_of(self, drawing_id: str) -> Split:
        return self._contents.splits[drawing_id]

    def samples(self) -> dict[str, Path]:
        """Sample id => color image."""
        counts: Counter[str] = Counter()
        samples = {}
        for record in self._contents.records:
            number = counts[record.drawing_id]
            samples[variant_id(record.drawing_id, number, self._contents.splits)] = record.color
            counts[record.drawing_id] += 1
        return samples

    @functools.cached_property
    def _contents(self) -> Contents:
        require_folder(self.root)
        named = None if self.csv is None else self.root / Path(self.csv).expanduser()
        layout = find_layout(self.root, named)
        images = list_images(self.root, required=not layout.tables)
        if not images and not layout.tables:
            raise UserError(f"{self.root}: no images in it; set data.root to the folder of yours")
        if layout.tables:
            entries, unread = self._read_tables(layout.tables)
        else:
            entries, unread = self._read_images(images)
        entries, spare, lone = add_sidecars(entries, layout.texts)
        unread += self._unread(entries, images, layout, spare, lone)
        ids = assign_ids([entry.color for entry in entries if not entry.drawing], self.root)
        names = {ids[color]: id_of(color, self.root) for color in ids}
        given = {entry.color: make_id(entry.drawing) for entry in entries if entry.drawing}
        names |= {drawing: drawing for drawing in given.values()}
        ids = given | ids
        splits, taken = assign_splits(names, given_splits(entries, ids), self.val, self.test)
        noted = [*_find_odd(entries), *filter(None, [taken])]
        records = [
            Record(ids[entry.color], entry.color, entry.sketch, entry.caption or PROMPT)
            for entry in entries
        ]
        summary = self._summarize(entries, layout.tables, unread, noted)
        whole = not unread and not noted and all(entry.caption for entry in entries)
        return Contents(records, splits, summary, whole)

    def _read_tables(self, tables: Sequence[Path]) -> tuple[list[Entry], list[str]]:
        """The entries of all tables, and messages on unknown columns."""
        entries, unread = [], []
        for table in tables:
            found, ignored = read_entries(table, self.root)
            entries += found
            if ignored:
                names = ", ".join(name or "without a name" for name in ignored)
                columns = "column" if len(ignored) == 1 else "columns"
                unread.append(f"{columns} {names} of {self._inside(table)}")
        return entries, unread

    def _read_images(self, images: Sequence[Path]) -> tuple[list[Entry], list[str]]:
        """The entries of a folder without tables, and messages on sketches."""
        drawn, sketches = pair_folders(images, self.root)
        paired = set(drawn.values())
        lone = [path for path in sketches if path not in paired]
        left_out, kind = set(sketches), "sketches of no color image's name"
        if not drawn:  # color drawings in a folder "sketches"
            left_out, kind = (
                set(),
                "as sketches, of no color image's name though in a folder of them",
            )
        entries = [
            Entry(path, drawn.get(path), split=split_of_folder(path, self.root))
            for path in images
            if path not in left_out
        ]
        doubtful = find_doubtful([entry.color for entry in entries if entry.sketch is None])
        return entries, self._count([(kind, lone), *doubtful])

    def _unread(
        self,
        entries: Sequence[Entry],
        images: Sequence[Path],
        layout: Layout,
        spare: Sequence[Path],
        lone: Sequence[Path],
    ) -> list[str]:
        """Messages on ignored files: kinds, counts and examples."""
        used = {
            os.path.normpath(path)
            for entry in entries
            for path in (entry.color, entry.sketch)
            if path
        }
        left = [path for path in images if layout.tables and os.path.normpath(path) not in used]
        others, parquet = list(layout.others), []
        if find_spec("pyarrow") is None:
            parquet = [path for path in others if path.suffix.lower() == ".parquet"]
            others = [path for path in others if path not in parquet]
        return self._count(
            [
                ("images that no row names", left),
                ("text files of images that have a caption", spare),
                ("text files of no color image's name", lone),
                ("other tables or files of captions", others),
                (f"Parquet files, which need {hint('hub')}", parquet),
            ]
        )

    def _count(self, kinds: Sequence[tuple[str, Sequence[Path]]]) -> list[str]:
        """Counts and examples of each kind of files."""
        return [f"{kind}: {len(files)} ({self._some(files)})" for kind, files in kinds if files]

    def _summarize(
        self,
        entries: Sequence[Entry],
        tables: Sequence[Path],
        unread: Sequence[str],
        noted: Sequence[str],
    ) -> str:
        where = f" in {self._some(tables)}" if tables else ""
        captions = sum(bool(entry.caption) for entry in entries)
        sketches = sum(entry.sketch is not None for entry in entries)
        said = [
            f"{printable(self.root)}: {len(entries)} samples{where}, {captions} with a caption, "
            f"{sketches} with a sketch"
        ]
        if captions < len(entries):
            said.append(f'where no caption is, it is "{PROMPT}"')
        if unread:
            said.append(f"not read: {', '.join(unread)}")
        return " ".join(
            "; ".join([*said, *noted]).splitlines()
        )  # names of files may have line breaks

    def _some(self, paths: Sequence[Path]) -> str:
        """The names of the first files, relative to the folder."""
        names = [self._inside(path) for path in paths[:3]]
        return ", ".join([*names, "..."] if len(paths) > len(names) else names)

    def _inside(self, path: Path) -> str:
        return printable(path.relative_to(self.root) if path.is_relative_to(self.root) else path)


def _find_odd(entries: Sequence[Entry]) -> list[str]:
    """Messages on entries that may be mistakes."""
    again = len(entries) - len(set(entries))
    own = sum(entry.sketch == entry.color for entry in entries)
    found = [
        (again, "of the samples stand there more than once"),
        (own, "of the samples have the color image as their sketch"),
    ]
    return [f"{count} {what}" for count, what in found if count]
