"""Sketches without ground truth as a test set (`data=sketches`)."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import READER, letterbox, load_image
from pokecolor.core.images.listing import list_images
from pokecolor.core.schema import Triplet
from pokecolor.core.tables import read_csv
from pokecolor.sources.drawing_source import LOCATION, DrawingSource
from pokecolor.sources.ids import assign_ids, variant_id
from pokecolor.sources.pairs import hash_file, require_folder
from pokecolor.sources.row_images import find_row_image

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pokecolor.core.schema import Split

COLUMNS = ("sketch", "caption")


@dataclass(frozen=True, eq=False)
class SketchSource(DrawingSource):
    """The sketches of a folder, all in the test split.

    Raises:
        UserError: neither or both of `csv` and `prompt` are given.
    """

    name = "sketches"

    root: str | Path = field(metadata=LOCATION)
    """The folder of the images."""
    size: int = 128
    """Sketches are padded to squares of so many pixels."""
    csv: str | Path | None = field(default=None, metadata=LOCATION)
    """A CSV, from `root`, with the columns `sketch,caption`; a sketch may stand in several rows.
    None for all images of the folder."""
    prompt: str | None = None
    """The instruction of all images, where there is no CSV."""

    def __post_init__(self) -> None:
        if (self.csv is None) == (self.prompt is None):
            raise UserError(
                "data=sketches: give either data.source.prompt=... for all sketches or "
                "data.source.csv=<file with the columns sketch,caption>"
            )
        object.__setattr__(self, "root", Path(self.root).expanduser())

    @functools.cached_property
    def records(self) -> dict[str, tuple[Path, list[str]]]:
        """Drawing id => its file and its prompts."""
        require_folder(self.root)
        if self.csv is None:
            images = [(path, self.prompt) for path in list_images(self.root)]
        else:
            images = self._read_table(self.root / Path(self.csv).expanduser())
        if not images:
            raise UserError(f"{self.root}: no images in it; set data.root to the folder of yours")
        found: dict[str, tuple[Path, list[str]]] = {}
        ids = assign_ids([path for path, _ in images], self.root)
        for path, prompt in images:
            found.setdefault(ids[path], (path, []))[1].append(prompt)
        return found

    def _read_table(self, table: Path) -> list[tuple[Path, str]]:
        found = read_csv(table)
        if missing := [name for name in COLUMNS if name not in found.columns]:
            raise UserError(
                f"{table}: no column {missing[0]} (found {', '.join(found.columns)}); "
                "its first line must be sketch,caption"
            )
        images = []
        for line, row in found.rows:
            if not row["caption"]:
                raise UserError(f"{table}: line {line}: no caption; fill it in or delete the row")
            images.append((find_row_image(table, line, row["sketch"]), row["caption"]))
        return images

    def depends_on(self) -> Iterator[object]:
        """The prompts and the content of all image files."""
        yield READER
        for drawing, (path, prompts) in self.records.items():
            yield [drawing, prompts, hash_file(path)]

    def drawings(self) -> Sequence[str]:
        return list(self.records)

    def split_of(self, drawing_id: str) -> Split:
        return "test"

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        path, prompts = self.records[drawing_id]
        sketch = letterbox(load_image(path), self.size)
        for number, prompt in enumerate(prompts):
            yield Triplet(
                id=variant_id(drawing_id, number, self.records),
                drawing_id=drawing_id,
                original_image=sketch,
                edited_image=None,
                edit_prompt=prompt,
            )
