"""What sources of image files share: records, ids, rows of a CSV, images to triplets."""

from __future__ import annotations

import abc
import csv
import functools
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from pokecolor.data import sketch
from pokecolor.data.splits import split_of
from pokecolor.errors import UserError
from pokecolor.file_names import printable
from pokecolor.images import READER, ImageError, fit, load_image, placement
from pokecolor.schema import Triplet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pokecolor.schema import Split

EXTRACTION_SIZE = 256
"""Sketches are extracted from images no smaller than this, where lines are wider than a pixel."""

MIN_SIZE = 16
"""Pixels of an image's side below which there is nothing to see."""


@dataclass(frozen=True)
class Record:
    """A triplet that is still files."""

    drawing_id: str
    color: Path
    sketch: Path | None
    """None: extract it from the color image."""
    prompt: str


class PairSource(abc.ABC):
    """A `pokecolor.schema.Source` over image files. A subclass says which files belong together."""

    name: str

    def __init__(self, size: int, style: str, val: float, test: float) -> None:
        """
        Args:
            size: triplets are squares of so many pixels, padded with white.
            style: how missing sketches are extracted, one of `pokecolor.data.sketch.STYLES`.
            val: share of the drawings held out for validation, 0 to 1.
            test: share of the drawings held out for the test, 0 to 1.

        Raises:
            UserError: no such style, or too small a size.
        """
        require_style(style)
        require_size(size)
        self.size, self.style, self.val, self.test = size, style, val, test

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

    @functools.cached_property
    def fingerprint(self) -> str:
        """Hex digest of the settings, the instructions and the content of all image files."""
        digest = hashlib.sha256(f"{self.size} {READER}".encode())
        extracted = f"{self.style} {sketch.VERSION}".encode()
        for drawing_id in self.drawings():
            for record in self.records[drawing_id]:
                text = (drawing_id, self.split_of(drawing_id), record.prompt)
                digest.update("\0".join(("", *text, "")).encode())
                for path in (record.sketch, record.color):
                    digest.update(hash_file(path) if path else extracted)
        return digest.hexdigest()

    def drawings(self) -> Sequence[str]:
        return list(self.records)

    def split_of(self, drawing_id: str) -> Split:
        return split_of(drawing_id, self.val, self.test)

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        for number, record in enumerate(self.records[drawing_id]):
            color = load_image(record.color)
            if record.sketch is None:
                original, edited = extract_pair(color, self.size, self.style)
            else:
                drawn = load_image(record.sketch)
                require_same_shape(drawn, color, record)
                original, edited = fit(drawn, self.size), fit(color, self.size)
            yield Triplet(
                id=drawing_id if number == 0 else f"{drawing_id}-{number}",
                drawing_id=drawing_id,
                original_image=original,
                edited_image=edited,
                edit_prompt=record.prompt,
            )


def extract_pair(color: Image.Image, size: int, style: str) -> tuple[np.ndarray, np.ndarray]:
    """The sketch of an RGB image and the image itself, each uint8 [size, size, 3]."""
    work = max(size, EXTRACTION_SIZE)
    edited = fit(color, work)
    # the padding is left out, or its border would be drawn as a line
    place = placement(color.width, color.height, work)
    inside = (
        slice(place.top, place.top + place.inner_height),
        slice(place.left, place.left + place.inner_width),
    )
    original = np.full_like(edited, 255)
    original[inside] = sketch.STYLES[style](edited[inside])
    # both through the same square, so that they stay aligned to the pixel
    return fit(Image.fromarray(original), size), fit(Image.fromarray(edited), size)


def require_same_shape(drawn: Image.Image, color: Image.Image, record: Record) -> None:
    """Refuse a pair that would not lie on each other once padded.

    Raises:
        ImageError: the aspect ratios differ by more than one pixel in 256.
    """
    one, other = (placement(*image.size, 256) for image in (drawn, color))
    apart = (one.inner_width - other.inner_width, one.inner_height - other.inner_height)
    if max(map(abs, apart)) > 1:
        raise ImageError(
            f"{printable(record.sketch)}: {drawn.width} x {drawn.height} pixels is another shape "
            f"than the {color.width} x {color.height} of {printable(record.color)}"
        )


def make_id(name: str) -> str:
    """An id of letters, digits, '-' and '_' from a path without its ending.

    A name that has to be changed gets a hash of itself, so that no two names share an id.
    """
    clean = re.sub(r"[^A-Za-z0-9_-]+", "-", name)
    if clean == name:
        return name
    return f"{clean.strip('-') or 'image'}-{hashlib.sha256(os.fsencode(name)).hexdigest()[:8]}"


def require_style(style: str) -> None:
    """Raises UserError unless `style` is one of `pokecolor.data.sketch.STYLES`."""
    if style not in sketch.STYLES:
        raise UserError(f"style={style}: no such sketch style; take {' or '.join(sketch.STYLES)}")


def require_size(size: int) -> None:
    """Raises UserError unless images of `size` pixels a side show something."""
    if size < MIN_SIZE:
        raise UserError(f"data.source.size={size}: give {MIN_SIZE} pixels or more")


def require_folder(folder: Path) -> None:
    """Raises UserError unless there is such a folder."""
    if not folder.is_dir():
        raise UserError(f"{folder}: no such folder; set data.root to the folder of your images")


def read_csv(path: Path) -> list[tuple[int, dict[str, str]]]:
    """The rows of a CSV with a header, each with its number in a spreadsheet: the first is 2.

    Raises:
        UserError: missing, empty, or not UTF-8.
    """
    try:
        # "-sig", because spreadsheets put a byte order mark before the first column's name
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, skipinitialspace=True)
            rows = [
                (number, {key.strip(): (value or "").strip() for key, value in row.items() if key})
                for number, row in enumerate(reader, start=2)
            ]
    except FileNotFoundError:
        raise UserError(f"{path}: no such file") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"{path}: not a CSV in UTF-8 ({error}); save it as one") from None
    if not rows:
        raise UserError(f"{path}: no rows below the header")
    return rows


def find_row_image(table: Path, number: int, name: str) -> Path:
    """The image a row of a CSV names, relative to the CSV's folder.

    Raises:
        UserError: there is no such file; the row and the path are named.
    """
    path = table.parent / name
    if not path.is_file():
        raise UserError(f"{table}: row {number}: {path}: no such image; add it or delete the row")
    return path


def hash_file(path: Path) -> bytes:
    """SHA-256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()
