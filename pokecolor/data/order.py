"""The order of samples: a pure function of the seed, the epoch and the position."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

WINDOW = 2
"""Whole shards whose samples are shuffled together."""
LANES = 4
"""Parts of the epoch that a rank reads in turn, see `BatchOrder`."""


@dataclass(frozen=True)
class BatchOrder:
    """The batches of every epoch.

    With shuffling, the shards of an epoch are put in a random order, and the samples of every
    `WINDOW` shards are shuffled together. This sequence of samples is cut into equal parts, one for
    each rank, and each part into `LANES` lanes. Batch k of a rank comes from lane k mod `LANES`. So
    every rank reads its own shards, and so does every loader worker if their number divides
    `LANES`; but the content of a batch does not depend on the number of workers.

    Training batches are full; samples that do not fill another batch on every rank are left out,
    different ones in each epoch. Without shuffling, every sample is in exactly one batch, in order,
    and batch sizes differ by at most one.
    """

    counts: tuple[int, ...]
    """Samples of each shard."""
    batch_size: int
    ranks: int
    seed: int
    shuffle: bool

    def length(self, rank: int) -> int:
        """Number of batches of a rank in an epoch; in training the same for all ranks."""
        first, last = self._slots(rank)
        return last - first

    def batch(self, epoch: int, rank: int, index: int) -> list[tuple[int, int]]:
        """The samples of a rank's batch: (shard, position in the shard) of each."""
        first, last = self._slots(rank)
        lanes = LANES if self.shuffle else 1
        lane, place = index % lanes, index // lanes
        shorter, longer = divmod(last - first, lanes)  # the first `longer` lanes have one more
        slot = first + lane * shorter + min(lane, longer) + place
        slots = self._total_slots()
        used = slots * self.batch_size if self.shuffle else sum(self.counts)
        return self._run(epoch, used * slot // slots, used * (slot + 1) // slots)

    def _total_slots(self) -> int:
        """Batches of all ranks together."""
        per_step = self.batch_size * self.ranks
        samples = sum(self.counts)
        if self.shuffle:
            return self.ranks * (samples // per_step)
        return min(samples, self.ranks * -(-samples // per_step))

    def _slots(self, rank: int) -> tuple[int, int]:
        slots = self._total_slots()
        return slots * rank // self.ranks, slots * (rank + 1) // self.ranks

    def _run(self, epoch: int, start: int, stop: int) -> list[tuple[int, int]]:
        """Samples `start` to `stop` of the epoch's sequence."""
        shards = np.arange(len(self.counts))
        if self.shuffle:
            shards = np.random.default_rng([self.seed, epoch]).permutation(shards)
        found: list[tuple[int, int]] = []
        offset = 0
        for window in range(-(-len(shards) // WINDOW)):
            members = shards[window * WINDOW : (window + 1) * WINDOW]
            ends = np.cumsum([self.counts[shard] for shard in members])
            count = int(ends[-1])
            if offset < stop and start < offset + count:
                samples = np.arange(count)
                if self.shuffle:
                    samples = np.random.default_rng([self.seed, epoch, window]).permutation(count)
                samples = samples[max(start - offset, 0) : stop - offset]
                which = np.searchsorted(ends, samples, side="right")
                places = samples - np.concatenate([[0], ends])[which]
                found += zip(members[which].tolist(), places.tolist(), strict=True)
            offset += count
        return found


def is_flipped(seed: int, epoch: int, sample_id: str) -> bool:
    """Whether a sample is mirrored in an epoch, with probability 1/2."""
    return bool(hashlib.sha256(f"{seed}/{epoch}/{sample_id}".encode()).digest()[0] & 1)
