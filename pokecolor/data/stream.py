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
"""Epoch, and index of the batch in it."""


class BatchStream(Dataset):
    """The batches of one rank, each addressed by its `Place`.

    Consecutive places read on through a few shards, which are held in memory as they lie in the
    tar; any place can be jumped to.
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
        """A batch. A user's mistake is returned: raised in a worker, its one line would be lost."""
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
                self._held.popitem(last=False)  # the one not used for longest
            self._held[number] = self.folder.read(self.shards[number])
        self._held.move_to_end(number)
        return self._held[number]


class EpochLoader:
    """The trainer's loader: iterates from the epoch's current position to its end.

    It keeps no position of its own: `progress` says where the epoch stands, also in a run that was
    resumed, so that the samples that follow are those of a run never stopped. It is not a
    `DataLoader`, so Lightning adds no sampler to it.
    """

    def __init__(
        self, stream: BatchStream, num_workers: int, progress: Callable[[], Place]
    ) -> None:
        self._stream, self._num_workers, self._progress = stream, num_workers, progress

    def __len__(self) -> int:
        """Batches of a whole epoch."""
        return self._stream.order.length(self._stream.rank)

    def __iter__(self) -> Iterator[Batch]:
        """The rest of the epoch. `progress` is asked when the first batch is, not before."""
        epoch, start = self._progress()
        # Workers live for one epoch: kept ones would outlast a run that is stopped.
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
        """What the order of the samples depends on. Lightning saves it with a checkpoint."""
        order = self._stream.order
        return {
            "samples": sum(order.counts),
            "batch_size": order.batch_size,
            "ranks": order.ranks,
            "seed": order.seed,
        }

    def load_state_dict(self, state: dict) -> None:
        """Warn if the run that is resumed had its samples in another order."""
        changed = [
            f"{key} {state[key]} -> {now}"
            for key, now in self.state_dict().items()
            if state[key] != now
        ]
        if changed:
            log.warning(
                "The samples come in another order than in the run that is resumed (%s); some of "
                "this epoch will be seen twice and some not at all",
                ", ".join(changed),
            )


def every_epoch() -> Callable[[], Place]:
    """A `progress` for use without a trainer: a new epoch at each iteration, from its start."""
    epochs = itertools.count()
    return lambda: (next(epochs), 0)


def held_bytes(shards: Sequence[File], num_workers: int) -> int:
    """The memory that the shards held at a time take, in all loader processes together."""
    sizes = sorted((shard.bytes for shard in shards), reverse=True)
    return max(1, num_workers) * sum(sizes[: _shards_to_hold(num_workers, shards)])


def _shards_to_hold(num_workers: int, shards: Sequence[File]) -> int:
    """A window for each lane that a process reads, and one more to move on to; of each shape."""
    lanes = LANES // math.gcd(LANES, num_workers) if num_workers else LANES
    shapes = len({shard.shape for shard in shards})
    if shapes > 1:  # then any process may come to any lane
        lanes = LANES
    return (lanes + 1) * WINDOW * shapes


def _as_is(batch: Batch | UserError) -> Batch | UserError:
    return batch


def _leave_signals_to_the_trainer(worker: int) -> None:
    # A scheduler tells all processes of a job to end, and so does Ctrl-C. The trainer ends after
    # the step that it is at, which the death of a worker would turn into a crash; the workers end
    # with it.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
