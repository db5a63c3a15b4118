"""The progress bar of a run."""

from __future__ import annotations

import lightning
from lightning.pytorch.callbacks import RichProgressBar
from lightning.pytorch.callbacks.progress.rich_progress import RichProgressBarTheme


class StepProgressBar(RichProgressBar):
    """Lightning's bar of an epoch, with the step of the run, which mostly ends after steps."""

    def __init__(self) -> None:
        # with Lightning's own format a learning rate of 0.0004 is shown as 0.000
        super().__init__(theme=RichProgressBarTheme(metrics_format=".3g"))

    def get_metrics(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> dict[str, int | str | float | dict[str, float]]:
        """What stands beside the bar."""
        total = f"/{trainer.max_steps}" if trainer.max_steps > 0 else ""
        step = f"{trainer.global_step}{total}"
        return {"step": step, **super().get_metrics(trainer, pl_module)}

    def _get_train_description(self, current_epoch: int) -> str:
        # Lightning counts to the last epoch, which is -2 where there is none
        return super()._get_train_description(current_epoch).replace("/-2", "  ")
