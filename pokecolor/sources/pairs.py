"""Base class of sources that consist of image files."""

from __future__ import annotations

import abc
import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from pokecolor.core.errors import UserError
from pokecolor.core.file_names import printable
from pokecolor.core.images.conversion import READER, ImageError, letterbox, load_image, placement
from pokecolor.core.schema import Triplet
from pokecolor.sources import sketch_extraction
from pokecolor.sources.buckets import nearest_shape, require_bucket_size
from pokecolor.sources.drawing_source import DrawingSource
from pokecolor.sources.ids import variant_id
from pokecolor.sources.splits import split_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pokecolor.core.schema import Split

EXTRACTION_SIZE = 256
"""Sketches are extracted at this size or more, where lines are wider than a pixel."""

MIN_SIZE = 16
"""Minimum side of an image, in pixels."""


@dataclass(frozen=True)
class Record:
    """The files of a triplet."""

    drawing_id: str
    color: Path
    sketch: Path | None
    """None to extract it from the color image."""
    prompt: str


class PairSource(DrawingSource):
    """A source of image files. Subclasses define the records, and have these fields."""

    size: int
    """Triplets are squares of so many pixels, padded with white."""
    val: float
    """Share of the drawings held out for validation, 0 to 1."""
    test: float
    """Share of the drawings held out for the test, 0 to 1."""
    style: str
    """How missing sketches are extracted, one of `pokecolor.sources.sketch_extraction.STYLES`."""
    buckets: bool = False
    """Whether to use aspect buckets instead of squares, see `pokecolor.sources.buckets`."""

    def __post_init__(self) -> None:
        """
        Raises:
            UserError: no such style, or too small a size.
        """
        require_style(self.style)
        require_size(self.size)
        if self.buckets:
            require_bucket_size(self.size)

    @abc.abstractmethod
    def read_records(self) -> list[Record]:
        """All records in a fixed order.

        Raises:
            UserError: files are missing or do not pair up.
        """

    @functools.cached_property
    def records(self) -> dict[str, list[Record]]:
        """The records of each drawing: a color image with two captions is one drawing."""
        records: dict[str, list[Record]] = {}
        for record in self.read_records():
            records.setdefault(record.drawing_id, []).append(record)
        return records

    def depends_on(self) -> Iterator[object]:
        """The instructions, the splits and the content of all image files."""
        yield READER
        extracted = f"extracted {sketch_extraction.VERSION}"
        for drawing_id in self.drawings():
            for number, record in enumerate(self.records[drawing_id]):
                yield variant_id(drawing_id, number, self.records)
                yield [self.split_of(drawing_id), record.prompt]
                for path in (record.sketch, record.color):
                    yield hash_file(path) if path else extracted

    def drawings(self) -> Sequence[str]:
        return list(self.records)

    def split_of(self, drawing_id: str) -> Split:
        return split_of(drawing_id, self.val, self.test)

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        for number, record in enumerate(self.records[drawing_id]):
            color = load_image(record.color)
            shape = nearest_shape(color.size, self.size) if self.buckets else self.size
            if record.sketch is None:
                original, edited = extract_pair(color, shape, self.style)
            else:
                drawn = load_image(record.sketch)
                require_same_shape(drawn, color, record)
                original, edited = letterbox(drawn, shape), letterbox(color, shape)
            yield Triplet(
                id=variant_id(drawing_id, number, self.records),
                drawing_id=drawing_id,
                original_image=original,
                edited_image=edited,
                edit_prompt=record.prompt,
            )


def extract_pair(
    color: Image.Image, size: int | tuple[int, int], style: str
) -> tuple[np.ndarray, np.ndarray]:
    """Extract the sketch of an RGB image; returns sketch and image, letterboxed, uint8."""
    work = max(size, EXTRACTION_SIZE) if isinstance(size, int) else size
    edited = letterbox(color, work)
    # without padding, whose border would become a line
    place = placement(color.width, color.height, work)
    inside = (
        slice(place.top, place.top + place.inner_height),
        slice(place.left, place.left + place.inner_width),
    )
    original = np.full_like(edited, 255)
    original[inside] = sketch_extraction.STYLES[style](edited[inside])
    # both with the same letterbox, so that they stay aligned
    return letterbox(Image.fromarray(original), size), letterbox(Image.fromarray(edited), size)


def require_same_shape(drawn: Image.Image, color: Image.Image, record: Record) -> None:
    """Refuse a pair of images that would not be aligned after padding.

    Raises:
        ImageError: the aspect ratios differ by more than one pixel in 256.
    """
    require_alike(drawn.size, color.size, printable(record.sketch), printable(record.color))


def require_alike(
    drawn: tuple[int, int], color: tuple[int, int], drawn_name: str, color_name: str
) -> None:
    """Like `require_same_shape`, for two (width, height) and the names of the pictures."""
    one, other = (placement(*size, 256) for size in (drawn, color))
    apart = (one.inner_width - other.inner_width, one.inner_height - other.inner_height)
    if max(map(abs, apart)) > 1:
        raise ImageError(
            f"{drawn_name}: {drawn[0]} x {drawn[1]} pixels is another shape "
            f"than the {color[0]} x {color[1]} of {color_name}"
        )


def require_style(style: str) -> None:
    """Raises UserError unless `style` is one of `pokecolor.sources.sketch_extraction.STYLES`."""
    if style not in sketch_extraction.STYLES:
        known = " or ".join(sketch_extraction.STYLES)
        raise UserError(f"style={style}: no such sketch style; take {known}")


def require_size(size: int) -> None:
    """Raise UserError if the size is below `MIN_SIZE`."""
    if size < MIN_SIZE:
        raise UserError(f"data.source.size={size}: give {MIN_SIZE} pixels or more")


def require_folder(folder: Path) -> None:
    """Raise UserError if the folder does not exist."""
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder; set data.root to the folder of your images")


def hash_file(path: Path) -> str:
    """SHA-256, hex, of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
