"""Logs the training speed and the learning rate."""

from __future__ import annotations

import time
from typing import Any

import lightning

from pokecolor.core.errors import UserError


class Readout(lightning.Callback):
    """Logs samples per second, over all ranks, and the learning rate.

    Args:
        every_n_steps: optimizer steps over which the speed is averaged.
    """

    def __init__(self, every_n_steps: int = 10) -> None:
        if every_n_steps < 1:
            raise UserError(f"callbacks.readout.every_n_steps={every_n_steps}: give 1 or more")
        self.every_n_steps = every_n_steps
        self._samples = self._first_step = 0
        self._since = 0.0

    def on_train_start(self, trainer: lightning.Trainer, *_: Any) -> None:
        self._restart(trainer)

    def on_validation_end(self, trainer: lightning.Trainer, *_: Any) -> None:
        self._restart(trainer)  # do not count the time of validation

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        self._samples += len(batch["id"]) * trainer.world_size
        if trainer.global_step - self._first_step < self.every_n_steps:
            return
        speed = self._samples / (time.perf_counter() - self._since)
        rate = trainer.optimizers[0].param_groups[0]["lr"]
        size = len(batch["id"])
        pl_module.log("train/samples_per_second", speed, prog_bar=True, batch_size=size)
        pl_module.log("train/learning_rate", rate, prog_bar=True, batch_size=size)
        self._restart(trainer)

    def _restart(self, trainer: lightning.Trainer) -> None:
        self._samples, self._first_step = 0, trainer.global_step
        self._since = time.perf_counter()
