"""The base of modules that are trained: it skips steps that are not finite."""

from __future__ import annotations

from typing import Any

import torch

from pokecolor.measuring import MeasuredModule
from pokecolor.stability import BadStepGuard, gradient_norm, require_finite_update


class GuardedModule(MeasuredModule):
    """Takes no step whose loss or gradients are not finite, and ends a run that has too many.

    `train/skipped_steps` counts them, and so does a checkpoint. Its training step must `note` the
    loss.

    Args:
        max_bad_steps: stop after so many in a row; see `BadStepGuard`.
    """

    def __init__(self, max_bad_steps: int = 5) -> None:
        super().__init__()
        self._guard = BadStepGuard(max_bad_steps)

    @property
    def took_last_step(self) -> bool:
        """Whether the latest optimizer step was taken: its loss and gradients were finite."""
        return self._guard.took_last_step

    def note(self, loss: torch.Tensor, ids: list[str]) -> None:
        """Take the loss, [], and the ids of a micro-batch of the step that is coming."""
        self._guard.note(loss.detach(), ids)

    def on_step_taken(self) -> None:
        """What follows each step that was taken and left finite weights, such as an average."""

    def configure_gradient_clipping(
        self,
        optimizer: torch.optim.Optimizer,
        gradient_clip_val: float | None = None,
        gradient_clip_algorithm: str | None = None,
    ) -> None:
        norm = gradient_norm(optimizer)
        self.log("train/grad_norm", norm)
        if self._guard.passes(self.trainer, float(norm)):
            self.clip_gradients(optimizer, gradient_clip_val, gradient_clip_algorithm)
        else:
            optimizer.zero_grad(set_to_none=True)  # without gradients its step changes nothing
        self.log("train/skipped_steps", float(self._guard.skipped))

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
