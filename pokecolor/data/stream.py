"""Streams batches from shards, in loader workers."""

from __future__ import annotations

import collections
import itertools
import logging
import math
import signal
from typing import TYPE_CHECKING

from torch.utils.data import DataLoader, Dataset, get_worker_info

from pokecolor.core.errors import UserError
from pokecolor.data.order import LANES, WINDOW

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pokecolor.core.schema import Batch
    from pokecolor.data.batches import BatchMaker
    from pokecolor.data.manifest import File
    from pokecolor.data.order import BatchOrder
    from pokecolor.data.shards import ShardFolder

log = logging.getLogger(__name__)

Place = tuple[int, int]
"""Epoch, and index of the batch within it."""


class BatchStream(Dataset):
    """The batches of one rank, each addressed by its `Place`.

    Consecutive batches come from a few shards, which are kept in memory, encoded. Any batch can be
    accessed directly.
    """

    def __init__(
        self,
        folder: ShardFolder,
        shards: Sequence[File],
        order: BatchOrder,
        rank: int,
        make_batch: BatchMaker,
    ) -> None:
        self.folder, self.shards, self.order, self.rank = folder, shards, order, rank
        self.make_batch = make_batch
        self._held: collections.OrderedDict[int, list[dict[str, bytes]]] = collections.OrderedDict()

    def __getitem__(self, place: Place) -> Batch | UserError:
        """A batch. A `UserError` is returned: if a worker raised it, its message would be lost."""
        epoch, index = place
        try:
            samples = [
                self._shard(shard)[position]
                for shard, position in self.order.batch(epoch, self.rank, index)
            ]
            return self.make_batch(samples, epoch)
        except UserError as error:
            return error

    def _shard(self, number: int) -> list[dict[str, bytes]]:
        if number not in self._held:
            worker = get_worker_info()
            workers = worker.num_workers if worker else 0
            if len(self._held) >= _shards_to_hold(workers, self.shards):
                self._held.popitem(last=False)  # the least recently used one
            self._held[number] = self.folder.read(self.shards[number])
        self._held.move_to_end(number)
        return self._held[number]


class EpochLoader:
    """The trainer's loader: iterates from the epoch's current position to its end.

    It keeps no position of its own: `progress` returns the current position, also in a resumed run,
    so that the same samples follow as in an uninterrupted run. It is no `DataLoader`, so Lightning
    adds no sampler to it.
    """

    def __init__(
        self, stream: BatchStream, num_workers: int, progress: Callable[[], Place]
    ) -> None:
        self._stream, self._num_workers, self._progress = stream, num_workers, progress

    def __len__(self) -> int:
        """Number of batches of a whole epoch."""
        return self._stream.order.length(self._stream.rank)

    def __iter__(self) -> Iterator[Batch]:
        """Yield the rest of the epoch. `progress` is called with the first batch, not before."""
        epoch, start = self._progress()
        # Workers live for one epoch: persistent ones would outlive a run that is stopped.
        batches = DataLoader(
            self._stream,
            batch_size=None,  # the stream makes whole batches
            sampler=[(epoch, index) for index in range(start, len(self))],
            num_workers=self._num_workers,
            collate_fn=_as_is,
            worker_init_fn=_leave_signals_to_the_trainer,
        )
        for batch in batches:
            if isinstance(batch, UserError):
                raise batch
            yield batch

    def state_dict(self) -> dict:
        """The settings that the order of samples depends on; part of a checkpoint."""
        order = self._stream.order
        return {
            "samples": sum(order.counts),
            "batch_size": order.batch_size,
            "ranks": order.ranks,
            "seed": order.seed,
        }

    def load_state_dict(self, state: dict) -> None:
        """Warn if the order of samples differs from that of the resumed run."""
        changed = [
            f"{key} {state[key]} -> {now}"
            for key, now in self.state_dict().items()
            if state[key] != now
        ]
        if changed:
            log.warning(
                "The order of samples differs from that of the resumed run (%s): some samples of "
                "this epoch will be seen twice and some not at all",
                ", ".join(changed),
            )


def every_epoch() -> Callable[[], Place]:
    """A `progress` for use without a trainer: each iteration is a new epoch."""
    epochs = itertools.count()
    return lambda: (next(epochs), 0)


def held_bytes(shards: Sequence[File], num_workers: int) -> int:
    """Bytes of the shards that are in memory at a time, over all loader processes."""
    sizes = sorted((shard.bytes for shard in shards), reverse=True)
    return max(1, num_workers) * sum(sizes[: _shards_to_hold(num_workers, shards)])


def _shards_to_hold(num_workers: int, shards: Sequence[File]) -> int:
    """For each shape: a window for each lane that a process reads, and one more."""
    lanes = LANES // math.gcd(LANES, num_workers) if num_workers else LANES
    shapes = len({shard.shape for shard in shards})
    if shapes > 1:  # then any process may read any lane
        lanes = LANES
    return (lanes + 1) * WINDOW * shapes


def _as_is(batch: Batch | UserError) -> Batch | UserError:
    return batch


def _leave_signals_to_the_trainer(worker: int) -> None:
    # Schedulers and Ctrl-C send signals to all processes of a job. The trainer stops after its
    # current step; a worker that died before would crash it. The workers end with the trainer.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
