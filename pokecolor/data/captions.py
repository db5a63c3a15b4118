"""Writes captions for all samples of a folder of shards, ahead of training."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from pokecolor.data import records
from pokecolor.data.progress import progress_bar
from pokecolor.schema import SPLITS, ColorImage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rich.progress import TaskID

    from pokecolor.data.batches import Caption
    from pokecolor.data.shards import ShardFolder
    from pokecolor.schema import Split


def prepare_captions(
    caption: Caption, folder: ShardFolder, splits: Sequence[Split] = SPLITS
) -> None:
    """Write what is missing, with a progress bar if anything is; one process does.

    A captioner that learns sees all splits, whichever are captioned.
    """
    tasks: dict[str, TaskID] = {}

    def advance(task: str, done: int, total: int) -> None:
        if not tasks:
            bar.start()  # not before: a captioner that trains first shows a bar of its own
        if task not in tasks:
            tasks[task] = bar.add_task(task, total=total)
        bar.advance(tasks[task], done)

    images = functools.partial(_color_images, folder)
    bar = progress_bar()
    try:
        caption.prepare(folder.manifest.digest, sample_ids(folder, splits), images, advance)
    finally:
        bar.stop()


def load_captions(caption: Caption, folder: ShardFolder, splits: Sequence[Split] = SPLITS) -> None:
    """Find what was written; each process does."""
    caption.load(folder.manifest.digest, sample_ids(folder, splits))


def sample_ids(folder: ShardFolder, splits: Sequence[Split] = SPLITS) -> list[str]:
    """The ids of all samples, split by split."""
    return [sample["id"] for split in splits for sample in folder.index(split)]


def _color_images(folder: ShardFolder) -> Iterator[ColorImage]:
    for split in SPLITS:
        for members in folder.samples(split):
            edited = records.member(members, records.EDITED)
            yield ColorImage(
                records.decode_meta(members)["id"],
                records.decode_image(edited, records.EDITED),
                records.decode_prompt(members),
                split,
            )
