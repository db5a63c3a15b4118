"""Any image-editing pipeline of diffusers as a colorizer of `pokecolor benchmark`.

MODEL=timbrooks/instruct-pix2pix pokecolor benchmark --name instruct-pix2pix \\
    --colorizer benchmarks.adapters.diffusers_pipeline:color

MODEL is a folder or a hub id: InstructPix2Pix, Qwen-Image-Edit, FLUX.1 Kontext, FLUX.2 klein. SIZE,
512 by default, is what the longer side of a sketch is enlarged to.
"""

import functools
import os

import torch
from diffusers import DiffusionPipeline
from PIL import Image

# what the models' authors ask for, where a pipeline's own defaults are for other models
SETTINGS = {
    "Flux2KleinPipeline": lambda own: {"num_inference_steps": 4} if own.is_distilled else {},
    "QwenImageEditPipeline": lambda own: {"negative_prompt": " "},  # without one it has no guidance
}


@functools.cache
def _pipeline() -> DiffusionPipeline:
    on_gpu = torch.cuda.is_available()
    dtype = torch.bfloat16 if on_gpu else torch.float32
    pipeline = DiffusionPipeline.from_pretrained(os.environ["MODEL"], dtype=dtype)
    pipeline.set_progress_bar_config(disable=True)
    return pipeline.to("cuda" if on_gpu else "cpu")


def color(sketch: Image.Image, prompt: str, seed: int) -> Image.Image:
    """Edit a sketch, RGB, as the instruction says; by the pipeline's defaults and `SETTINGS`."""
    scale = int(os.environ.get("SIZE", "512")) / max(sketch.size)
    size = [16 * max(1, round(side * scale / 16)) for side in sketch.size]
    generator = torch.Generator().manual_seed(seed)
    pipeline = _pipeline()
    settings = SETTINGS.get(type(pipeline).__name__, lambda own: {})(pipeline.config)
    return pipeline(
        image=sketch.resize(size), prompt=prompt, generator=generator, **settings
    ).images[0]
