"""The random numbers of a training step, each a pure function of seed, step and sample."""

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
    """float32 [batch, channels, 1, 1]: standard normal, one number a channel, for noise offset."""
    timesteps: torch.Tensor
    """int64 [batch]: uniform over the noise schedule."""
    dropout: torch.Tensor
    """float32 [batch]: uniform in [0, 1), for conditioning dropout."""
    terminal: torch.Tensor
    """float32 [batch]: uniform in [0, 1), for whether the timestep is the last one instead."""

    def to(self, device: torch.device) -> Draws:
        return Draws(*(getattr(self, name).to(device) for name in self.__dataclass_fields__))


def seeded_generator(*key: object) -> torch.Generator:
    """A CPU generator whose stream depends on the key's parts alone: the same on any device."""
    digest = hashlib.sha256("\0".join(map(str, key)).encode()).digest()
    return torch.Generator().manual_seed(int.from_bytes(digest[:8], "big") >> 1)


def draw(seed: int, step: int, ids: Sequence[str], shape: Sequence[int], timesteps: int) -> Draws:
    """The random numbers of one micro-batch.

    Those of a sample depend on (seed, step, its id) and on nothing else, so a resumed run repeats
    them, and several processes together draw what one process would for the whole batch.

    Args:
        seed: the run's seed.
        step: how many micro-batches came before.
        ids: the samples' ids.
        shape: of one sample's latents: channels, h, w.
        timesteps: length of the noise schedule.
    """
    channels, height, width = shape
    # few large draws: small ones took as long as the noise, while a GPU waited
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
    """Standard normal [batch, *shape] that depends on each sample's id alone, for validation."""
    return torch.stack(
        [torch.randn(tuple(shape), generator=seeded_generator("validation", name)) for name in ids]
    )
