"""Which device a model runs on, and in which precision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    import torch

HALVED_FROM = 250_000_000
"""On CUDA, models of so many weights run in float16, which takes half of the memory and time. Small
ones gain nothing by it."""


def choose_device(name: str | None = None) -> torch.device:
    """The device of a name: "cuda", "cuda:1", "mps" or "cpu"; None for the fastest there is.

    Raises:
        UserError: there is no such device here.
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
    """The precision of a model of so many weights on a device.

    float16 turns into noise on MPS, so it is float32 there.
    """
    import torch

    return torch.float16 if device.type == "cuda" and weights >= HALVED_FROM else torch.float32
