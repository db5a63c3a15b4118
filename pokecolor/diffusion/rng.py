"""Random numbers of a training step: a pure function of seed, step and sample id."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import torch


@dataclass
class Draws:
    """The random numbers of a batch."""

    noise: torch.Tensor
    """float32 [batch, channels, h, w]: standard normal."""
    offset: torch.Tensor
    """float32 [batch, channels, 1, 1]: standard normal, for offset noise."""
    timesteps: torch.Tensor
    """int64 [batch]: uniform over the noise schedule."""
    dropout: torch.Tensor
    """float32 [batch]: uniform in [0, 1), for conditioning dropout."""
    terminal: torch.Tensor
    """float32 [batch]: uniform in [0, 1), decides whether the last timestep is taken instead."""

    def to(self, device: torch.device) -> Draws:
        return Draws(*(getattr(self, name).to(device) for name in self.__dataclass_fields__))


def seeded_generator(*key: object) -> torch.Generator:
    """A CPU generator seeded by the key, so that any device gets the same numbers."""
    digest = hashlib.sha256("\0".join(map(str, key)).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)


def draw(seed: int, step: int, ids: Sequence[str], shape: Sequence[int], timesteps: int) -> Draws:
    """The random numbers of a micro-batch.

    Those of a sample depend only on (seed, step, id). So a resumed run repeats them, and several
    processes together get the same numbers as one process would.

    Args:
        seed: the run's seed.
        step: number of micro-batches before this one.
        ids: the samples' ids.
        shape: shape of a sample's latents: channels, h, w.
        timesteps: length of the noise schedule.
    """
    channels, height, width = shape
    # few large calls: many small ones took as long as the noise, while a GPU waited
    normal = torch.empty(len(ids), channels * (height * width + 1))
    uniform = torch.empty(len(ids), 3)
    for normal_row, uniform_row, name in zip(normal, uniform, ids, strict=True):
        generator = seeded_generator(seed, step, name)
        normal_row.normal_(generator=generator)
        uniform_row.uniform_(generator=generator)
    offset, noise = normal.split([channels, channels * height * width], dim=1)
    share, dropout, terminal = uniform.unbind(1)
    return Draws(
        noise.unflatten(1, (channels, height, width)),
        offset[:, :, None, None],
        (share * timesteps).long(),
        dropout,
        terminal,
    )


def fixed_noise(ids: Sequence[str], shape: Sequence[int]) -> torch.Tensor:
    """Standard normal [batch, *shape] that depends only on the samples' ids, for validation."""
    return torch.stack(
        [torch.randn(tuple(shape), generator=seeded_generator("validation", name)) for name in ids]
    )
