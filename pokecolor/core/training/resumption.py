"""Saves a run's settings in its checkpoints, and applies changed settings on resume."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import lightning
import torch
from lightning.pytorch.utilities import rank_zero_only
from torch.optim.lr_scheduler import LambdaLR

from pokecolor.core.changed_settings import SCHEDULE, Change, changes, require_allowed
from pokecolor.core.training.checkpoint_io import SETTINGS

TRAINED_ON, RAMP = "trained_on", "learning_rate_ramp"
"""Keys of a checkpoint: digests of its data, and the ramp of its learning rate."""
_OF_THE_MACHINE = ("foreach", "fused", "capturable", "differentiable")
"""Options of how an optimizer computes; its saved state fits the checkpoint's values."""


class Resumption(lightning.Callback):
    """Applies the settings of optimizer and schedule to a resumed run.

    Lightning would restore those of the checkpoint. If only the length of the schedule has changed,
    the learning rate approaches the new schedule linearly, so that it does not jump. Every
    checkpoint contains the configuration, the digests of data and captions, and the number of
    processes. Changes of data, captions or processes are refused.

    Args:
        settings: the run's configuration, unresolved, as plain dicts.
        allow_changes: whether to allow other data, captions or processes.
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

    # ---- keep what was built from the settings, which the checkpoint's state overwrites

    def on_fit_start(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        self._built = [
            [{key: value for key, value in group.items() if key != "params"} for group in groups]
            for groups in (optimizer.param_groups for optimizer in trainer.optimizers)
        ]

    def on_train_start(self, trainer: lightning.Trainer, pl_module: Any) -> None:
        if not self._resumes:
            return
        self._resumes = False
        # as a share of the peak, at the checkpoint's step
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
        if self._resumes:  # no step was taken
            rank_zero_only(print)(
                f"nothing was left to train after step {trainer.global_step}: raise "
                "trainer.max_steps",
                flush=True,
            )

    def _apply_schedule(self, schedule: LambdaLR, reached: float, steps: float) -> None:
        step, plain = schedule.last_epoch, schedule.lr_lambdas
        if self._schedule_changed:
            self._ramp = None  # the user has asked for another learning rate
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
    """Digests of the data of a run, and its number of processes."""
    contents = getattr(trainer.datamodule, "contents", {})
    return {**contents, "the number of processes": trainer.world_size}


def _share_of_peak(optimizer: torch.optim.Optimizer) -> float:
    group = optimizer.param_groups[0]
    peak = group.get("initial_lr", group["lr"])
    return group["lr"] / peak if peak else 0.0


def _ramped(factor: Callable[[int], float], ramp: Mapping[str, float] | None) -> Callable:
    """A schedule's factor by step, approached linearly from another value."""
    if ramp is None:
        return factor

    def ramped(step: int) -> float:
        share = (step - ramp["start"]) / ramp["over"]
        return factor(step) if share >= 1 else ramp["from"] * (1 - share) + factor(step) * share

    return ramped
