"""The base of modules that are trained: it skips steps that are not finite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lightning
import torch

from pokecolor.core.scoring import ScoredModule
from pokecolor.core.stability import BadStepGuard, require_finite_update


class GuardedModule(ScoredModule):
    """Takes no step whose loss or gradients are not finite, and ends a run that has too many.

    `train/skipped_steps` counts them, and so does a checkpoint.

    Args:
        max_bad_steps: stop after so many in a row; see `BadStepGuard`.
    """

    def __init__(self, max_bad_steps: int = 5) -> None:
        super().__init__()
        self._guard = BadStepGuard(max_bad_steps)
        self.own_callbacks: list[lightning.Callback] = [self._guard]
        """Those that are part of every training of it."""

    def configure_callbacks(self) -> list[lightning.Callback]:
        return [each for each in self.own_callbacks if each not in self.trainer.callbacks]

    @property
    def took_last_step(self) -> bool:
        """Whether the latest optimizer step was taken: its loss and gradients were finite."""
        return self._guard.took_last_step

    def on_step_taken(self) -> None:
        """What follows each step that was taken and left finite weights, such as an average."""

    def scheduled(self, optimizer: torch.optim.Optimizer, build: Callable) -> dict[str, Any]:
        """What `configure_optimizers` returns: `build(optimizer, steps=...)`, step by step."""
        # A fused optimizer offers to undo fp16's loss scaling by itself, after which nobody could
        # clip or check the gradients; without the offer the scaler does it before.
        optimizer._step_supports_amp_scaling = False
        schedule = build(optimizer, steps=self.trainer.estimated_stepping_batches)
        return {
            "optimizer": optimizer,
            "lr_scheduler": {"scheduler": schedule, "interval": "step"},
        }

    def optimizer_step(self, *args: Any, **kwargs: Any) -> None:
        super().optimizer_step(*args, **kwargs)
        if self.took_last_step:
            trained = (value for value in self.parameters() if value.requires_grad)
            require_finite_update(self.trainer, trained)
            self.on_step_taken()

    def lr_scheduler_step(self, scheduler: Any, metric: Any) -> None:
        if self.took_last_step:  # a skipped step is none for the schedule, either
            scheduler.step()

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["skipped_steps"] = self._guard.skipped

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        self._guard.skipped = checkpoint.get("skipped_steps", 0)  # not in those of earlier versions
