"""Base class of all trained modules: it skips optimizer steps whose numbers are not finite."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import lightning
import torch

from pokecolor.core.scoring import ScoredModule
from pokecolor.core.training.stability import BadStepGuard, require_finite_update


class GuardedModule(ScoredModule):
    """Skips optimizer steps whose loss or gradients are not finite; too many of them end the run.

    They are counted in `train/skipped_steps` and in checkpoints.

    Args:
        max_bad_steps: stop after so many skipped steps in a row; see `BadStepGuard`.
    """

    def __init__(self, max_bad_steps: int = 5) -> None:
        super().__init__()
        self._guard = BadStepGuard(max_bad_steps)
        self.own_callbacks: list[lightning.Callback] = [self._guard]
        """Callbacks that every training of this module uses."""

    def configure_callbacks(self) -> list[lightning.Callback]:
        return [each for each in self.own_callbacks if each not in self.trainer.callbacks]

    @property
    def took_last_step(self) -> bool:
        """Whether the latest optimizer step was taken: its loss and gradients were finite."""
        return self._guard.took_last_step

    def on_step_taken(self) -> None:
        """Called after each step that was taken and left finite weights, as to update an EMA."""

    def optimizer_config(self, optimizer: torch.optim.Optimizer, build: Callable) -> dict[str, Any]:
        """The return value of `configure_optimizers`, with a schedule that advances each step.

        Args:
            optimizer: the optimizer.
            build: builds the schedule from the optimizer and `steps=`, the run's number of steps.
        """
        # A fused optimizer would undo fp16's loss scaling itself, after gradients are clipped and
        # checked; with this the scaler does it before.
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
        if self.took_last_step:  # a skipped step does not advance the schedule
            scheduler.step()

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["skipped_steps"] = self._guard.skipped

    def on_load_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        self._guard.skipped = checkpoint.get("skipped_steps", 0)  # not in those of earlier versions
