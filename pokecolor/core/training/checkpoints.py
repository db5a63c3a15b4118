"""Writes checkpoints at intervals, and removes old ones."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

import lightning
import torch
from lightning.pytorch.callbacks import Checkpoint
from lightning.pytorch.utilities.exceptions import SIGTERMException

from pokecolor.core import links
from pokecolor.core.errors import UserError
from pokecolor.core.training.stability import require_finite_state

LAST = "last.ckpt"
"""A link to the newest checkpoint of a run."""


class PeriodicCheckpoints(Checkpoint):
    """Writes `step-000500.ckpt` at intervals, at the end, and when the run is stopped.

    `last.ckpt` links to the newest. Checkpoints are only written between two optimizer steps, never
    during gradient accumulation, so that a resumed run gives the same result. Ctrl-C finishes the
    current step and saves; a second Ctrl-C stops at once without saving. On SIGTERM Lightning stops
    after the current batch, which is saved if it completed a step.

    Weights that are not finite are not written, and end the run. Finite weights may still be so
    large that the next step overflows. Therefore the newest checkpoint from which a step was taken,
    `proven`, is kept, too; in a run that continues in its folder, all earlier ones are kept until
    there is one.

    Lightning's `ModelCheckpoint` guarantees less: it writes weights that are not finite, may remove
    the `proven` checkpoint, and may save during gradient accumulation when stopped.

    Args:
        folder: folder of the checkpoints.
        every_n_steps: optimizer steps between two checkpoints.
        keep: how many of the newest checkpoints to keep.
    """

    def __init__(self, folder: str | Path, every_n_steps: int = 500, keep: int = 2) -> None:
        if every_n_steps < 1 or keep < 1:
            raise UserError(
                f"callbacks.checkpoints: every_n_steps={every_n_steps}, keep={keep}; give 1 or more"
            )
        self.folder, self.every_n_steps, self.keep = Path(folder), every_n_steps, keep
        self._saved_step = self._last_step = 0
        self._written: list[Path] = []
        self.proven: Path | None = None
        """The newest checkpoint from which a step with finite numbers was taken."""
        self._unproven: Path | None = None
        self._of_before: set[Path] = set()
        self._interrupted = False
        self._handler: Any = None

    def on_train_start(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        # the starting point of a resumed run is already saved
        self._saved_step = self._last_step = trainer.global_step
        self._written = sorted(
            self.folder.glob("step-*.ckpt")
        )  # of a run that continues in its folder
        self._of_before = set(self._written)
        self.proven, self._unproven = None, self._started_from(trainer)
        self._interrupted = False
        if threading.current_thread() is threading.main_thread():
            self._handler = signal.signal(signal.SIGINT, self._interrupt)

    def on_train_batch_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, *_: Any
    ) -> None:
        stepped, self._last_step = trainer.global_step > self._last_step, trainer.global_step
        if stepped and getattr(pl_module, "took_last_step", True):
            self.proven = self._unproven or self.proven
        stop = self._stop_of_any_rank(trainer) if stepped else 0
        if stop or trainer.global_step % self.every_n_steps == 0:
            self._save(trainer)
        if stop:
            raise SIGTERMException if stop == signal.SIGTERM else KeyboardInterrupt

    def on_train_end(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> None:
        self._save(trainer)
        self._give_back_handler()
        if self._interrupted:  # after the last step, such as during validation
            raise KeyboardInterrupt

    def on_exception(self, *_: Any) -> None:
        self._give_back_handler()

    def _interrupt(self, *_: Any) -> None:
        """Handle SIGINT: record the first one, so that the step can be finished and saved."""
        if self._interrupted:
            raise KeyboardInterrupt
        self._interrupted = True
        if os.environ.get("LOCAL_RANK", "0") == "0":
            print("\nstopping after this step; press Ctrl-C again to stop at once", file=sys.stderr)

    def _stop_of_any_rank(self, trainer: lightning.Trainer) -> int:
        """The stop signal that any rank has received, or 0: all must save and stop together."""
        stop = int(self._interrupted and signal.SIGINT)
        if trainer.received_sigterm:
            stop = int(signal.SIGTERM)
        if trainer.world_size == 1:
            return stop
        told = torch.tensor(stop, device=trainer.strategy.root_device)
        return int(trainer.strategy.reduce(told, reduce_op="max"))

    def _give_back_handler(self) -> None:
        if self._handler is not None:
            signal.signal(signal.SIGINT, self._handler)
            self._handler = None

    def _save(self, trainer: lightning.Trainer) -> None:
        """Write the state after the latest optimizer step, once; all ranks must call it."""
        step = trainer.global_step
        if step == self._saved_step or trainer.fast_dev_run:
            return
        require_finite_state(trainer)
        self._saved_step = step
        path = self.folder / f"step-{step:06d}.ckpt"
        trainer.save_checkpoint(path, weights_only=False)
        self._unproven = path
        if trainer.is_global_zero:
            self._written.append(path)
            links.point(self.folder / LAST, path)
            stay = {*self._written[-self.keep :], self.proven}
            if self.proven is None:
                stay |= self._of_before
            for old in self._written:
                if old not in stay:
                    trainer.strategy.remove_checkpoint(old)
            self._written = [kept for kept in self._written if kept in stay]

    def _started_from(self, trainer: lightning.Trainer) -> Path | None:
        """The checkpoint that the run was resumed from; `last.ckpt` is resolved."""
        if not trainer.ckpt_path:
            return None
        path = Path(trainer.ckpt_path).resolve()
        if path.parent != self.folder.resolve():
            return path
        if path.name == LAST and self._written:  # if that is not a symbolic link
            return self._written[-1]
        return self.folder / path.name
