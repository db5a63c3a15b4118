"""Chooses the device that a model runs on, and its precision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    import torch

HALVED_FROM = 250_000_000
"""On CUDA, models with at least so many weights run in float16, which halves memory and time.
Smaller ones gain nothing from it."""


def choose_device(name: str | None = None) -> torch.device:
    """The device with a name: "cuda", "cuda:1", "mps" or "cpu"; None for the fastest available.

    Raises:
        UserError: this machine has no such device.
    """
    import torch

    there = [
        *(["cuda"] if torch.cuda.is_available() else []),
        *(["mps"] if torch.backends.mps.is_available() else []),
        "cpu",
    ]
    try:
        device = torch.device(name or there[0])
    except RuntimeError:
        device = None
    missing = device is None or device.type not in there
    if missing or (device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count()):
        raise UserError(f"--device {name}: not here; PyTorch sees {', '.join(there)}")
    return device


def choose_dtype(device: torch.device, weights: int) -> torch.dtype:
    """The precision for a model with so many weights on a device.

    float32 on MPS, where float16 gives noise.
    """
    import torch

    return torch.float16 if device.type == "cuda" and weights >= HALVED_FROM else torch.float32
