"""The LightningDataModule: prepares missing data and streams batches to the trainer."""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

from lightning import LightningDataModule
from torch import Tensor

from pokecolor.core.atomic_folders import require_memory
from pokecolor.core.errors import UserError
from pokecolor.core.schema import SPLITS
from pokecolor.data import records
from pokecolor.data.batches import BatchMaker, caption_of
from pokecolor.data.bucket_order import order_by_shape
from pokecolor.data.captions import load_captions, prepare_captions, warn_of_cut_prompts
from pokecolor.data.latents import cache_latents, latents_path
from pokecolor.data.prepare import TRAINED_WITH, prepare, require_splits, shards_path
from pokecolor.data.shards import ShardFolder
from pokecolor.data.stream import BatchStream, EpochLoader, every_epoch, held_bytes
from pokecolor.data.text_table import TextTable, cache_text, text_table_path
from pokecolor.sources.buckets import require_shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import torch

    from pokecolor.core.schema import Batch, Source, Split, Triplet
    from pokecolor.data.batches import Caption
    from pokecolor.data.stream import Place
    from pokecolor.model_files.base_models.base_model import BaseModel


class TripletDataModule(LightningDataModule):
    """Batches of triplets, from a source or from existing shards.

    The content of a batch is a pure function of the seed, the epoch and the batch's index, so a
    resumed run sees the same batches as an uninterrupted one.

    Args:
        source: source of the drawings; they are rendered to shards once.
        shards: instead of a source, a folder of shards: a path or a URL.
        root: the user's folder, which `source` or `shards` of the configuration refer to.
        name: likewise the name of a data set on the hub.
        caption: source of the instructions; None for the data set's own.
        cache_dir: folder of the cached shards.
        batch_size: training samples of each rank at a time.
        eval_batch_size: the same for validation, test and prediction.
        num_workers: loader processes of each rank.
        seed: seed of the order and the flips.
        random_flip: mirror a training sample, sketch and color image alike, in half of the epochs.
        cache_latents: encode all images to latents once, before training.
        cache_text: embed all instructions once, before training.
        limit: use at most so many drawings of each split of the source; None for all.
        predict_split: the split for prediction; the others may be empty then.

    Raises:
        UserError: not exactly one of `source` and `shards` is given, or a number makes no sense.
    """

    def __init__(
        self,
        source: Source | None = None,
        shards: str | None = None,
        root: str | None = None,
        name: str | None = None,
        caption: Caption | None = None,
        cache_dir: str | Path = ".cache",
        batch_size: int = 16,
        eval_batch_size: int = 32,
        num_workers: int = 0,
        seed: int = 0,
        random_flip: bool = True,
        cache_latents: bool = False,
        cache_text: bool = False,
        limit: int | None = None,
        predict_split: Split = "test",
    ) -> None:
        super().__init__()
        if (source is None) == (shards is None):
            raise UserError("data: give either a source or a folder of shards")
        for name, value, least in (
            ("batch_size", batch_size, 1),
            ("eval_batch_size", eval_batch_size, 1),
            ("num_workers", num_workers, 0),
            ("limit", limit, 1),
        ):
            if name == "limit" and value is None:
                continue
            if type(value) is not int or value < least:
                raise UserError(f"data.{name}={value}: give a whole number, {least} or more")
        self.source, self.shards, self.root, self.caption = source, shards, root, caption
        self.cache_dir = Path(cache_dir)
        self.batch_size, self.eval_batch_size = batch_size, eval_batch_size
        self.num_workers, self.seed, self.limit = num_workers, seed, limit
        self.random_flip = random_flip
        self.cache_latents, self.cache_text = cache_latents, cache_text
        self.predict_split = predict_split
        self._latents: dict[Split, ShardFolder] = {}
        self._text: TextTable | None = None

    @property
    def name(self) -> str:
        """Name of the data: the source's name, or the name of the shards' folder."""
        return self.source.name if self.source else self.shards.rstrip("/").rpartition("/")[2]

    @property
    def attribution(self) -> str:
        """The attribution that the drawings require; "" if shards are read without their source."""
        return self.source.attribution if self.source else ""

    @functools.cached_property
    def folder(self) -> ShardFolder:
        """The shards of images. Those of a source exist after `prepare_data`."""
        if self.source is None:
            return ShardFolder(self.shards)
        return ShardFolder(str(shards_path(self.source, self.cache_dir, self.limit)))

    @functools.cached_property
    def contents(self) -> dict[str, str]:
        """Digests of the data of a run: of all samples, and of the training instructions."""
        told = hashlib.sha256()
        for sample in self.folder.index("train"):
            prompt = caption_of(self.caption, sample["id"], sample["edit_prompt"])
            told.update(json.dumps([sample["id"], prompt]).encode())
        return {
            "the digest of the data": self.folder.manifest.digest[:12],
            "the digest of the captions": told.hexdigest()[:12],
        }

    def prepare_data(self) -> None:
        """Render and encode what is missing. Lightning calls it in one process per machine."""
        require_shapes(self.source, self._encoder_or_none, trains=self.trainer is not None)
        if self.source is not None:
            prepare(self.source, self.cache_dir, self.limit, self._needed())
        self._require_splits()
        if self.caption is not None:
            prepare_captions(self.caption, self.folder, self._splits())
            load_captions(self.caption, self.folder, self._splits())
        if self._fits and self._encoder_or_none is not None:
            warn_of_cut_prompts(self._prompts(), self._encoder_or_none)
        if self.cache_latents:
            encoder = self._encoder("cache_latents")
            for split in self._splits():
                cache_latents(self.folder, encoder, self.cache_dir, split)
        if self.cache_text:
            cache_text(self._prompts(), self._encoder("cache_text"), self.cache_dir)

    def setup(self, stage: str | None = None) -> None:
        """Open what `prepare_data` has written."""
        self._require_splits()
        if self.caption is not None:
            load_captions(self.caption, self.folder, self._splits())
        if self.cache_latents:
            encoder = self._encoder("cache_latents")
            for split in self._splits():
                path = latents_path(self.folder, encoder, self.cache_dir, split)
                self._latents[split] = ShardFolder(str(path))
        if self.cache_text:
            encoder = self._encoder("cache_text")
            self._text = TextTable(text_table_path(self._prompts(), encoder, self.cache_dir))

    def transfer_batch_to_device(
        self, batch: Batch, device: torch.device, dataloader_idx: int
    ) -> Batch:
        """Move the tensors. Lightning would search each part of each sample for tensors, too."""
        moved = {
            name: value.to(device, non_blocking=True) if isinstance(value, Tensor) else value
            for name, value in batch.items()
        }
        return cast("Batch", moved)

    def train_dataloader(self) -> EpochLoader:
        """Shuffled, full batches, from the trainer's current position in the epoch."""
        return self._loader("train", training=True)

    def val_dataloader(self) -> EpochLoader:
        """Every validation sample once, in order."""
        return self._loader("val", training=False)

    def test_dataloader(self) -> EpochLoader:
        """Every test sample once, in order."""
        return self._loader("test", training=False)

    def predict_dataloader(self) -> EpochLoader:
        """Every sample of `predict_split` once, in order."""
        return self._loader(self.predict_split, training=False)

    @property
    def has_target(self) -> bool:
        """Whether `predict_split` has color images."""
        return records.has_target(next(self.folder.samples(self.predict_split)))

    def triplets(self, split: Split) -> Iterator[Triplet]:
        """The decoded triplets of a split in order, part maps included, one by one."""
        return map(records.decode_triplet, self.folder.samples(split))

    def _require_splits(self) -> None:
        require_splits(self.folder.manifest.counts(), self.folder.location, self._needed())

    def _encoder(self, setting: str) -> BaseModel:
        encoder = self._encoder_or_none
        if encoder is None:
            raise UserError(f"data.{setting}: this model encodes nothing; set data.{setting}=false")
        return encoder

    @property
    def _encoder_or_none(self) -> BaseModel | None:
        return getattr(self.trainer and self.trainer.lightning_module, "encoder", None)

    def _splits(self) -> tuple[Split, ...]:
        """The splits that the trainer will read; all if there is no trainer."""
        if self.trainer is None:
            return SPLITS
        stages = {"fit": TRAINED_WITH, "validate": ("val",), "predict": (self.predict_split,)}
        return stages.get(self.trainer.state.fn, ("test",))

    def _needed(self) -> tuple[Split, ...]:
        """The splits that may not be empty."""
        return (self.predict_split,) if self._predicts else TRAINED_WITH

    @property
    def _fits(self) -> bool:
        return self.trainer is not None and self.trainer.state.fn == "fit"

    @property
    def _predicts(self) -> bool:
        return self.trainer is not None and self.trainer.state.fn == "predict"

    def _prompts(self) -> Iterator[str]:
        for split in self._splits():
            for sample in self.folder.index(split):
                yield caption_of(self.caption, sample["id"], sample["edit_prompt"])

    def _loader(self, split: Split, training: bool) -> EpochLoader:
        folder = self._latents[split] if self.cache_latents else self.folder
        files = folder.manifest.splits[split]
        rank, ranks = 0, 1
        if self.trainer:
            rank, ranks = self.trainer.global_rank, self.trainer.world_size
        batch_size = self.batch_size if training else self.eval_batch_size
        order = order_by_shape(files.shards, batch_size, ranks, self.seed, shuffle=training)
        if not any(map(order.length, range(ranks))):
            raise UserError(
                f"{self.folder.location}: {files.samples} {split} samples do not fill a batch of "
                f"{batch_size} on each of {ranks} ranks; add drawings or make batch_size smaller"
            )
        require_memory(
            held_bytes(files.shards, self.num_workers),
            f"{self.folder.location}: the loaders",
            "lower data.num_workers, or prepare the data at a smaller data.source.size",
        )
        make_batch = BatchMaker(
            latents=self.cache_latents,
            flip_seed=self.seed if training and self.random_flip else None,
            caption=self.caption,
            text=self._text,
            bare=self._predicts,
        )
        stream = BatchStream(folder, files.shards, order, rank, make_batch)
        return EpochLoader(stream, self.num_workers, self._progress(training))

    def _progress(self, training: bool) -> Callable[[], Place]:
        if self.trainer is None or not training:
            return every_epoch()
        trainer = self.trainer
        # batches started in this epoch; Lightning saves and restores it with a checkpoint
        progress = trainer.fit_loop.epoch_loop.batch_progress.current
        return lambda: (trainer.current_epoch, progress.ready)
