"""The order of samples: a pure function of the seed, the epoch and the position."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np

WINDOW = 2
"""Whole shards whose samples are shuffled together."""
LANES = 4
"""Runs of the epoch that a rank reads side by side, see `BatchOrder`."""


@dataclass(frozen=True)
class BatchOrder:
    """The batches of every epoch.

    Shuffled, the shards of an epoch are put in a random order and the samples of every `WINDOW`
    shards are shuffled together; that is the epoch's run of samples. It is cut into as many equal
    parts as there are ranks, and each part into `LANES` lanes. Batch k of a rank comes from lane
    k mod `LANES`. So every rank reads its own shards, and so does every loader worker while their
    number divides `LANES`; but what a batch holds does not depend on the number of workers.

    Batches of training are full, and what does not fill one more batch on every rank is left out,
    other samples each epoch. Unshuffled, every sample is in exactly one batch, in order, and
    batches differ by at most one sample.
    """

    counts: tuple[int, ...]
    """Samples of each shard."""
    batch_size: int
    ranks: int
    seed: int
    shuffle: bool

    def length(self, rank: int) -> int:
        """Batches of a rank in an epoch: the same number for all when training."""
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
        """Samples `start` to `stop` of the epoch's run."""
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
    """Whether a sample is mirrored in an epoch: a fair coin."""
    return bool(hashlib.sha256(f"{seed}/{epoch}/{sample_id}".encode()).digest()[0] & 1)
