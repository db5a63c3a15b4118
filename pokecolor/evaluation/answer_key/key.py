"""Answer keys: drawings with an instruction, and points whose right colors are known.

`key.json` is a list of drawings; docs/answer_key.md says how to make one.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pokecolor.core.colors import TERMS
from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError, load_image

if TYPE_CHECKING:
    from PIL import Image

NAME = "key.json"
BACKGROUND = "background"
"""Name of the part for the paper around the subject, including enclosed areas of it."""


@dataclass(frozen=True)
class KeyPart:
    """A part of a drawing, or its background."""

    name: str
    colors: tuple[str, ...]
    """Accepted colors, of `pokecolor.core.colors.TERMS`."""
    points: tuple[tuple[float, float], ...]
    """Points inside its fill, as shares of the drawing's width and height."""


@dataclass(frozen=True)
class KeyDrawing:
    """A drawing, its instruction, and the parts with their points."""

    id: str
    path: Path
    kind: str
    """Kind of drawing, such as "creature"; scores are also reported by kind."""
    instruction: str
    parts: tuple[KeyPart, ...]

    def load(self) -> Image.Image:
        """The drawing, RGB or RGBA.

        Raises:
            UserError: it cannot be read.
        """
        try:
            return load_image(self.path, keep_alpha=True)
        except ImageError as error:
            raise UserError(f"{NAME}: drawing {self.id}: {error}") from None


class AnswerKey:
    """A folder with `key.json` and its drawings.

    Args:
        root: the folder, or a key's own path.
        seeds: each drawing is colored once with each seed.
        predict_split: must be "test", because a key is a test set.

    Raises:
        UserError: another split is requested, or there are no seeds.
    """

    name = "answer_key"

    def __init__(
        self, root: str | Path, seeds: Sequence[int] = (0, 1), predict_split: str = "test"
    ) -> None:
        if predict_split != "test":
            raise UserError(f"split={predict_split}: an answer key is a test set; use split=test")
        listed = list(seeds) if isinstance(seeds, Sequence) else seeds
        if (
            not isinstance(listed, list)
            or not listed
            or any(not isinstance(seed, int) or seed < 0 for seed in listed)
        ):
            raise UserError(f"data.seeds={listed}: give whole numbers from 0 on, such as [0]")
        path = Path(root).expanduser()
        self.path = path / NAME if path.is_dir() else path
        self.seeds = tuple(seeds)

    @functools.cached_property
    def drawings(self) -> list[KeyDrawing]:
        """All drawings of the key.

        Raises:
            UserError: there is no key, or it is not one.
        """
        try:
            records = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise UserError(f"{self.path}: no answer key there; see docs/answer_key.md") from None
        except (OSError, ValueError) as error:
            raise UserError(f"{self.path}: cannot be read ({error})") from None
        if not isinstance(records, list) or not records:
            raise UserError(f"{self.path}: must be a list of drawings, see docs/answer_key.md")
        drawings = [self._drawing(number, record) for number, record in enumerate(records, start=1)]
        ids = [drawing.id for drawing in drawings]
        if twice := next((one for one in ids if ids.count(one) > 1), None):
            raise UserError(f"{self.path}: two drawings have the id {twice}")
        return drawings

    @property
    def fingerprint(self) -> str:
        """Digest of the key, its drawings' files and the seeds, hex."""
        # not the paths: the same key in another folder is the same test set
        digest = hashlib.sha256(self.path.read_bytes() + f" {self.seeds}".encode())
        for drawing in self.drawings:
            digest.update(drawing.path.read_bytes())
        return digest.hexdigest()[:24]

    def _drawing(self, number: int, record: Any) -> KeyDrawing:
        where = f"{self.path}: drawing {number}"
        if not isinstance(record, dict):
            raise UserError(f"{where}: must be an object with id, file, instruction and parts")
        for key in ("id", "file", "instruction", "parts"):
            if not record.get(key):
                raise UserError(f"{where}: {key} is missing")
        where = f"{self.path}: {record['id']}"
        if not isinstance(record["parts"], list):
            raise UserError(f"{where}: parts must be a list, not {record['parts']!r:.40}")
        path = self.path.parent / str(record["file"])
        if not path.is_file():
            raise UserError(f"{where}: no file {path}")
        parts = tuple(_part(where, part) for part in record["parts"])
        if all(part.name == BACKGROUND for part in parts):
            raise UserError(f"{where}: no part but the background; name at least one")
        if sum(part.name == BACKGROUND for part in parts) > 1:
            raise UserError(
                f"{where}: two parts named {BACKGROUND}; put all of its points into one"
            )
        kind = str(record.get("kind", "drawing"))
        return KeyDrawing(str(record["id"]), path, kind, str(record["instruction"]), parts)


def _part(where: str, record: Any) -> KeyPart:
    if not isinstance(record, dict) or not all(record.get(k) for k in ("name", "colors", "points")):
        raise UserError(f"{where}: a part needs a name, colors and points, not {record!r:.60}")
    where = f"{where}, {record['name']}"
    for key in ("colors", "points"):
        if not isinstance(record[key], list):
            raise UserError(f"{where}: {key} must be a list, not {record[key]!r:.40}")
    for color in record["colors"]:
        if color not in TERMS:
            raise UserError(f"{where}: no color {color!r}; use {', '.join(TERMS)}")
    for point in record["points"]:
        if not (
            isinstance(point, list)
            and len(point) == 2
            and all(isinstance(value, (int, float)) and 0 <= value <= 1 for value in point)
        ):
            raise UserError(f"{where}: a point is [x, y] as shares of 0 to 1, not {point!r:.40}")
    points = tuple((float(x), float(y)) for x, y in record["points"])
    return KeyPart(str(record["name"]), tuple(record["colors"]), points)
