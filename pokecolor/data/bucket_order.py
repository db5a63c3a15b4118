"""The order of batches for images of several shapes: all images of a batch have one shape."""

from __future__ import annotations

import functools
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pokecolor.data.order import BatchOrder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pokecolor.data.manifest import File

log = logging.getLogger(__name__)


def order_by_shape(
    shards: Sequence[File], batch_size: int, ranks: int, seed: int, shuffle: bool
) -> BatchOrder | BucketOrder:
    """The order of the samples of shards; see `BatchOrder` and `BucketOrder`."""
    by_shape: dict[tuple[int, int] | None, list[int]] = {}
    for number, shard in enumerate(shards):
        by_shape.setdefault(shard.shape, []).append(number)
    orders = {
        shape: BatchOrder(
            tuple(shards[number].samples for number in numbers), batch_size, ranks, seed, shuffle
        )
        for shape, numbers in by_shape.items()
    }
    if list(orders) == [None]:
        return orders[None]
    few = {
        "x".join(map(str, shape or ("square",))): sum(order.counts)
        for shape, order in orders.items()
        if shuffle and not order.length(rank=0)
    }
    if few:
        log.warning(
            "buckets: %d pictures are not trained on, because those of their shape do not fill a "
            "batch of %d: %s", sum(few.values()), batch_size * ranks,
            ", ".join(f"{shape}: {count}" for shape, count in few.items()),
        )  # fmt: skip
    return BucketOrder(tuple(map(tuple, by_shape.values())), tuple(orders.values()))


@dataclass(frozen=True)
class BucketOrder:
    """The batches of every epoch, with the shapes mixed.

    Each shape has its own `BatchOrder`. Shuffled, which shape comes when is drawn anew for each
    epoch, the same for all ranks, so that none waits for another's larger pictures.
    """

    numbers: tuple[tuple[int, ...], ...]
    """Of each shape, the shards that hold it."""
    orders: tuple[BatchOrder, ...]
    """Of each shape."""

    @property
    def counts(self) -> tuple[int, ...]:
        """Samples of each shard, shape by shape."""
        return tuple(count for order in self.orders for count in order.counts)

    @property
    def batch_size(self) -> int:
        return self.orders[0].batch_size

    @property
    def ranks(self) -> int:
        return self.orders[0].ranks

    @property
    def seed(self) -> int:
        return self.orders[0].seed

    def length(self, rank: int) -> int:
        """Batches of a rank in an epoch."""
        return sum(order.length(rank) for order in self.orders)

    def batch(self, epoch: int, rank: int, index: int) -> list[tuple[int, int]]:
        """The samples of a rank's batch: (shard, position in the shard) of each."""
        lengths = tuple(order.length(rank) for order in self.orders)
        shuffled = (self.seed, epoch) if self.orders[0].shuffle else None
        which, place = _plan(lengths, shuffled)
        shape = which[index]
        found = self.orders[shape].batch(epoch, rank, int(place[index]))
        return [(self.numbers[shape][shard], position) for shard, position in found]


@functools.lru_cache(maxsize=8)
def _plan(
    lengths: tuple[int, ...], shuffled: tuple[int, int] | None
) -> tuple[np.ndarray, np.ndarray]:
    """Of each batch the shape, and which of that shape's batches it is."""
    which = np.repeat(np.arange(len(lengths)), lengths)
    if shuffled is not None:
        which = np.random.default_rng([*shuffled, len(lengths)]).permutation(which)
    place = np.empty_like(which)
    for shape, length in enumerate(lengths):
        place[which == shape] = np.arange(length)
    return which, place
