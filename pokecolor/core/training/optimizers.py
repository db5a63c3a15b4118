"""An 8-bit optimizer, and learning-rate schedules."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pokecolor.core.errors import UserError
from pokecolor.core.extras import hint

if TYPE_CHECKING:
    import torch


def adamw_8bit(parameters: Iterable[torch.nn.Parameter], **settings: Any) -> torch.optim.Optimizer:
    """bitsandbytes' AdamW, whose two moments take one byte per parameter instead of four.

    Raises:
        UserError: bitsandbytes is not installed.
    """
    try:
        from bitsandbytes.optim import AdamW8bit
    except ImportError as error:
        raise UserError(
            f"model/optimizer=adamw_8bit needs the package bitsandbytes: {hint('bitsandbytes')}, "
            "or use model/optimizer=adamw"
        ) from error
    return AdamW8bit(parameters, **settings)


def lr_schedule(
    optimizer: torch.optim.Optimizer,
    steps: int,
    name: str = "constant",
    warmup_steps: int = 0,
    cycles: float | None = None,
    power: float = 1.0,
) -> torch.optim.lr_scheduler.LRScheduler:
    """A learning-rate schedule of `diffusers.optimization`.

    Args:
        optimizer: its learning rate is the peak of the schedule.
        steps: optimizer steps of the whole run.
        name: constant, constant_with_warmup, linear, cosine, cosine_with_restarts, polynomial.
        warmup_steps: optimizer steps of the linear rise from 0; must be 0 for "constant".
        cycles: cycles of the two cosine schedules; None for a single decay to 0.
        power: exponent of "polynomial".

    Raises:
        UserError: no such schedule, "constant" with a warm-up, or a negative warm-up.
    """
    from diffusers.optimization import SchedulerType, get_scheduler

    names = [kind.value for kind in SchedulerType if kind != SchedulerType.PIECEWISE_CONSTANT]
    if name not in names:
        raise UserError(f"model.lr_scheduler.name={name}: choose one of {', '.join(names)}")
    if type(warmup_steps) is not int or warmup_steps < 0:
        raise UserError(
            f"model.lr_scheduler.warmup_steps={warmup_steps}: give a whole number, 0 or more"
        )
    if name == "constant" and warmup_steps:
        raise UserError(
            "model.lr_scheduler: constant has no warm-up; use name=constant_with_warmup"
        )
    if cycles is None:
        cycles = 0.5 if name == "cosine" else 1
    return get_scheduler(
        name,
        optimizer,
        num_warmup_steps=warmup_steps,
        num_training_steps=steps,
        num_cycles=cycles,
        power=power,
    )
