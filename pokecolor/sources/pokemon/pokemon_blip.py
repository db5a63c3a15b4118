"""`svjack/pokemon-blip-captions-en-ja`: color images with captions in English and Japanese."""

from __future__ import annotations

import contextlib
import functools
import hashlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from pokecolor.core.errors import UserError
from pokecolor.core.extras import hint
from pokecolor.core.images.conversion import ImageError, load_image
from pokecolor.core.schema import Triplet
from pokecolor.sources import hub, sketch_extraction
from pokecolor.sources.drawing_source import LOCATION, DrawingSource
from pokecolor.sources.pairs import extract_pair, require_folder, require_size, require_style
from pokecolor.sources.pokemon.matching import match, thumbnail
from pokecolor.sources.splits import split_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    import numpy as np

    from pokecolor.core.schema import Split

Label = TypeVar("Label")

COLUMNS = {"en": "en_text", "ja": "ja_text"}
"""The caption's column by language."""

MATCH_LIMIT = 9.0
"""Mean distance in CIELAB below which two thumbnails show the same picture.

Among 36 pictures of Sketch2Pokemon, the smallest distance between two was 10.7, and the largest
distance of a picture to itself after resizing, padding and compression was 7.3.
"""


@dataclass(frozen=True)
class CaptionedImage:
    """A row of the data set."""

    id: str
    data: bytes
    """The bytes of an image file."""
    prompt: str


@dataclass(frozen=True, eq=False)
class PokemonBlipSource(DrawingSource):
    """A `pokecolor.core.schema.Source` over the data set; sketches are extracted.

    "a drawing of a green pokemon" becomes the instruction "Turn it into a drawing of a green
    pokemon"; a Japanese caption is taken as it is.
    """

    name = "pokemon-blip"
    hub_ids = (hub.POKEMON_BLIP,)
    attribution = (
        "Drawings: [pokemon-blip-captions-en-ja](https://huggingface.co/datasets/svjack/"
        "pokemon-blip-captions-en-ja), CC BY-NC-SA 4.0, whose images belong to their owners."
    )

    root: str | Path | None = field(default=None, metadata=LOCATION)
    """A copy of the data set's repository; None downloads it when it is first read."""
    size: int = 128
    """Triplets are squares of so many pixels, padded with white."""
    language: str = "en"
    """Of the captions, "en" or "ja"."""
    style: str = "edges"
    """How sketches are extracted, one of `pokecolor.sources.sketch_extraction.STYLES`."""
    val: float = 0.05
    """Share of the drawings held out for validation, 0 to 1."""
    test: float = 0.05
    """Share of the drawings held out for the test, 0 to 1."""

    def __post_init__(self) -> None:
        """
        Raises:
            UserError: no such language or style, or too small a size.
        """
        require_style(self.style)
        require_size(self.size)
        require_language(self.language)

    def __getstate__(self) -> dict:
        # 100 MB of images are not sent to each worker; it reads them from the file again
        return {key: value for key, value in vars(self).items() if key != "images"}

    @functools.cached_property
    def images(self) -> dict[str, list[CaptionedImage]]:
        """The rows by the id of their drawing."""
        images: dict[str, list[CaptionedImage]] = {}
        for image in read_images(self.root, self.language):
            images.setdefault(image.id, []).append(image)
        return images

    def depends_on(self) -> Iterator[object]:
        yield sketch_extraction.VERSION
        for id_, rows in self.images.items():
            yield [id_, [row.prompt for row in rows]]  # the id is a hash of the image

    def drawings(self) -> Sequence[str]:
        return list(self.images)

    def split_of(self, drawing_id: str) -> Split:
        return split_of(drawing_id, self.val, self.test)

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        for number, row in enumerate(self.images[drawing_id]):
            original, edited = extract_pair(
                load_image(row.data, name=f"{self.name} {row.id}"), self.size, self.style
            )
            yield Triplet(
                id=drawing_id if number == 0 else f"{drawing_id}-{number}",
                drawing_id=drawing_id,
                original_image=original,
                edited_image=edited,
                edit_prompt=row.prompt,
            )


class MatchedCaptions:
    """The data set's captions for the color images of Sketch2Pokemon.

    The two sets have nearly the same pictures in a different order and number (833 captions, about
    830 pairs): joining them by order would give most pictures a wrong caption. Here captions are
    assigned by visual matching, and a picture without a match gets none.
    """

    def __init__(self, root: str | Path | None = None, language: str = "en") -> None:
        """
        Args:
            root: a copy of the data set's repository; None downloads it when it is first read.
            language: of the captions, "en" or "ja".

        Raises:
            UserError: no such language.
        """
        require_language(language)
        self.root, self.language = root, language

    def __call__(self, colors: Sequence[Path]) -> dict[Path, str]:
        """Captions by color image, without those that are unreadable or not in the set."""
        queries = _thumbnails((path, path) for path in colors)
        references = _thumbnails(
            (image.prompt, image.data) for image in read_images(self.root, self.language)
        )
        found = match([q for _, q in queries], [r for _, r in references], MATCH_LIMIT)
        return {
            path: references[index][0]
            for (path, _), index in zip(queries, found, strict=True)
            if index is not None
        }


def require_language(language: str) -> None:
    """Raises UserError unless there are captions in this language."""
    if language not in COLUMNS:
        raise UserError(f"language={language}: no such captions; take {' or '.join(COLUMNS)}")


def read_images(root: str | Path | None, language: str) -> Iterator[CaptionedImage]:
    """All rows of the data set's parquet files, those without an image or caption left out.

    Raises:
        UserError: no parquet files, not those of this data set, or the download failed.
    """
    folder = Path(hub.download_pokemon_blip() if root is None else root).expanduser()
    require_folder(folder)
    files = sorted(folder.rglob("*.parquet"))
    if not files:
        raise UserError(f"{folder}: no parquet files in it; expected data/train-*.parquet")
    for file in files:
        for row in _read_rows(file, COLUMNS[language]):
            data, caption = (row["image"] or {}).get("bytes"), row[COLUMNS[language]]
            if data and caption:
                prompt = caption.strip()
                if language == "en":
                    prompt = f"Turn it into {prompt}"
                yield CaptionedImage(f"blip-{hashlib.sha256(data).hexdigest()[:16]}", data, prompt)


def _read_rows(file: Path, column: str) -> Iterator[dict]:
    try:
        from pyarrow import ArrowException, parquet
    except ImportError:
        raise UserError(f"{file}: reading it needs pyarrow: {hint('hub')}; {hub.OFFLINE}") from None
    try:
        with parquet.ParquetFile(file) as table:
            for batch in table.iter_batches(batch_size=64, columns=["image", column]):
                rows = batch.to_pylist()
                if rows and set(rows[0]) != {"image", column}:
                    raise UserError(
                        f"{file}: no columns image and {column}; is it {hub.POKEMON_BLIP}?"
                    )
                yield from rows
    except (ArrowException, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise UserError(f"{file}: not a readable parquet file ({reason}); get it anew") from None


def _thumbnails(
    images: Iterable[tuple[Label, Path | bytes]],
) -> list[tuple[Label, np.ndarray]]:
    """Labels with thumbnails, without unreadable images: preparing the pairs reports those."""
    readable = []
    for label, source in images:
        with contextlib.suppress(ImageError):
            readable.append((label, thumbnail(load_image(source))))
    return readable
