"""The progress bar of a run."""

from __future__ import annotations

import lightning
from lightning.pytorch.callbacks import RichProgressBar
from lightning.pytorch.callbacks.progress.rich_progress import RichProgressBarTheme


class StepProgressBar(RichProgressBar):
    """Lightning's progress bar of an epoch, with the step of the run."""

    def __init__(self) -> None:
        # Lightning's own format shows a learning rate of 0.0004 as 0.000
        super().__init__(theme=RichProgressBarTheme(metrics_format=".3g"))

    def get_metrics(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule
    ) -> dict[str, int | str | float | dict[str, float]]:
        """The values beside the bar."""
        total = f"/{trainer.max_steps}" if trainer.max_steps > 0 else ""
        step = f"{trainer.global_step}{total}"
        return {"step": step, **super().get_metrics(trainer, pl_module)}

    def _get_train_description(self, current_epoch: int) -> str:
        # Lightning shows the last epoch, which is -2 if there is no limit
        return super()._get_train_description(current_epoch).replace("/-2", "  ")
