"""Collates samples of shards to a `Batch`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
import torch

from pokecolor.core.images.conversion import to_tensor
from pokecolor.data import records
from pokecolor.data.order import is_flipped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pokecolor.core.schema import Batch, ColorImage
    from pokecolor.data.text_table import TextTable


class Caption(Protocol):
    """A source of instructions, such as a captioner's."""

    def prepare(
        self,
        data: str,
        ids: Sequence[str],
        images: Callable[[], Iterable[ColorImage]],
        progress: Callable[[str, int, int], None],
    ) -> None:
        """Write the instructions of the samples `ids` of the data set with digest `data`.

        Called in one process, before any other method. `images` yields all samples, the training
        samples first; `progress` takes the name of a task, the number of samples newly done, and
        the total.
        """

    def load(self, data: str, ids: Sequence[str]) -> None:
        """Read what `prepare` has written; called in each process."""

    def prompt(self, triplet_id: str, original: str) -> str:
        """The instruction of a triplet; `original` is that of the data set."""


@dataclass(frozen=True)
class BatchMaker:
    """Decodes and collates samples."""

    latents: bool
    """Whether the samples hold latents; else images."""
    flip_seed: int | None
    """Seed of the random flips; None for no flips."""
    caption: Caption | None
    """None for the data set's own instructions."""
    text: TextTable | None
    """Cached embeddings of the instructions; None if the model computes them."""
    bare: bool = False
    """Whether color images may be missing."""

    def __call__(self, samples: Sequence[Mapping[str, bytes]], epoch: int) -> Batch:
        """The samples as one batch, in order."""
        metas = [records.decode_meta(members) for members in samples]
        ids = [meta["id"] for meta in metas]
        flips = [
            self.flip_seed is not None and is_flipped(self.flip_seed, epoch, sample_id)
            for sample_id in ids
        ]
        prompts = [
            caption_of(self.caption, sample_id, records.decode_prompt(members))
            for sample_id, members in zip(ids, samples, strict=True)
        ]
        batch: Batch = {
            "id": ids,
            "drawing_id": [meta["drawing_id"] for meta in metas],
            "edit_prompt": prompts,
            "parts": [records.decode_parts(meta) for meta in metas],
        }
        decode = _latents if self.latents else self._images
        pairs = records.stack([decode(*pair) for pair in zip(samples, flips, strict=True)], samples)
        if self.latents:
            latents = torch.from_numpy(pairs)  # [batch, 2, channels, h, w]
            batch["original_latents"], batch["edited_latents"] = latents[:, 0], latents[:, 1]
            size = pairs.shape[3:]
        else:
            images = to_tensor(pairs)  # [batch, 1 or 2, 3, height, width]
            batch["original_image"] = images[:, 0]
            if images.shape[1] > 1:
                batch["edited_image"] = images[:, 1]
            size = pairs.shape[2:4]
        batch["part_map"] = torch.from_numpy(_part_maps(samples, flips, size))
        if self.text is not None:
            batch["prompt_embeds"] = self.text.embeddings(prompts)
        return batch

    def _images(self, members: Mapping[str, bytes], flip: bool) -> np.ndarray:
        """uint8 [1 or 2 (original, edited), height, width, 3], both mirrored or neither."""
        images = records.decode_images(members, self.bare)
        pair = records.stack(images, [members] * len(images))
        return pair[:, :, ::-1] if flip else pair


def caption_of(caption: Caption | None, sample_id: str, original: str) -> str:
    """The instruction of a sample: from `caption`, or the data set's own if that is None."""
    return original if caption is None else caption.prompt(sample_id, original)


def _latents(members: Mapping[str, bytes], flip: bool) -> np.ndarray:
    """float16 [2 (original, edited), channels, h, w], of the images or of the mirrored images."""
    return records.decode_latents(members)[int(flip)]


def _part_maps(
    samples: Sequence[Mapping[str, bytes]], flips: Sequence[bool], size: tuple[int, int]
) -> np.ndarray:
    """uint8 [batch, height, width], all 0 for a sample without one; `size` if none has one."""
    maps = [records.decode_part_map(members) for members in samples]
    empty = np.zeros(next((found.shape for found in maps if found is not None), size), np.uint8)
    maps = [empty if found is None else found for found in maps]
    return records.stack(
        [found[:, ::-1] if flip else found for found, flip in zip(maps, flips, strict=True)],
        samples,
    )
