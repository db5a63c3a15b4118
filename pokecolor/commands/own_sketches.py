"""Reads a folder of one's own sketches for `pokecolor serve --collection`."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from pokecolor.app.library import Library, Sketch
from pokecolor.coloring.instruction import read_instruction
from pokecolor.core.errors import UserError
from pokecolor.core.file_names import printable
from pokecolor.core.images.conversion import load_image
from pokecolor.core.images.listing import list_images
from pokecolor.core.tables import read_csv
from pokecolor.sources.ids import keep_apart, make_id
from pokecolor.sources.row_images import find_row_image

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLE, CAPTIONS = "sketches.csv", "captions.csv"
HALVES = {"trainA": "trainB", "testA": "testB"}
"""Folders of sketches in Sketch2Pokemon's layout, and of the finished pictures of them."""
TYPES = {
    "Normal": "노말", "Fire": "불꽃", "Water": "물", "Electric": "전기", "Grass": "풀",
    "Ice": "얼음", "Fighting": "격투", "Poison": "독", "Ground": "땅", "Flying": "비행",
    "Psychic": "에스퍼", "Bug": "벌레", "Rock": "바위", "Ghost": "고스트",
    "Dragon": "드래곤", "Dark": "악", "Steel": "강철", "Fairy": "페어리",
}  # fmt: skip
"""The types of Sketch2Pokemon's creatures, in English and Korean: a table may have either."""
_BETWEEN = re.compile(r"\s*[,;/|·+&]\s*")


@dataclass(frozen=True)
class _Entry:
    """A sketch of the folder."""

    path: Path
    names: dict[str, str]
    categories: tuple[str, ...]
    color: Path | None


def folder_library(folder: Path) -> Library:
    """One's own sketches.

    Those that `sketches.csv` or `captions.csv` lists: column `sketch`, and, as far as there are,
    `name` or `name_en`, `name_ko`, `category` or `types` (several are parted by a comma, a slash or
    the like), and `color`, a finished picture. Without such a table all images, in
    Sketch2Pokemon's layout those of `trainA` and `testA`, with finished pictures of the same name
    in `trainB` and `testB`. Names are by default those of the files, categories those of folders.

    Raises:
        UserError: there is no such folder, no image in it, or a row is wrong.
    """
    if not folder.is_dir():
        raise UserError(f"--collection {folder}: no such folder")
    sketches: dict[str, Sketch] = {}
    categories: dict[str, dict[str, str]] = {}
    for entry in _read_table(folder) or _find_files(folder):
        keys = tuple(dict.fromkeys(_add_category(name, categories) for name in entry.categories))
        inside = entry.path.relative_to(folder)
        plain = make_id(inside.with_suffix("").as_posix().replace("/", "-"))
        id_ = keep_apart(plain, inside.as_posix(), sketches)
        draw = functools.partial(_read, entry.path)
        finish = entry.color and functools.partial(_read, entry.color)
        sketches[id_] = Sketch(id_, entry.names, keys, draw, finish)
    if not sketches:
        raise UserError(f"--collection {folder}: no images in it")
    order = {name.casefold(): number for number, name in enumerate(TYPES)}
    known = dict(sorted(categories.items(), key=lambda item: order.get(item[0], len(order))))
    return Library(sketches.values(), known)


def _add_category(name: str, categories: dict[str, dict[str, str]]) -> str:
    """The key of a category by its name in either language."""
    for english, korean in TYPES.items():
        if name.casefold() in (english.casefold(), korean):
            categories.setdefault(english.casefold(), {"en": english, "ko": korean})
            return english.casefold()
    categories.setdefault(name, {"en": name})
    return name


def _read_table(folder: Path) -> list[_Entry]:
    """The rows of the folder's table; none if it has no table of sketches."""
    for table in (folder / TABLE, folder / CAPTIONS):
        if table.is_file():
            rows = read_csv(table).rows
            if rows and "sketch" in rows[0][1]:
                return [_entry(table, line, row) for line, row in rows]
            if table.name == TABLE:
                raise UserError(f"{table}: no column sketch; it needs sketch,name,category")
    return []


def _entry(table: Path, line: int, row: Mapping[str, str]) -> _Entry:
    path = _image(table, line, row["sketch"])
    color = _image(table, line, row["color"]) if row.get("color") else _counterpart(path)
    english = row.get("name") or row.get("name_en") or row.get("name_ko")
    if not english:
        subject = read_instruction(row.get("caption", "")).subject
        english = f"{subject} {_spoken(path)}" if subject else _spoken(path)
    names = {"en": english}
    if korean := row.get("name_ko"):
        names["ko"] = korean
    said = row.get("category") or row.get("types") or ""
    listed = tuple(filter(None, _BETWEEN.split(said.strip())))
    if table.name == TABLE and not listed:
        listed = (path.parent.name,)
    return _Entry(path, names, listed, color)


def _image(table: Path, line: int, name: str) -> Path:
    path = find_row_image(table, line, name)
    if not path.resolve().is_relative_to(table.parent.resolve()):
        raise UserError(f"{table}: line {line}: {path} is outside the folder; copy it into it")
    return path


def _find_files(folder: Path) -> Iterator[_Entry]:
    halves = [folder / half for half in HALVES if (folder / half).is_dir()]
    for root in halves or [folder]:
        for path in list_images(root):
            yield _Entry(path, {"en": _spoken(path)}, (path.parent.name,), _counterpart(path))


def _counterpart(path: Path) -> Path | None:
    """The finished picture of a sketch in Sketch2Pokemon's layout."""
    half = HALVES.get(path.parent.name)
    if half is None:
        return None
    folder = path.parent.parent / half
    same = folder / path.name
    if same.is_file():
        return same
    return next(iter(sorted(folder.glob(f"{path.stem}.*"))), None)


def _spoken(path: Path) -> str:
    name = printable(path.stem)
    return name.replace("_", " ").replace("-", " ").strip() or name


def _read(path: Path, size: int) -> np.ndarray:
    image = load_image(path)
    image.thumbnail((size, size), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return np.asarray(image)
