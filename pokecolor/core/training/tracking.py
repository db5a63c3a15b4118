"""Logs the provenance of a run to every logger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import lightning

from pokecolor.core.provenance import provenance


class Tracking(lightning.Callback):
    """Logs settings, commit, package versions and data digests before the first step.

    CSV and TensorBoard loggers write them to `hparams.yaml`, TensorBoard also to its HPARAMS page,
    and wandb to the run's config.

    Args:
        settings: the run's configuration, resolved, as plain dicts.
    """

    def __init__(self, settings: Mapping[str, Any]) -> None:
        self.settings = dict(settings)

    def setup(
        self, trainer: lightning.Trainer, pl_module: lightning.LightningModule, stage: str
    ) -> None:
        # not in on_train_start: Lightning saves hyperparameters before that
        if not trainer.is_global_zero or stage != "fit":
            return
        contents = getattr(trainer.datamodule, "contents", {})
        made_with = provenance(self.settings, contents)
        for logger in trainer.loggers:
            logger.log_hyperparams(made_with)
