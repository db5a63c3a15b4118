"""Writes and checks the captions of a folder of shards, ahead of training."""

from __future__ import annotations

import functools
import logging
from collections import Counter
from typing import TYPE_CHECKING

from pokecolor.core.schema import SPLITS, ColorImage
from pokecolor.data import records
from pokecolor.data.progress import progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rich.progress import TaskID

    from pokecolor.core.schema import Split
    from pokecolor.data.batches import Caption
    from pokecolor.data.shards import ShardFolder
    from pokecolor.model_files.base_models.base_model import BaseModel

log = logging.getLogger(__name__)

SHOWN = 60
"""Characters of a prompt that a message shows."""


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


def warn_of_cut_prompts(prompts: Iterable[str], encoder: BaseModel) -> None:
    """Say in one line how many prompts are longer than the text encoder reads, if any is."""
    counts = Counter(prompts)
    cut = encoder.cut_prompts(list(counts))
    if cut:
        log.warning(
            "%d of %d captions are longer than the %d tokens that the text encoder reads; their "
            'ends are not read, such as that of "%s..."',
            sum(counts[prompt] for prompt in cut), counts.total(), encoder.max_tokens,
            " ".join(cut[0].split())[:SHOWN],
        )  # fmt: skip


def _color_images(folder: ShardFolder) -> Iterator[ColorImage]:
    for split in SPLITS:
        for members in folder.samples(split):
            edited = records.member(members, records.EDITED)
            yield ColorImage(
                records.decode_meta(members)["id"],
                records.decode_image(edited, records.describe_member(members, records.EDITED)),
                records.decode_prompt(members),
                split,
            )
