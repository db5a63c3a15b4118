"""Writes the trained part of a pretraining run, with its model card."""

from __future__ import annotations

from pathlib import Path

import lightning as L
from lightning.pytorch.utilities import rank_zero_only
from rich import print as rich_print

CARD = """# {title}

A part of pokecolor's `mini` model, float16.

- Data: {data}
- Recipe: `python train.py experiment={experiment}`; {steps:,} optimizer steps, {samples:,} samples
  seen.
- On validation drawings, never trained on: {metrics}.
- License: Apache-2.0. Trained on drawings of OpenMoji (CC BY-SA 4.0, "All emojis designed by
  OpenMoji - the open-source emoji and icon project") and on creatures drawn by pokecolor.
"""


class PartExport(L.Callback):
    """Writes the module's parts and their model card at the end of a fit.

    Args:
        folder: target folder.
        title: heading of the card.
        experiment: name of the experiment.
        data: description of the training data.
    """

    def __init__(self, folder: str | Path, title: str, experiment: str, data: str) -> None:
        self.folder, self.title = Path(folder), title
        self.experiment, self.data = experiment, data

    @rank_zero_only
    def on_fit_end(self, trainer: L.Trainer, module: L.LightningModule) -> None:
        if trainer.fast_dev_run:  # of one step
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        part = module.save_parts(self.folder)
        measured = {
            name: float(value)
            for name, value in trainer.callback_metrics.items()
            if name.startswith("val/")
        }
        batch_size = trainer.datamodule.batch_size * trainer.accumulate_grad_batches
        card = CARD.format(
            title=self.title,
            data=self.data,
            experiment=self.experiment,
            steps=trainer.global_step,
            samples=trainer.global_step * batch_size * trainer.world_size,
            metrics=", ".join(f"{name} {value:.4f}" for name, value in measured.items()) or "none",
        )
        (part / "README.md").write_text(card, encoding="utf-8")
        rich_print(f"{self.title}: {part}")
