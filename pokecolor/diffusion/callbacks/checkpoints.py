"""When checkpoints are written, and how many are kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import lightning
from lightning.pytorch.callbacks import Checkpoint

from pokecolor.errors import UserError


class PeriodicCheckpoints(Checkpoint):
    """Writes `step-000500.ckpt` every so many optimizer steps and after the last one.

    `last.ckpt` links to the newest. A checkpoint is written between two optimizer steps only, never
    amid an accumulation, so that a run that goes on from it repeats what would have followed.
    Lightning's `ModelCheckpoint` ties both the order and `last.ckpt` to a monitored metric.

    Args:
        folder: where they go.
        every: optimizer steps between two.
        keep: how many of the newest stay.
    """

    def __init__(self, folder: str | Path, every: int = 500, keep: int = 2) -> None:
        if every < 1 or keep < 1:
            raise UserError(f"callbacks.checkpoints: every={every}, keep={keep}; give 1 or more")
        self.folder, self.every, self.keep = Path(folder), every, keep
        self._saved_step = 0
        self._written: list[Path] = []

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        self._saved_step = trainer.global_step  # where a resumed run starts is saved already
        self._written = sorted(self.folder.glob("step-*.ckpt"))  # of a run that goes on in place

    def on_train_batch_end(self, trainer: lightning.Trainer, *_: Any) -> None:
        if trainer.global_step % self.every == 0:
            self._save(trainer)

    def on_train_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        self._save(trainer)

    def _save(self, trainer: lightning.Trainer) -> None:
        """Write the state after the latest optimizer step, once; all ranks take part."""
        step = trainer.global_step
        if step == self._saved_step or trainer.fast_dev_run:
            return
        self._saved_step = step
        path = self.folder / f"step-{step:06d}.ckpt"
        trainer.save_checkpoint(path, weights_only=False)
        if trainer.is_global_zero:
            self._written.append(path)
            self._point_last_at(path)
            for old in self._written[: -self.keep]:
                trainer.strategy.remove_checkpoint(old)
            self._written = self._written[-self.keep :]

    def _point_last_at(self, path: Path) -> None:
        link = self.folder / ".last.partial"
        link.unlink(missing_ok=True)
        os.symlink(path.name, link)
        link.replace(self.folder / "last.ckpt")
