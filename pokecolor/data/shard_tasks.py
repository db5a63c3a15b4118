"""Prepares shards by several machines: each task makes its share of the parts of a data set.

A part is a run of drawings of one split; it becomes a shard, a table of captions where a captioner
is given, and last a record, which says that the part is whole. So a task that was killed goes on
where it was, and a part that two tasks make is the same twice. Who finds all records writes the
indexes and the manifest.
"""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import os
from typing import TYPE_CHECKING, NamedTuple

from pokecolor.core.errors import UserError
from pokecolor.core.schema import SPLITS, Split
from pokecolor.data import manifest, records
from pokecolor.data.manifest import File, Manifest, SplitFiles
from pokecolor.data.prepare import TRAINED_WITH, require_readable, require_splits, select_drawings
from pokecolor.data.progress import progress_bar
from pokecolor.data.rendering import render
from pokecolor.data.shards import SHARD_SAMPLES, index_line, pack
from pokecolor.data.stores import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    import numpy as np

    from pokecolor.core.schema import Source

    Write = Callable[[Sequence[np.ndarray]], list[str]]

CAPTIONED_TOGETHER = 64
"""Images that a captioner is given at a time."""
ARRAY = "SLURM_ARRAY_TASK_"
TASKS = (
    (f"{ARRAY}ID", f"{ARRAY}COUNT", f"{ARRAY}MIN", f"{ARRAY}STEP"),
    ("SLURM_PROCID", "SLURM_NTASKS", "", ""),
    ("RANK", "WORLD_SIZE", "", ""),
)
"""Where launchers say which task of how many this is, the number of the first, and the step from
one to the next."""


class PlannedShard(NamedTuple):
    """Drawings that become one shard."""

    split: Split
    number: int
    drawings: tuple[str, ...]

    @property
    def name(self) -> str:
        """Of its shard, without an extension."""
        return f"{self.split}-{self.number:06d}"


def find_task(environment: Mapping[str, str] = os.environ) -> tuple[int, int]:
    """Which task this is, from 0, and of how many: as Slurm or torchrun tell, else the only one.

    Raises:
        UserError: the tasks are not evenly numbered, so that shares would be missing.
    """
    for names in TASKS:
        if names[0] not in environment or names[1] not in environment:
            continue
        told = [environment.get(name) for name in names]
        try:
            index, count, first, step = (
                int(v or d) for v, d in zip(told, (0, 0, 0, 1), strict=True)
            )
            number, rest = divmod(index - first, step)
        except (ValueError, ZeroDivisionError):
            number, rest, count = 0, 1, 0
        if rest or not 0 <= number < count:
            given = " ".join(f"{n}={v}" for n, v in zip(names, told, strict=True) if v is not None)
            raise UserError(f"{given}: no task of an even range; start tasks as in --array=0-9")
        return number, count
    return 0, 1


def prepare_share(
    source: Source,
    location: str,
    task: tuple[int, int] = (0, 1),
    limit: int | None = None,
    write: Write | None = None,
    writer: str = "",
    processes: int = 1,
) -> bool:
    """Make those of a task's parts that are not there, and the manifest once all are.

    Args:
        source: where the drawings come from, the same for each task.
        location: a folder, or a bucket's "s3://..." or "gs://...".
        task: its number, from 0, and how many there are.
        limit: at most so many drawings of each split; None for all.
        write: captions images; then these are the prompts. None for the data set's own.
        writer: the fingerprint of what captions them.
        processes: how many render.

    Returns:
        whether all parts of all tasks are there, and the manifest with them.

    Raises:
        UserError: another data set is there, or the same with another limit or other captions, or
            too many drawings cannot be read.
    """
    store = Store(location)
    drawings = select_drawings(source, limit)
    require_splits({split: len(ids) for split, ids in drawings.items()}, source.name)
    _require_same(store, source, limit, writer)
    parts = list(_parts(drawings))
    number, count = task
    mine = parts[number::count]
    skipped: list[str] = []
    done = _recorded(store)
    with progress_bar() as bar:
        shown = bar.add_task(f"Task {number + 1} of {count}", total=len(mine))
        for part in mine:
            if part.name not in done:
                skipped += _make(store, source, part, write, processes)
                require_readable(skipped, sum(len(p.drawings) for p in mine), source.name)
            bar.advance(shown)
    if {part.name for part in parts} - _recorded(store):
        return False
    _merge(store, source, parts)
    return True


def _parts(drawings: Mapping[Split, Sequence[str]]) -> Iterator[PlannedShard]:
    for split, ids in drawings.items():
        for number, start in enumerate(range(0, len(ids), SHARD_SAMPLES)):
            yield PlannedShard(split, number, tuple(ids[start : start + SHARD_SAMPLES]))


def _require_same(store: Store, source: Source, limit: int | None, writer: str) -> None:
    """Write what these shards are to be made of, or find that it is the same.

    Raises:
        UserError: they are made of something else.
    """
    told = store.read("source.json")
    mine = {
        "source": source.name,
        "fingerprint": source.fingerprint,
        "limit": limit,
        "captions": writer,
    }
    if told is None:
        store.write("source.json", json.dumps(mine).encode())
    elif json.loads(told) != mine:
        raise UserError(
            f"{store.location}: shards of another data set, or of other settings, limit or "
            "captions, are there; name another folder"
        )


def _recorded(store: Store) -> set[str]:
    """The names of the parts that are whole."""
    return {name.removesuffix(".json") for name in store.names("parts")}


def _make(
    store: Store, source: Source, part: PlannedShard, write: Write | None, processes: int
) -> list[str]:
    """Make a part; what of it cannot be read."""
    samples: list[dict[str, bytes]] = []
    skipped: list[str] = []
    for drawing in render(source, part.drawings, processes):
        samples += drawing.samples
        skipped += [drawing.error] if drawing.error is not None else []
    if any(len(set(records.png_shape(each[records.ORIGINAL]))) > 1 for each in samples):
        raise UserError(
            f"{source.name}: tasks prepare squares alone; set data.source.buckets=false"
        )
    if write is not None and samples:
        _caption(store, part, samples, write)
    file = None
    if samples:
        packed = io.BytesIO()
        pack(packed, samples)
        data = packed.getvalue()
        digest = hashlib.sha256(data).hexdigest()
        file = File(f"{part.name}.tar", len(samples), len(data), digest)
        store.write(file.name, data)
    size = records.png_shape(samples[0][records.ORIGINAL])[0] if samples else 0
    record = {
        "file": file and {k: v for k, v in dataclasses.asdict(file).items() if k != "shape"},
        "index": [index_line(members).decode() for members in samples],
        "skipped": skipped,
        "size": size,
    }
    store.write(f"parts/{part.name}.json", json.dumps(record, ensure_ascii=False).encode())
    return skipped


def _caption(
    store: Store, part: PlannedShard, samples: list[dict[str, bytes]], write: Write
) -> None:
    """Put captions in the place of the prompts: those that are there, or new ones, which stay."""
    import pyarrow
    from pyarrow import parquet

    name = f"captions/{part.name}.parquet"
    ids = [records.decode_meta(members)["id"] for members in samples]
    kept = store.read(name)
    table = parquet.read_table(io.BytesIO(kept)) if kept else None
    if table is None or table.column("id").to_pylist() != ids:
        captions: list[str] = []
        for start in range(0, len(samples), CAPTIONED_TOGETHER):
            images = [
                records.decode_image(members[records.EDITED], records.EDITED)
                for members in samples[start : start + CAPTIONED_TOGETHER]
            ]
            captions += write(images)
        own = [records.decode_prompt(members) for members in samples]
        table = pyarrow.table({"id": ids, "caption": captions, "edit_prompt": own})
        packed = io.BytesIO()
        parquet.write_table(table, packed)
        store.write(name, packed.getvalue())
    for members, caption in zip(samples, table.column("caption").to_pylist(), strict=True):
        members[records.PROMPT] = caption.encode()


def _merge(store: Store, source: Source, parts: Sequence[PlannedShard]) -> None:
    """Write the indexes, part by part, and then the manifest."""
    shards: dict[Split, list[File]] = {split: [] for split in SPLITS}
    indexes: dict[Split, File] = {}
    skipped: list[str] = []
    sizes: set[int] = set()
    for split in SPLITS:
        digest, length, samples = hashlib.sha256(), 0, 0
        with store.writing(f"{split}.jsonl") as index:
            for part in (each for each in parts if each.split == split):
                record = json.loads(store.read(f"parts/{part.name}.json") or b"{}")
                lines = "".join(record["index"]).encode()
                index.write(lines)
                digest.update(lines)
                length, samples = length + len(lines), samples + len(record["index"])
                shards[split] += [File(**record["file"])] if record["file"] else []
                skipped += record["skipped"]
                sizes |= {record["size"]} - {0}
        indexes[split] = File(f"{split}.jsonl", samples, length, digest.hexdigest())
    require_splits({s: indexes[s].samples for s in SPLITS}, source.name, TRAINED_WITH)
    splits = {s: SplitFiles(indexes[s].samples, tuple(shards[s]), indexes[s]) for s in SPLITS}
    found = Manifest(source.name, source.fingerprint, min(sizes), splits, tuple(skipped))
    store.write(manifest.NAME, found.to_json().encode())
