"""How far a run is, for who watches it."""

from __future__ import annotations

import lightning
from lightning.pytorch.callbacks import RichProgressBar
from lightning.pytorch.callbacks.progress.rich_progress import RichProgressBarTheme


class StepProgressBar(RichProgressBar):
    """Lightning's bar of an epoch, with the step of the run: runs end after steps, not epochs."""

    def __init__(self) -> None:
        # with Lightning's own format a learning rate of 0.0004 is shown as 0.000
        super().__init__(theme=RichProgressBarTheme(metrics_format=".3g"))

    def get_metrics(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> dict[str, int | str | float | dict[str, float]]:
        """What stands beside the bar."""
        step = f"{trainer.global_step}/{trainer.max_steps}"
        return {"step": step, **super().get_metrics(trainer, pl_module)}

    def _get_train_description(self, current_epoch: int) -> str:
        # Lightning's own text counts to the last epoch, which is -2 where there is none
        return f"{f'Epoch {current_epoch}':{len(self.validation_description)}}"
