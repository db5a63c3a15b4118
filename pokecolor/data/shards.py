"""Folders of WebDataset tar files (shards), checked by count and SHA-256 when read."""

from __future__ import annotations

import functools
import hashlib
import json
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlparse

import fsspec
from webdataset.writer import TarWriter

from pokecolor.core.atomic_files import written_whole
from pokecolor.core.checked_once import check_again, checked_once
from pokecolor.core.errors import UserError
from pokecolor.data import manifest, records
from pokecolor.data.manifest import File, Manifest, SplitFiles
from pokecolor.data.tar_samples import describe_faults, read_samples

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pokecolor.core.schema import Split

    Shape = tuple[int, int] | None

SHARD_SAMPLES = 512
"""Samples of a full shard: large enough to stream well; several fit into memory."""

SCHEMES = ("", "file", "http", "https", "s3", "gs", "hf")
"""Schemes of URLs that shards are read from; s3 needs the package s3fs, gs gcsfs. webdataset
itself would also open "pipe:", which runs a shell."""


class SplitWriter:
    """Writes the shards of one split to a folder, samples in the given order."""

    def __init__(self, folder: Path, split: Split) -> None:
        self.folder, self.split = folder, split
        self.shards: list[File] = []
        self._open: dict[Shape, list[dict[str, bytes]]] = {}
        self._index: list[bytes] = []

    def write(self, members: dict[str, bytes], shape: Shape = None) -> None:
        """Add a sample; when the shard is full, write it.

        Args:
            members: file extension => content.
            shape: height and width of its images, None for squares; a shard has one shape.
        """
        self.add(members, shape)
        if len(self._open[shape]) == SHARD_SAMPLES:
            self._end(shape)

    def add(self, members: dict[str, bytes], shape: Shape = None) -> None:
        """Add a sample to a shard that `end_shard` will end."""
        self._open.setdefault(shape, []).append(members)

    def take_over(self, samples: int, shape: Shape = None) -> bool:
        """Whether an interrupted process has written the next shard, of so many samples."""
        path = self._next_path()
        if not path.is_file():
            return False
        try:
            found = read_samples(path.read_bytes(), str(path))
        except UserError:  # damaged: it will be written again
            return False
        if len(found) != samples:
            return False
        self._index += [index_line(members) for members in found]
        self.shards.append(_describe(path, samples, shape))
        return True

    def close(self) -> SplitFiles:
        """Write the remaining samples, and return the files of the split."""
        self.end_shard()
        path = self.folder / f"{self.split}.jsonl"
        path.write_bytes(b"".join(self._index))
        count = len(self._index)
        return SplitFiles(count, tuple(self.shards), _describe(path, count))

    def end_shard(self) -> None:
        """Write the samples since the last shard, if any, atomically."""
        for shape in list(self._open):
            self._end(shape)

    def _end(self, shape: Shape) -> None:
        samples = self._open.pop(shape)
        path = self._next_path()
        with written_whole(path) as partial, partial.open("wb") as file:
            pack(file, samples, len(self._index))
        self._index += [index_line(members) for members in samples]
        self.shards.append(_describe(path, len(samples), shape))

    def _next_path(self) -> Path:
        return self.folder / f"{self.split}-{len(self.shards):06d}.tar"


@dataclass(frozen=True)
class ShardFolder:
    """A folder of shards, local or remote, that is read sample by sample."""

    location: str
    """A path, or a URL of one of `SCHEMES`."""

    @functools.cached_property
    def manifest(self) -> Manifest:
        """The manifest of the folder.

        Raises:
            UserError: there is no manifest, or it is not one.
        """
        return Manifest.from_json(self._fetch(manifest.NAME), f"{self.location}/{manifest.NAME}")

    def read(self, shard: File) -> list[dict[str, bytes]]:
        """All samples of a shard in order, each a dict of file extension => content.

        Raises:
            UserError: the shard is missing, truncated, or not the one the manifest describes, or
                some of its samples cannot be used.
        """
        where = f"{self.location}/{shard.name}"
        samples = read_samples(self._fetch_checked(shard), where)
        if len(samples) != shard.samples:
            raise UserError(
                f"{where}: {len(samples)} samples, but the manifest says {shard.samples}; "
                "prepare or download it again"
            )
        return samples

    def samples(self, split: Split) -> Iterator[dict[str, bytes]]:
        """All samples of a split in order, one shard in memory at a time."""
        for shard in self.manifest.splits[split].shards:
            yield from self.read(shard)

    def index(self, split: Split) -> list[dict[str, str]]:
        """Each sample's {"id", "drawing_id", "edit_prompt"} in order, without reading any image.

        Raises:
            UserError: the file is missing, truncated or changed, or has lines that are no such.
        """
        file = self.manifest.splits[split].index
        entries: list[dict[str, str]] = []
        faults: dict[str, list[str]] = defaultdict(list)
        lines = self._fetch_checked(file).split(b"\n")
        for number, line in enumerate(lines[:-1] if lines[-1] == b"" else lines, start=1):
            try:
                entries.append(_index_entry(line))
            except (ValueError, KeyError, TypeError):
                faults["line that is not id, drawing_id and edit_prompt"].append(f"line {number}")
        if faults:
            raise UserError(
                f"{self.location}/{file.name}: {describe_faults(faults)}; prepare or download the "
                "shards again"
            )
        return entries

    def find_damage(self, file: File) -> str | None:
        """How a file differs from the manifest; None if it does not."""
        try:
            self._fetch_checked(file)
        except UserError as error:
            return str(error).partition(";")[0]  # without its advice
        return None

    def _fetch_checked(self, file: File) -> bytes:
        data = self._fetch(file.name)
        where = f"{self.location}/{file.name}"
        if len(data) != file.bytes:
            raise UserError(
                f"{where}: {len(data)} bytes, but the manifest says {file.bytes}; it is truncated "
                "or changed: prepare or download it again"
            )
        if hashlib.sha256(data).hexdigest() != file.sha256:
            check_again(Path(self.location))
            raise UserError(
                f"{where}: its SHA-256 is not the manifest's; start again, which makes a cache "
                "anew, or download the shards again"
            )
        return data

    def _fetch(self, name: str) -> bytes:
        scheme = urlparse(self.location).scheme
        if scheme not in SCHEMES:
            raise UserError(
                f"{self.location}: shards are read from a path or from {', '.join(SCHEMES[1:])} "
                f"URLs, not from {scheme}:"
            )
        url = f"{self.location.rstrip('/')}/{name}"
        try:
            return fsspec.filesystem(scheme or "file").cat_file(url)
        except FileNotFoundError:
            raise UserError(f"{url}: no such file; is this a folder of shards?") from None
        except ImportError as error:
            raise UserError(f"{url}: {error}") from None  # it names the package that is missing
        except Exception as error:  # those of fsspec's file systems share no base class
            reason = " ".join(str(error).split())[:200] or type(error).__name__
            raise UserError(f"{url}: cannot be read ({reason})") from None


@checked_once
def find_shard_damage(folder: Path) -> str | None:
    """How a local folder of shards differs from its manifest; None if it does not."""
    shards = ShardFolder(str(folder))
    try:
        splits = shards.manifest.splits.values()
    except UserError as error:
        return str(error).partition(";")[0]
    files = [file for split in splits for file in (*split.shards, split.index)]
    with ThreadPoolExecutor() as threads:
        return next(filter(None, threads.map(shards.find_damage, files)), None)


def _describe(path: Path, samples: int, shape: Shape = None) -> File:
    data = path.read_bytes()
    return File(path.name, samples, len(data), hashlib.sha256(data).hexdigest(), shape)


def pack(file: BinaryIO, samples: Sequence[dict[str, bytes]], first: int = 0) -> None:
    """Write a shard.

    Args:
        file: to write to.
        samples: their members.
        first: the number of the first sample.
    """
    # a fixed mtime: the same samples give the same bytes and the same digest
    with TarWriter(file, encoder=False, mtime=0) as tar:
        for number, members in enumerate(samples, start=first):
            # webdataset ends a key at its first dot, so keys are numbers, not ids
            tar.write({"__key__": f"{number:09d}", **members})


def index_line(members: dict[str, bytes]) -> bytes:
    """A sample's line in the index of its split."""
    meta = records.decode_meta(members)
    entry = {
        "id": meta["id"],
        "drawing_id": meta["drawing_id"],
        "edit_prompt": records.decode_prompt(members),
    }
    return json.dumps(entry, ensure_ascii=False).encode() + b"\n"


def _index_entry(line: bytes) -> dict[str, str]:
    entry = json.loads(line)
    found = {name: entry[name] for name in ("id", "drawing_id", "edit_prompt")}
    if not all(isinstance(value, str) for value in found.values()):
        raise TypeError
    return found
