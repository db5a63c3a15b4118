"""Colors sketches of any size with a pipeline in diffusers layout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from pokecolor.errors import UserError
from pokecolor.images import fit, placement, unfit

if TYPE_CHECKING:
    from diffusers import StableDiffusionInstructPix2PixPipeline


def load_pipeline(folder: Path) -> StableDiffusionInstructPix2PixPipeline:
    """Read a pipeline and move it to the GPU, if there is one.

    Raises:
        UserError: there is no pipeline in `folder`.
    """
    if not (folder / "model_index.json").is_file():
        raise UserError(f"{folder}: no pipeline there; run `make train`, or name one by --model")
    import torch
    from diffusers import StableDiffusionInstructPix2PixPipeline

    pipeline = StableDiffusionInstructPix2PixPipeline.from_pretrained(folder)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to("cuda" if torch.cuda.is_available() else "cpu")


def colorize(
    pipeline: StableDiffusionInstructPix2PixPipeline,
    sketch: Image.Image,
    prompt: str,
    seed: int = 0,
    steps: int = 20,
) -> Image.Image:
    """Color one RGB sketch; the result has its size.

    The model sees the sketch padded to the square it was trained on. Noise is drawn on the CPU, so
    that a seed means the same on every device.
    """
    import torch

    size = pipeline.unet.config.sample_size * pipeline.vae_scale_factor
    square = Image.fromarray(fit(sketch, size))
    generator = torch.Generator().manual_seed(seed)
    output = pipeline(prompt, image=square, num_inference_steps=steps, generator=generator)
    return unfit(np.asarray(output.images[0]), placement(sketch.width, sketch.height, size))


def output_paths(sketches: list[Path], out: Path | None) -> list[Path]:
    """Where the colored sketches go.

    Args:
        sketches: the files to color.
        out: a file for one sketch, a folder for any number, or None: `<name>-color.png` beside
            each sketch.

    Raises:
        UserError: several sketches would end in one file.
    """
    is_file = out is not None and out.suffix and not out.is_dir()
    if is_file and len(sketches) == 1:
        return [out]
    if is_file:
        raise UserError(f"--out {out}: {len(sketches)} sketches need a folder, not one file")
    paths = [(out or path.parent) / f"{path.stem}-color.png" for path in sketches]
    if len(set(paths)) < len(paths):
        twice = next(path for path in paths if paths.count(path) > 1)
        raise UserError(f"{twice}: two sketches would be written there; color them one by one")
    return paths
