"""Writes sample grids during training."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lightning
import numpy as np
import torch
from PIL import Image

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import grid, letterbox, load_image, to_uint8
from pokecolor.core.images.failed_pictures import NoPicture, check_pictures
from pokecolor.core.images.text_panel import text_panel
from pokecolor.core.schema import Batch
from pokecolor.diffusion.module import InstructPix2PixModule
from pokecolor.diffusion.pipeline import build_pipeline, find_sampler

if TYPE_CHECKING:
    from diffusers import DiffusionPipeline

    from pokecolor.model_files.sampling import Sampling

log = logging.getLogger(__name__)


@dataclass
class GridRow:
    """One row of a grid."""

    sketch: np.ndarray
    """uint8 [size, size, 3]."""
    prompt: str
    target: np.ndarray | None
    """uint8 [size, size, 3]; None if there is no ground truth."""


class SampleGrids(lightning.Callback):
    """Writes `samples/step-000500.png`, a grid with columns sketch, prompt, output and target.

    The first grid is from before the first step. All grids have the same rows and seeds: held-out
    drawings, each with its own prompt and with `prompts`, and local images with `prompts`. They are
    generated with the averaged weights and the model's own steps and guidance. An output that is
    not finite is replaced by a message, and logged.

    Args:
        folder: the run's folder.
        every_n_steps: optimizer steps between two grids.
        drawings: number of held-out drawings.
        prompts: additional prompts for each sketch.
        images: paths of the user's own sketches.
        sampler: diffusers' scheduler class.
        seed: seed of the noise, the same for every row.

    Raises:
        UserError: there is no such sampler, no prompt for the images, or a number is too small.
        pokecolor.core.images.conversion.ImageError: one of the images cannot be read.
    """

    def __init__(
        self,
        folder: str | Path,
        every_n_steps: int = 500,
        drawings: int = 6,
        prompts: Sequence[str] = (),
        images: Sequence[str] = (),
        sampler: str = "DPMSolverMultistepScheduler",
        seed: int = 0,
    ) -> None:
        # fail now, not at the first grid
        find_sampler(sampler)
        for name, value, least in (("every_n_steps", every_n_steps, 1), ("drawings", drawings, 0)):
            if value < least:
                raise UserError(f"callbacks.samples.{name}={value}: give {least} or more")
        if images and not prompts:
            raise UserError("callbacks.samples.images: set callbacks.samples.prompts, too")
        for path in images:
            load_image(path)
        self.folder = Path(folder)
        self.every_n_steps, self.drawings = every_n_steps, drawings
        self.prompts, self.images = list(prompts), list(images)
        self.sampler, self.seed = sampler, seed
        self._rows: list[GridRow] = []
        self._drawn_step = -1

    def on_train_start(self, trainer: lightning.Trainer, pl_module: InstructPix2PixModule) -> None:
        if trainer.global_step == 0 and not trainer.fast_dev_run:
            self._draw(trainer, pl_module)

    def on_train_batch_end(
        self, trainer: lightning.Trainer, pl_module: InstructPix2PixModule, *_: Any
    ) -> None:
        if trainer.global_step % self.every_n_steps == 0:
            self._draw(trainer, pl_module)

    def on_train_end(self, trainer: lightning.Trainer, pl_module: InstructPix2PixModule) -> None:
        self._draw(trainer, pl_module)

    def _draw(self, trainer: lightning.Trainer, module: InstructPix2PixModule) -> None:
        """Write the grid of this optimizer step, once, on rank 0; the others gather shards."""
        step = trainer.global_step
        if step == self._drawn_step:
            return
        self._drawn_step = step
        with module.averaged_weights():
            pipeline = build_pipeline(module, self.sampler)
            if trainer.is_global_zero:
                self._write(trainer, module, pipeline, step)

    def _write(
        self,
        trainer: lightning.Trainer,
        module: InstructPix2PixModule,
        pipeline: DiffusionPipeline,
        step: int,
    ) -> None:
        self._rows = self._rows or self._collect(trainer, module)
        if not self._rows:
            return
        path = self.folder / "samples" / f"step-{step:06d}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        outputs = self._outputs(pipeline, module.components.sampling)
        if faults := [output for output in outputs if isinstance(output, NoPicture)]:
            log.warning(
                "step %d: %d of %d sample pictures failed: %s",
                step, len(faults), len(outputs), faults[0],
            )  # fmt: skip
        picture = grid(
            [
                [row.sketch, text_panel(row.prompt, len(row.sketch)), _shown(output, row)]
                + ([] if row.target is None else [row.target])
                for row, output in zip(self._rows, outputs, strict=True)
            ]
        )
        Image.fromarray(picture).save(path)
        for logger in trainer.loggers:
            _log_picture(logger, picture, step)

    def _outputs(
        self, pipeline: DiffusionPipeline, sampling: Sampling
    ) -> list[Image.Image | NoPicture]:
        """Generate in fp32, like the exported pipeline: fp16 can turn images black."""
        check_pictures(pipeline)
        training = pipeline.unet.training
        pipeline.unet.eval()
        try:
            with torch.no_grad():
                return [
                    pipeline(
                        row.prompt,
                        image=Image.fromarray(row.sketch),
                        generator=torch.Generator().manual_seed(self.seed + i),
                        num_inference_steps=sampling.steps,
                        guidance_scale=sampling.guidance,
                        image_guidance_scale=sampling.image_guidance,
                    ).images[0]
                    for i, row in enumerate(self._rows)
                ]
        finally:
            pipeline.unet.train(training)

    def _collect(self, trainer: lightning.Trainer, module: InstructPix2PixModule) -> list[GridRow]:
        rows = []
        for row in self._held_out(trainer, module):
            rows += [row, *(GridRow(row.sketch, prompt, None) for prompt in self.prompts)]
        size = len(rows[0].sketch) if rows else _native_size(module)
        for path in self.images:
            sketch = letterbox(load_image(path), size)
            rows += [GridRow(sketch, prompt, None) for prompt in self.prompts]
        return rows

    def _held_out(self, trainer: lightning.Trainer, module: InstructPix2PixModule) -> list[GridRow]:
        loader = trainer.val_dataloaders
        if loader is None and trainer.datamodule is not None:
            loader = trainer.datamodule.val_dataloader()
        rows: dict[str, GridRow] = {}  # one per drawing: its variants show little more
        for batch in loader or []:
            for drawing, row in zip(batch["drawing_id"], _rows_of(batch, module), strict=True):
                rows.setdefault(drawing, row)
            if len(rows) >= self.drawings:
                break
        return list(rows.values())[: self.drawings]


def _shown(output: Image.Image | NoPicture, row: GridRow) -> np.ndarray:
    if isinstance(output, NoPicture):
        return text_panel(f"failed: {output.kind.replace('_', ' ')}", len(row.sketch))
    return np.asarray(output)


def _native_size(module: InstructPix2PixModule) -> int:
    """Side of the network's square images, in pixels."""
    return module.unet.config.sample_size * module.components.cell


def _rows_of(batch: Batch, module: InstructPix2PixModule) -> list[GridRow]:
    """The rows of a batch; latents are decoded."""
    if "original_image" in batch:
        sketches, truths = batch["original_image"], batch["edited_image"]
    else:
        sketches = module.encoder.decode(batch["original_latents"])
        truths = module.encoder.decode(module.encoder.unscaled(batch["edited_latents"]))
    return [
        GridRow(sketch, prompt, target)
        for sketch, prompt, target in zip(
            to_uint8(sketches), batch["edit_prompt"], to_uint8(truths), strict=True
        )
    ]


def _log_picture(logger: Any, picture: np.ndarray, step: int) -> None:
    """Log a picture, uint8 [height, width, 3], if the logger supports images."""
    from lightning.pytorch.loggers import TensorBoardLogger, WandbLogger

    if isinstance(logger, WandbLogger):
        logger.log_image("samples", [picture], step=step)
    elif isinstance(logger, TensorBoardLogger):
        logger.experiment.add_image("samples", picture, step, dataformats="HWC")
