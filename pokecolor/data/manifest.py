"""The manifest of a folder of shards: `manifest.json`."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from dataclasses import dataclass

from pokecolor.core.errors import UserError
from pokecolor.core.schema import SPLITS, Split

NAME = "manifest.json"
FORMAT = 1
_FILE_NAME = re.compile(r"(train|val|test)(-\d{6}\.tar|\.jsonl)")


@dataclass(frozen=True)
class File:
    """One file of a folder of shards, with what is needed to check it."""

    name: str
    samples: int
    bytes: int
    sha256: str
    """Hex digest of the file."""
    shape: tuple[int, int] | None = None
    """Height and width of a shard's pictures; None where they are squares."""


@dataclass(frozen=True)
class SplitFiles:
    """The files of one split."""

    samples: int
    shards: tuple[File, ...]
    index: File
    """JSON lines, one a sample in the shards' order: {"id", "drawing_id", "edit_prompt"}."""


@dataclass(frozen=True)
class Manifest:
    """The contents of a folder of shards."""

    source: str
    """Name of the samples' source."""
    fingerprint: str
    """Hex digest of everything that the samples depend on."""
    size: int
    """Height and width of the images, or of the images the latents were made of."""
    splits: dict[Split, SplitFiles]
    skipped: tuple[str, ...] = ()
    """One line for each drawing that could not be read."""

    @property
    def digest(self) -> str:
        """Hex digest of the manifest, which contains the shards' digests."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    def counts(self) -> dict[Split, int]:
        """Samples of each split."""
        return {split: files.samples for split, files in self.splits.items()}

    def to_json(self) -> str:
        """The text of `manifest.json`."""
        data = dataclasses.asdict(self, dict_factory=_without_shape)
        return json.dumps({"format": FORMAT, **data}, indent=1, sort_keys=True)

    @classmethod
    def from_json(cls, text: str | bytes, where: str) -> Manifest:
        """Read the text of a `manifest.json`.

        Raises:
            UserError: it is none, is of another format, or names files outside its folder.
        """
        try:
            data = json.loads(text)
            if data.pop("format") != FORMAT:
                raise UserError(f"{where}: another format than {FORMAT}; prepare the shards again")
            splits = {split: _split_files(data["splits"][split]) for split in SPLITS}
            return cls(**{**data, "splits": splits, "skipped": tuple(data["skipped"])})
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise UserError(f"{where}: not a manifest of shards ({error!r})") from None


def _without_shape(pairs: list) -> dict:
    """Leave out the shape of squares, so that digests of earlier manifests stay the same."""
    return {name: value for name, value in pairs if (name, value) != ("shape", None)}


def _file(data: dict) -> File:
    shape = data.get("shape")
    if shape is not None:
        height, width = map(int, shape)
        shape = (height, width)
    return File(**{**data, "shape": shape})


def _split_files(data: dict) -> SplitFiles:
    shards = tuple(_file(shard) for shard in data["shards"])
    index = File(**data["index"])
    for file in (*shards, index):
        # a manifest from elsewhere must not make us open files outside its folder
        if not _FILE_NAME.fullmatch(file.name):
            raise ValueError(f"file name {file.name!r}")
    if sum(shard.samples for shard in shards) != data["samples"]:
        raise ValueError("counts of the shards do not add up")
    return SplitFiles(data["samples"], shards, index)
