"""Exports the pipeline at the end of training."""

from __future__ import annotations

import logging
from pathlib import Path

import lightning

from pokecolor.diffusion.card import ModelCard
from pokecolor.diffusion.export import export_pipeline, push_to_hub, require_hub_access
from pokecolor.diffusion.module import InstructPix2PixModule
from pokecolor.diffusion.pipeline import build_pipeline, find_sampler
from pokecolor.diffusion.plain_unet import has_lora
from pokecolor.model_files.original_layout import require_original_layout

log = logging.getLogger(__name__)


class ExportPipeline(lightning.Callback):
    """Writes `pipeline/` when training is done.

    Args:
        folder: the run's folder.
        data: name of the drawings' source, for the model card; None for the data module's.
        license: the hub's identifier of the license, for the model card.
        sampler: diffusers' scheduler class of the pipeline.
        hub_repository: "owner/name", or "name", to upload to; None for no upload.
        hub_private: whether a new repository is private.
        single_file: whether to write one file in Stable Diffusion's original layout, too; see
            `original_layout`.

    Raises:
        UserError: there is no such sampler.
    """

    def __init__(
        self,
        folder: str | Path,
        data: str | None = None,
        license: str = "apache-2.0",
        sampler: str = "DPMSolverMultistepScheduler",
        hub_repository: str | None = None,
        hub_private: bool = True,
        single_file: bool = False,
    ) -> None:
        find_sampler(sampler)  # so that it fails now, not after training
        self.folder = Path(folder)
        self.data, self.license, self.sampler = data, license, sampler
        self.hub_repository, self.hub_private = hub_repository, hub_private
        self.single_file = single_file

    def on_fit_start(self, trainer: lightning.Trainer, pl_module: InstructPix2PixModule) -> None:
        # fail before training, not after it
        if self.single_file:
            require_original_layout(build_pipeline(pl_module, self.sampler))
        if self.hub_repository is not None and trainer.is_global_zero:
            require_hub_access(self.hub_repository)

    def on_fit_end(self, trainer: lightning.Trainer, pl_module: InstructPix2PixModule) -> None:
        if trainer.fast_dev_run:  # a model that was trained for one step is useless
            return
        # not in on_train_end, which writes the last checkpoint: the upload may fail
        card = ModelCard(
            pl_module.components.origin,
            self.data or _source(trainer, "name") or "shards",
            _recipe(trainer, pl_module),
            self.license,
            _source(trainer, "attribution"),
            tuple(_source(trainer, "hub_ids")),
        )
        pipeline = export_pipeline(
            pl_module, self.folder / "pipeline", card, self.sampler, self.single_file
        )
        if self.hub_repository is not None and trainer.is_global_zero:
            address = push_to_hub(pipeline, self.hub_repository, self.hub_private)
            log.info("uploaded to %s", address)


def _source(trainer: lightning.Trainer, what: str) -> str:
    """The name or the attribution of the source; "" if training read shards without a source."""
    return getattr(getattr(trainer.datamodule, "source", None), what, "")


def _recipe(trainer: lightning.Trainer, module: InstructPix2PixModule) -> dict[str, object]:
    """The run's settings and results for the model card."""
    optimizer = trainer.optimizers[0]
    recipe = {
        "optimizer steps": trainer.global_step,
        "samples seen": module.record.samples_seen,
        "optimizer": type(optimizer).__name__,
        "peak learning rate": optimizer.param_groups[0]["initial_lr"],
        "precision": trainer.precision,
        "gradient accumulation": trainer.accumulate_grad_batches,
        "processes": trainer.world_size,
        "EMA decay": module.ema.decay if module.ema else "none",
        "LoRA": "merged" if has_lora(module.unet) else "none",
        "prediction": module.components.scheduler.config.prediction_type,
        "conditioning dropout": module.dropout,
        "objective": module.objective,
        "seed": module.seed,
    }
    for name, value in sorted(trainer.callback_metrics.items()):
        recipe[f"last {name}"] = f"{float(value):.4g}"
    return recipe
