"""Logs the training speed and the learning rate."""

from __future__ import annotations

import time
from typing import Any

import lightning

from pokecolor.core.errors import UserError


class Readout(lightning.Callback):
    """Logs samples a second, over all ranks, and the learning rate.

    Args:
        every: micro-batches over which the speed is averaged.
    """

    def __init__(self, every: int = 10) -> None:
        if every < 1:
            raise UserError(f"callbacks.readout.every={every}: give 1 or more")
        self.every = every
        self._samples = self._batches = 0
        self._since = 0.0

    def on_train_start(self, *_: Any) -> None:
        self._restart()

    def on_validation_end(self, *_: Any) -> None:
        self._restart()  # time spent on validation says nothing of training

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: lightning.LightningModule,
        outputs: Any,
        batch: Any,
        batch_idx: int,
    ) -> None:
        self._samples += len(batch["id"]) * trainer.world_size
        self._batches += 1
        if self._batches < self.every:
            return
        speed = self._samples / (time.perf_counter() - self._since)
        rate = trainer.optimizers[0].param_groups[0]["lr"]
        size = len(batch["id"])
        pl_module.log("train/samples_per_second", speed, prog_bar=True, batch_size=size)
        pl_module.log("train/learning_rate", rate, prog_bar=True, batch_size=size)
        self._restart()

    def _restart(self) -> None:
        self._samples = self._batches = 0
        self._since = time.perf_counter()
