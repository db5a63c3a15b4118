"""Sketch2Pokemon: real sketches paired with their color images."""

from __future__ import annotations

import functools
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pokecolor.core.errors import UserError
from pokecolor.core.images.listing import list_images
from pokecolor.core.tables import read_csv
from pokecolor.sources import hub
from pokecolor.sources.drawing_source import LOCATION
from pokecolor.sources.ids import keep_apart, make_id
from pokecolor.sources.pairs import PairSource, Record, require_folder
from pokecolor.sources.row_images import find_row_image
from pokecolor.sources.splits import split_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pokecolor.core.schema import Split

    CaptionSource = Callable[[Sequence[Path]], dict[Path, str]]
    """Captions of color images; images without one are left out."""

PROMPT = "Turn it into a colored creature."
"""The instruction of pairs without a caption."""


@dataclass(frozen=True, eq=False)
class Sketch2PokemonSource(PairSource):
    """Pairs of a sketch and a color image from `trainA`, `trainB`, `testA` and `testB`.

    Files pair up by name: `trainA/0002.png` with `trainB/0002.jpg` and, as Kaggle's
    `norod78/sketch2pokemon` names them, `trainA/0002_A.jpg` with `trainB/0002_B.jpg`. The folders
    may lie in one subfolder of `root`, as they do there.

    With `trainA`, `testA` is the test split and `trainA` is divided into training and validation.
    With `testA` alone, its pairs are divided into all three, so that training works.

    Captions come from `captions.csv` beside the folders (columns `sketch,color,caption`, paths from
    its own folder). A pair without a caption gets the plain instruction `PROMPT`: it teaches where
    lines lie and how creatures are painted, but no color by its name.
    """

    name = "sketch2pokemon"

    attribution = (
        "Drawings: Sketch2Pokemon, whose images belong to their owners and are not part of this "
        "model."
    )

    root: str | Path | None = field(default=None, metadata=LOCATION)
    """Where the folders are; None downloads the set from Kaggle when it is first read."""
    size: int = 128
    captions: str | Path | CaptionSource | None = field(default=None, metadata=LOCATION)
    """A CSV, or what gives captions for color images, such as
    `pokecolor.sources.pokemon.pokemon_blip.MatchedCaptions`; None for `captions.csv`, if there."""
    val: float = 0.1
    """Share of the drawings to divide that is held out for validation, 0 to 1."""
    test: float = 0.1
    """The same for the test; without effect where there is `trainA`."""
    style: ClassVar[str] = "edges"

    @functools.cached_property
    def folder(self) -> Path:
        """The folder that holds `testA` or `trainA`.

        Raises:
            UserError: there is none, or the download failed.
        """
        root = Path(hub.download_sketch2pokemon() if self.root is None else self.root).expanduser()
        require_folder(root)
        for folder in (root, *sorted(path for path in root.iterdir() if path.is_dir())):
            if (folder / "trainA").is_dir() or (folder / "testA").is_dir():
                return folder
        raise UserError(
            f"{root}: no folder trainA or testA in it; it needs trainA and trainB, or testA and "
            "testB, or all four"
        )

    def read_records(self) -> list[Record]:
        pairs = [pair for half in ("train", "test") for pair in pair_up(self.folder, half)]
        if not pairs:
            raise UserError(f"{self.folder}: no images in trainA or testA")
        prompts = self._read_captions([color for _, _, color in pairs])
        return [
            Record(drawing_id, color, drawn, prompts.get(color, PROMPT))
            for drawing_id, drawn, color in pairs
        ]

    def split_of(self, drawing_id: str) -> Split:
        if not (self.folder / "trainA").is_dir():
            return split_of(drawing_id, self.val, self.test)
        if drawing_id.startswith("test-"):
            return "test"
        return split_of(drawing_id, self.val, 0.0)

    def _read_captions(self, colors: list[Path]) -> dict[Path, str]:
        if callable(self.captions):
            return self.captions(colors)
        if self.captions is not None:
            return read_captions(Path(self.captions).expanduser(), colors)
        table = self.folder / "captions.csv"
        return read_captions(table, colors) if table.exists() else {}


def pair_up(folder: Path, half: str) -> list[tuple[str, Path, Path]]:
    """The pairs of `<half>A` and `<half>B`: drawing id, sketch, color image; in order of name.

    Raises:
        UserError: an image has no partner, or two have the same name.
    """
    sketches, colors = _by_name(folder / f"{half}A", "_A"), _by_name(folder / f"{half}B", "_B")
    for names, others, where in ((sketches, colors, "B"), (colors, sketches, "A")):
        for name in names:
            if name not in others:
                raise UserError(
                    f"{names[name]}: no partner named {name} in {folder / half}{where}; "
                    "add it or delete this one"
                )
    names: dict[str, str] = {}
    for name in sketches:
        names[keep_apart(f"{half}-{make_id(name)}", name, names)] = name
    return [(id_, sketches[name], colors[name]) for id_, name in names.items()]


def read_captions(table: Path, colors: list[Path]) -> dict[Path, str]:
    """Captions by color image from a CSV with the columns `sketch,color,caption`.

    Raises:
        UserError: a column is missing; a row names no image, or one that is no color image here.
    """
    known = {path.resolve(): path for path in colors}
    prompts = {}
    for line, row in read_csv(table).rows:
        missing = [column for column in ("sketch", "color", "caption") if column not in row]
        if missing:
            raise UserError(f"{table}: no column {missing[0]}; it needs sketch,color,caption")
        find_row_image(table, line, row["sketch"])
        color = find_row_image(table, line, row["color"])
        if color.resolve() not in known:
            raise UserError(f"{table}: line {line}: {color} is not in trainB or testB")
        if row["caption"]:
            prompts[known[color.resolve()]] = row["caption"]
    return prompts


def _by_name(folder: Path, ending: str) -> dict[str, Path]:
    """The images of a folder by name, without the file's ending and without `ending`."""
    images: dict[str, Path] = {}
    for path in list_images(folder):
        # a Mac composes accents and Hangul otherwise than others do
        name = unicodedata.normalize("NFC", path.stem).removesuffix(ending)
        if name in images:
            raise UserError(f"{path}: {images[name].name} has the same name; delete one of them")
        images[name] = path
    return images
