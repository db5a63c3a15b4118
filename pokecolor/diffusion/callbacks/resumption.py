"""Saves a run's settings in its checkpoints, and applies changed settings on resume."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import lightning
import torch
from lightning.pytorch.utilities import rank_zero_only
from torch.optim.lr_scheduler import LambdaLR

from pokecolor.core.changed_settings import SCHEDULE, Change, changes, require_allowed
from pokecolor.diffusion.checkpoint_io import SETTINGS

TRAINED_ON, RAMP = "trained_on", "learning_rate_ramp"
"""Keys of a checkpoint: what its run saw, and how its learning rate came to its schedule."""
_OF_THE_MACHINE = ("foreach", "fused", "capturable", "differentiable")
"""How an optimizer computes its step. Its state was laid out for the checkpoint's values."""


class Resumption(lightning.Callback):
    """Applies the settings of a resumed run where the trainer would restore the checkpoint's.

    These are all of the optimizer and of the learning rate's schedule. Where the schedule's length
    alone is another, the learning rate goes over to it step by step, so that it does not jump.

    Every checkpoint holds the configuration, the digests of data and captions, and the number of
    processes. Other data, captions or processes are refused.

    Args:
        settings: the run's configuration, plain and unresolved.
        allow_changes: whether to go on with other data, captions or processes.
    """

    def __init__(self, settings: Mapping[str, Any], allow_changes: bool = False) -> None:
        self.settings, self.allow_changes = dict(settings), allow_changes
        self._resumes = False
        self._schedule_changed = False
        self._built: list[list[dict[str, Any]]] = []
        self._ramp: dict[str, float] | None = None

    # ---- checkpoints

    def on_save_checkpoint(
        self, trainer: lightning.Trainer, pl_module: Any, checkpoint: dict[str, Any]
    ) -> None:
        checkpoint[SETTINGS] = self.settings
        checkpoint[TRAINED_ON] = _trained_on(trainer)
        checkpoint[RAMP] = self._ramp

    def on_load_checkpoint(
        self, trainer: lightning.Trainer, pl_module: Any, checkpoint: dict[str, Any]
    ) -> None:
        before, now = checkpoint.get(TRAINED_ON, {}), _trained_on(trainer)
        found = [
            Change(key, before[key], now[key])
            for key in before
            if key in now and before[key] != now[key]
        ]
        require_allowed(found, self.allow_changes)
        self._resumes, self._ramp = True, checkpoint.get(RAMP)
        changed = changes(checkpoint.get(SETTINGS, {}), self.settings)
        self._schedule_changed = any(change.within(SCHEDULE) for change in changed)

    # ---- what was built from the settings, before the checkpoint's takes its place, and after

    def on_fit_start(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        self._built = [
            [{key: value for key, value in group.items() if key != "params"} for group in groups]
            for groups in (optimizer.param_groups for optimizer in trainer.optimizers)
        ]

    def on_train_start(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        if not self._resumes:
            return
        self._resumes = False
        # of the peak, where the checkpoint's run stood
        reached = [_share_of_peak(optimizer) for optimizer in trainer.optimizers]
        for optimizer, built in zip(trainer.optimizers, self._built, strict=True):
            for group, values in zip(optimizer.param_groups, built, strict=True):
                group.update({k: v for k, v in values.items() if k not in _OF_THE_MACHINE})
                group["lr"] = values.get("initial_lr", values["lr"])
        for config in trainer.lr_scheduler_configs:
            if isinstance(config.scheduler, LambdaLR):
                share = reached[trainer.optimizers.index(config.scheduler.optimizer)]
                self._apply_schedule(config.scheduler, share, trainer.estimated_stepping_batches)

    def on_fit_end(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        if self._resumes:  # and no step was taken
            rank_zero_only(print)(
                f"nothing was left to train after step {trainer.global_step}: raise "
                "trainer.max_steps",
                flush=True,
            )

    def _apply_schedule(self, schedule: LambdaLR, reached: float, steps: float) -> None:
        step, plain = schedule.last_epoch, schedule.lr_lambdas
        if self._schedule_changed:
            self._ramp = None  # it is asked for another learning rate
        planned = _ramped(plain[0], self._ramp)(step)
        if not self._schedule_changed and abs(reached - planned) > 1e-6:
            left = int(steps - step)
            over = max(2, min(left // 2, max(self._warmup_steps, left // 10)))
            self._ramp = {"start": step, "from": reached, "over": over}
            rank_zero_only(print)(
                f"the learning rate goes over to the schedule of {steps} steps within {over} steps",
                flush=True,
            )
        schedule.lr_lambdas = [_ramped(factor, self._ramp) for factor in plain]
        groups = schedule.optimizer.param_groups
        schedule.base_lrs = [group["lr"] for group in groups]
        for group, base, factor in zip(groups, schedule.base_lrs, schedule.lr_lambdas, strict=True):
            group["lr"] = base * factor(step)
        schedule._last_lr = [group["lr"] for group in groups]

    @property
    def _warmup_steps(self) -> int:
        model = self.settings.get("model") or {}
        return (model.get("lr_scheduler") or {}).get("warmup_steps") or 0


def _trained_on(trainer: lightning.Trainer) -> dict[str, Any]:
    """What a run sees."""
    contents = getattr(trainer.datamodule, "contents", {})
    return {**contents, "the number of processes": trainer.world_size}


def _share_of_peak(optimizer: torch.optim.Optimizer) -> float:
    group = optimizer.param_groups[0]
    peak = group.get("initial_lr", group["lr"])
    return group["lr"] / peak if peak else 0.0


def _ramped(factor: Callable[[int], float], ramp: Mapping[str, float] | None) -> Callable:
    """A schedule's factor by step, with a line that leads to it from another value."""
    if ramp is None:
        return factor

    def ramped(step: int) -> float:
        share = (step - ramp["start"]) / ramp["over"]
        return factor(step) if share >= 1 else ramp["from"] * (1 - share) + factor(step) * share

    return ramped
