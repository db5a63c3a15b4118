"""Gaussian noise equal to that of PyTorch's CPU generator, without PyTorch."""

from __future__ import annotations

import math

import numpy as np

CHUNK = 16
"""Numbers that PyTorch generates at a time."""


def seeded_noise(seed: int, shape: tuple[int, ...]) -> np.ndarray:
    """Standard normal numbers, float32, equal to PyTorch's except for the last bits.

    Equal to `torch.randn(shape, generator=torch.Generator().manual_seed(seed))`: the Mersenne
    Twister (Matsumoto and Nishimura 1998), seeded by the low 32 bits, 24 bits per number, and the
    Box-Muller transform (1958) of the halves of 16 numbers.

    Args:
        seed: 0 to 2**64 - 1.
        shape: shape with at least 16 numbers.
    """
    size = math.prod(shape)
    if size < CHUNK:
        raise ValueError(f"{size} numbers; PyTorch makes fewer than {CHUNK} in another way")
    source = np.random.RandomState(seed & 0xFFFFFFFF)  # its numbers never change between versions
    found = _normal(_uniform(source, size - size % CHUNK))
    if size % CHUNK:
        # the last 16 are generated again
        kept = np.concatenate([found, np.zeros(size % CHUNK, np.float32)])
        kept[-CHUNK:] = _normal(_uniform(source, CHUNK, skip=size % CHUNK))
        found = kept
    return found.reshape(shape)


def _uniform(source: np.random.RandomState, count: int, skip: int = 0) -> np.ndarray:
    """Numbers in [0, 1), after the first `skip`: float32 [count]."""
    bits = np.frombuffer(source.bytes(4 * (skip + count)), "<u4")[skip:]
    return (bits & 0xFFFFFF).astype(np.float32) / np.float32(2**24)


def _normal(uniform: np.ndarray) -> np.ndarray:
    halves = uniform.reshape(-1, 2, CHUNK // 2)
    radius = np.sqrt(-2 * np.log(1 - halves[:, 0]))
    angle = np.float32(2 * np.pi) * halves[:, 1]
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1).reshape(-1)
