"""Renders a source to shards: every drawing once, each split as WebDataset tar files."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.core.atomic_folders import build_folder, require_space, set_aside
from pokecolor.core.errors import UserError
from pokecolor.core.schema import SPLITS, Split
from pokecolor.data import manifest
from pokecolor.data.manifest import Manifest
from pokecolor.data.progress import progress_bar
from pokecolor.data.records import ORIGINAL, png_shape
from pokecolor.data.rendering import render
from pokecolor.data.shards import ShardFolder, SplitWriter, find_shard_damage
from pokecolor.sources.splits import FEW

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pokecolor.core.schema import Source
    from pokecolor.data.rendering import Rendered

log = logging.getLogger(__name__)

MAX_SKIPPED_SHARE = 0.05
"""Preparing stops if a larger share of the drawings cannot be read."""
MIN_SKIPPED = 3
"""It never stops before so many drawings cannot be read."""
PROBE = 16
"""Drawings rendered before the needed disk space is estimated."""
TRAINED_WITH: tuple[Split, ...] = ("train", "val")
"""The splits without which nothing can be trained."""
DRAWINGS_PER_PROCESS = 64
"""Starting a process costs about as much as rendering so many drawings."""


def shards_path(source: Source, cache: Path, limit: int | None = None) -> Path:
    """The folder where `prepare` keeps the shards of a source."""
    suffix = "" if limit is None else f"-limit{limit}"
    return cache / "shards" / f"{source.name}-{source.fingerprint[:12]}{suffix}"


def prepare(
    source: Source,
    cache: Path,
    limit: int | None = None,
    needed: Sequence[Split] = TRAINED_WITH,
    processes: int | None = None,
) -> ShardFolder:
    """Render all triplets of a source to shards, unless they are cached and undamaged.

    Unreadable drawings are skipped and listed in the manifest.

    Args:
        source: the source of the drawings.
        cache: the folder of the cache.
        limit: render at most so many drawings of each split; None for all.
        needed: splits that must not be empty.
        processes: number of processes; None for one per core.

    Raises:
        UserError: too many drawings are unreadable, no drawing of a split that is needed is left,
            or the disk is too small. Then nothing is written.
    """
    target = shards_path(source, cache, limit)
    set_aside(target, find_shard_damage)
    with build_folder(target) as folder:
        if folder is not None:
            drawings = share_few(select_drawings(source, limit), len(source.drawings()))
            require_splits({s: len(ids) for s, ids in drawings.items()}, source.name, needed)
            written = _write(source, drawings, folder, needed, processes)
            (folder / manifest.NAME).write_text(written.to_json(), encoding="utf-8")
    shards = ShardFolder(str(target))
    # every time, not only when they are rendered: results do not include these drawings
    if skipped := shards.manifest.skipped:
        log.warning(
            "%s: %d of %d drawings cannot be read and were skipped, such as %s",
            source.name,
            len(skipped),
            sum(map(len, select_drawings(source, limit).values())),
            skipped[0],
        )
    _warn_if_shared(shards)
    return shards


def select_drawings(source: Source, limit: int | None) -> dict[Split, list[str]]:
    """The drawings of each split in a pseudo-random order, in which they are written.

    A source lists similar drawings one after the other; the order mixes them, so that each shard is
    a fair sample.
    """

    def place(drawing_id: str) -> bytes:
        # salted: the plain digest decides the split, and would sort a mixture by its splits
        return hashlib.sha256(f"order {drawing_id}".encode()).digest()

    drawings: dict[Split, list[str]] = {split: [] for split in SPLITS}
    for drawing_id in sorted(source.drawings(), key=place):
        drawings[source.split_of(drawing_id)].append(drawing_id)
    return {split: ids[:limit] for split, ids in drawings.items()}


def share_few(drawings: Mapping[Split, list[str]], total: int) -> dict[Split, list[str]]:
    """The drawings of each split. If there are too `FEW` to hold any out, training and validation
    get the same ones.

    Args:
        drawings: by split.
        total: how many the source has.
    """
    shared = [drawing for split in TRAINED_WITH for drawing in drawings[split]]
    if not 0 < total <= FEW or not shared or all(drawings[split] for split in TRAINED_WITH):
        return dict(drawings)
    return {**drawings, **dict.fromkeys(TRAINED_WITH, shared)}


def _warn_if_shared(shards: ShardFolder) -> None:
    """Warn if training and validation have the same drawings."""
    counts = shards.manifest.counts()
    if not 0 < counts["train"] == counts["val"]:
        return
    trained, validated = ({s["drawing_id"] for s in shards.index(split)} for split in TRAINED_WITH)
    if trained == validated:
        log.warning(
            "too few drawings to hold one out: validation uses the training drawings, %s",
            " and ".join(sorted(trained)),
        )


def require_splits(
    counts: Mapping[Split, int], name: str, needed: Sequence[Split] = TRAINED_WITH
) -> None:
    """Check that the needed splits are not empty.

    Raises:
        UserError: one of them is empty.
    """
    found = ", ".join(f"{split} {counts[split]}" for split in SPLITS)
    for split in needed:
        if not counts[split]:
            raise UserError(f"{name}: nothing to {_MISSING[split].format(found)}")


_MISSING: dict[Split, str] = {
    "train": "train on ({}); add drawings to it",
    "val": "validate with ({}); add drawings or raise the source's share of validation",
    "test": "test with ({}); add drawings or raise the source's share of testing",
}


def _write(
    source: Source,
    drawings: Mapping[Split, Sequence[str]],
    folder: Path,
    needed: Sequence[Split],
    processes: int | None,
) -> Manifest:
    order = [(split, drawing_id) for split, ids in drawings.items() for drawing_id in ids]
    total = len(order)
    if processes is None:
        processes = max(1, min(os.cpu_count() or 1, total // DRAWINGS_PER_PROCESS))
    writers = {split: SplitWriter(folder, split) for split in SPLITS}
    skipped: list[str] = []
    size = 0
    # closing() ends the processes at once when this one stops early
    with contextlib.closing(render(source, [i for _, i in order], processes)) as rendered:
        first = list(itertools.islice(rendered, PROBE))
        _require_room(first, total, folder)
        with progress_bar() as bar:
            task = bar.add_task(f"Rendering {source.name}", total=total)
            for (split, _), drawing in zip(order, itertools.chain(first, rendered), strict=True):
                if drawing.error is not None:
                    skipped.append(drawing.error)
                    require_readable(skipped, total, source.name)
                for members in drawing.samples:
                    height, width = png_shape(members[ORIGINAL])
                    square = height == width
                    writers[split].write(members, None if square else (height, width))
                    size = size or (height if square else source.size)
                bar.advance(task)
    files = {split: writer.close() for split, writer in writers.items()}
    counts = {split: written.samples for split, written in files.items()}
    require_splits(counts, source.name, needed)
    return Manifest(source.name, source.fingerprint, size, files, tuple(skipped))


def _require_room(rendered: Sequence[Rendered], total: int, folder: Path) -> None:
    # a tar adds a header of 512 bytes to each member and pads it to a multiple of 512
    used = sum(len(data) + 1024 for r in rendered for s in r.samples for data in s.values())
    require_space(folder, used / len(rendered) * total, "the shards")


def require_readable(skipped: Sequence[str], total: int, name: str) -> None:
    """Check that most drawings can be read.

    Raises:
        UserError: they cannot.
    """
    if len(skipped) >= MIN_SKIPPED and len(skipped) > MAX_SKIPPED_SHARE * total:
        raise UserError(
            f"{name}: more than {MAX_SKIPPED_SHARE:.0%} of its {total} drawings cannot be read, "
            f"such as {'; '.join(skipped[:MIN_SKIPPED])}; mend or remove them"
        )
