"""Logs the provenance of a run to every logger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import lightning

from pokecolor.core.provenance import provenance


class Tracking(lightning.Callback):
    """Before the first step, logs the settings, commit, package versions and data digests.

    They keep them as their kind does: `hparams.yaml` beside `metrics.csv` and beside TensorBoard's
    events, which have them as a page, too; the run's config in wandb.

    Args:
        settings: the run's configuration, plain and resolved.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = dict(settings)

    def setup(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, stage: str
    ) -> None:
        # not on_train_start: Lightning has them write what they were told before that
        if not trainer.is_global_zero or stage != "fit":
            return
        contents = getattr(trainer.datamodule, "contents", {})
        made_with = provenance(self.settings, contents)
        for logger in trainer.loggers:
            logger.log_hyperparams(made_with)
