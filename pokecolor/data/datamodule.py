"""The data of a run: prepares what is missing and streams batches to the trainer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lightning import LightningDataModule

from pokecolor.data import records
from pokecolor.data.batches import BatchMaker
from pokecolor.data.order import BatchOrder
from pokecolor.data.prepare import prepare, require_splits, shards_path
from pokecolor.data.shards import ShardFolder
from pokecolor.data.stream import BatchStream, EpochLoader, every_epoch
from pokecolor.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pokecolor.data.batches import Caption
    from pokecolor.data.stream import Place
    from pokecolor.schema import Source, Split, Triplet


class TripletDataModule(LightningDataModule):
    """Batches of triplets, out of a source or of shards that exist.

    What a batch holds is a pure function of the seed, the epoch and the batch's index, so a resumed
    run sees what a run never stopped would have seen.

    Args:
        source: where the drawings come from; they are rendered to shards once.
        shards: instead of a source, a folder of shards: a path or a URL.
        caption: where instructions come from; None for the data set's own.
        cache_dir: where shards are kept.
        batch_size: training samples of each rank at a time.
        eval_batch_size: the same for validation, test and prediction.
        num_workers: loader processes of each rank.
        seed: of the order and the flips.
        random_flip: mirror a training sample, sketch and color image alike, in half of the epochs.
        limit: at most so many drawings of each split of the source; None for all.

    Raises:
        UserError: not exactly one of `source` and `shards` is given.
    """

    def __init__(
        self,
        source: Source | None = None,
        shards: str | None = None,
        caption: Caption | None = None,
        cache_dir: str | Path = ".cache",
        batch_size: int = 16,
        eval_batch_size: int = 32,
        num_workers: int = 0,
        seed: int = 0,
        random_flip: bool = True,
        limit: int | None = None,
    ) -> None:
        super().__init__()
        if (source is None) == (shards is None):
            raise UserError("data: give either a source or a folder of shards")
        self.source, self.caption, self.cache_dir = source, caption, Path(cache_dir)
        self.batch_size, self.eval_batch_size = batch_size, eval_batch_size
        self.num_workers, self.seed, self.limit = num_workers, seed, limit
        self.random_flip = random_flip
        self.folder = ShardFolder(
            shards if source is None else str(shards_path(source, self.cache_dir, limit))
        )

    def prepare_data(self) -> None:
        """Render what is not rendered yet."""
        if self.source is not None:
            prepare(self.source, self.cache_dir, self.limit)

    def setup(self, stage: str | None = None) -> None:
        """Check that the shards can be trained on."""
        require_splits(self.folder.manifest.counts(), self.folder.location)

    def train_dataloader(self) -> EpochLoader:
        """Shuffled, full batches; goes on from where the trainer's epoch stands."""
        return self._loader("train", training=True)

    def val_dataloader(self) -> EpochLoader:
        """Every validation sample once, in order."""
        return self._loader("val", training=False)

    def test_dataloader(self) -> EpochLoader:
        """Every test sample once, in order."""
        return self._loader("test", training=False)

    def predict_dataloader(self) -> EpochLoader:
        """The same as for the test."""
        return self.test_dataloader()

    def triplets(self, split: Split) -> Iterator[Triplet]:
        """The decoded triplets of a split in order, part maps included, one by one."""
        return map(records.decode_triplet, self.folder.samples(split))

    def _loader(self, split: Split, training: bool) -> EpochLoader:
        files = self.folder.manifest.splits[split]
        ranks = self.trainer.world_size if self.trainer else 1
        batch_size = self.batch_size if training else self.eval_batch_size
        if files.samples < (batch_size * ranks if training else 1):
            raise UserError(
                f"{self.folder.location}: {files.samples} {split} samples do not fill a batch of "
                f"{batch_size} on each of {ranks} ranks; add drawings or make batch_size smaller"
            )
        stream = BatchStream(
            self.folder,
            files.shards,
            BatchOrder(
                counts=tuple(shard.samples for shard in files.shards),
                batch_size=batch_size,
                ranks=ranks,
                seed=self.seed,
                shuffle=training,
            ),
            self.trainer.global_rank if self.trainer else 0,
            BatchMaker(
                latents=False,
                flip_seed=self.seed if training and self.random_flip else None,
                caption=self.caption,
                text=None,
            ),
        )
        return EpochLoader(
            stream, self.num_workers, self._progress() if training else every_epoch()
        )

    def _progress(self) -> Callable[[], Place]:
        if self.trainer is None:
            return every_epoch()
        trainer = self.trainer
        # batches begun in this epoch; Lightning saves and restores it with a checkpoint
        progress = trainer.fit_loop.epoch_loop.batch_progress.current
        return lambda: (trainer.current_epoch, progress.ready)
