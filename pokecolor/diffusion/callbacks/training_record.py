"""Counts steps and samples, and logs the losses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lightning

from pokecolor.diffusion.trained_size import note_size

if TYPE_CHECKING:
    from pokecolor.core.schema import Batch
    from pokecolor.diffusion.module import InstructPix2PixModule


class TrainingRecord(lightning.Callback):
    """Part of the module, because the random numbers of a step depend on `micro_batches`."""

    def __init__(self) -> None:
        self.micro_batches = 0
        """Micro-batches of this process in the whole run."""
        self.samples_seen = 0
        """Samples of all processes in the whole run."""

    def on_train_batch_start(
        self,
        trainer: lightning.Trainer,
        pl_module: InstructPix2PixModule,
        batch: Batch,
        batch_idx: int,
    ) -> None:
        """Store the training size in the network's configuration."""
        if "edited_latents" in batch:
            height, width = batch["edited_latents"].shape[2:]
        else:
            cell = pl_module.components.cell
            height, width = (side // cell for side in batch["edited_image"].shape[2:])
        note_size(pl_module.unet, height, width)

    def on_train_batch_end(
        self,
        trainer: lightning.Trainer,
        pl_module: InstructPix2PixModule,
        outputs: dict[str, Any],
        batch: Batch,
        batch_idx: int,
    ) -> None:
        self.micro_batches += 1
        self.samples_seen += len(batch["id"]) * trainer.world_size
        for name, value in outputs["terms"].items():
            pl_module.log(
                f"train/{name}", value, prog_bar=name == "loss", batch_size=len(batch["id"])
            )

    def on_save_checkpoint(
        self, trainer: lightning.Trainer, pl_module: Any, checkpoint: dict[str, Any]
    ) -> None:
        checkpoint["micro_batches"] = self.micro_batches
        checkpoint["samples_seen"] = self.samples_seen

    def on_load_checkpoint(
        self, trainer: lightning.Trainer, pl_module: Any, checkpoint: dict[str, Any]
    ) -> None:
        self.micro_batches = checkpoint["micro_batches"]
        self.samples_seen = checkpoint["samples_seen"]
