"""How fast a UNet trains, and in how much memory: `python benchmarks/training.py --model full`.

- full: Stable Diffusion 1.5's architecture with random weights, on latents of 256 pixels;
- mini: the model that ships with pokecolor.

Each setting is timed on cached latents and embeddings that are random numbers, the running average
of the weights included, within Lightning's trainer. Memory is the peak that a GPU's tensors take.
"""

from __future__ import annotations

import argparse
import functools
import gc
import logging
import time
import warnings

import lightning
import torch
from diffusers import AutoencoderKL, DDPMScheduler, UNet2DConditionModel
from torch.utils.data import DataLoader
from transformers import CLIPTextConfig, CLIPTextModel

from pokecolor.core.errors import UserError
from pokecolor.core.training.optimizers import lr_schedule
from pokecolor.diffusion.acceleration import Acceleration
from pokecolor.diffusion.components import load_components
from pokecolor.diffusion.ema import WeightAverage
from pokecolor.diffusion.module import InstructPix2PixModule
from pokecolor.model_files.base_models.base_model import BaseModel
from pokecolor.model_files.base_models.stable_diffusion import StableDiffusion
from pokecolor.model_files.pipeline import NOISE_SCHEDULE

WARM_UP = 5
CUDA_SETTINGS = [
    ("32-true", Acceleration()),
    ("16-mixed", Acceleration()),
    ("16-mixed", Acceleration(attention="eager")),
    ("16-mixed", Acceleration(attention="xformers")),
    ("bf16-mixed", Acceleration()),
    ("bf16-mixed", Acceleration(channels_last=True)),
    ("bf16-mixed", Acceleration(gradient_checkpointing=True)),
    ("16-mixed", Acceleration(gradient_checkpointing=True)),
]
CPU_SETTINGS = [
    ("32-true", Acceleration(attention="eager", channels_last=True)),
    ("bf16-mixed", Acceleration(attention="eager", channels_last=True)),
    ("bf16-mixed", Acceleration()),
]
COMPILED = ("bf16-mixed", Acceleration(compile=True))
"""Last, because nothing undoes it."""


class Timer(lightning.Callback):
    """How long the timed steps took, on the clock and of the processor."""

    def on_train_batch_start(self, trainer: lightning.Trainer, *_: object) -> None:
        if trainer.global_step == WARM_UP:
            self.start = self._now()

    def on_train_end(self, *_: object) -> None:
        ends = zip(self._now(), self.start, strict=True)
        self.seconds, self.processor = (after - before for after, before in ends)

    def _now(self) -> tuple[float, float]:
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        return time.perf_counter(), time.process_time()


def full_components() -> BaseModel:
    """Random weights; diffusers' defaults are Stable Diffusion's but for the width of the text."""
    mini = load_components("mini")
    width = 768
    text = CLIPTextConfig(
        vocab_size=len(mini.tokenizer), hidden_size=width, intermediate_size=width,
        num_hidden_layers=1, num_attention_heads=12,
        bos_token_id=mini.tokenizer.bos_token_id, eos_token_id=mini.tokenizer.eos_token_id,
    )  # fmt: skip
    device = "cuda" if torch.cuda.is_available() else "cpu"
    with torch.device(device):  # where random numbers are fast
        unet = UNet2DConditionModel(in_channels=8, cross_attention_dim=width)
    parts = {"vae": AutoencoderKL(), "text_encoder": CLIPTextModel(text), "unet": unet}
    return StableDiffusion({**parts, "tokenizer": mini.tokenizer}, DDPMScheduler(**NOISE_SCHEDULE))


def time_training(
    components: BaseModel, batch_size: int, steps: int, precision: str, how: Acceleration
) -> str:
    """Train a few steps and describe the last `steps` of them."""
    unet = components.unet
    unet.disable_gradient_checkpointing()
    unet.to(memory_format=torch.contiguous_format)
    channels, width = unet.config.out_channels, unet.config.cross_attention_dim
    latents = torch.randn(batch_size, channels, 32, 32)
    batch = {
        "id": [str(number) for number in range(batch_size)],
        "edit_prompt": [""] * batch_size,
        "original_latents": latents,
        "edited_latents": latents,
        "prompt_embeds": torch.randn(batch_size, 77, width),
    }
    module = InstructPix2PixModule(
        components,
        functools.partial(torch.optim.AdamW, lr=1e-5, fused=torch.cuda.is_available()),
        lr_schedule,
        ema=functools.partial(WeightAverage, decay=0.999),
        acceleration=how,
    )
    timer = Timer()
    trainer = lightning.Trainer(
        devices=1, precision=precision, max_steps=WARM_UP + steps, gradient_clip_val=1.0,
        logger=False, enable_checkpointing=False, enable_progress_bar=False,
        enable_model_summary=False, callbacks=[timer],
    )  # fmt: skip
    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()
    trainer.fit(module, DataLoader([batch] * (WARM_UP + steps), batch_size=None))
    speed = f"{batch_size * steps / timer.seconds:8.1f} samples/s"
    if not torch.cuda.is_available():
        return f"{speed}, {batch_size * steps / timer.processor:.2f} a second of the processor"
    return f"{speed}, {torch.cuda.max_memory_allocated() / 1e9:5.1f} GB"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", choices=("full", "mini"), default="mini")
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--steps", type=int, default=20, help="timed, of each setting")
    parser.add_argument("--compile", action="store_true", help="time the compiled UNet, too")
    options = parser.parse_args()
    for name in ("batch_size", "steps"):
        if getattr(options, name) < 1:
            option = f"--{name.replace('_', '-')}"
            parser.error(f"{option} {getattr(options, name)}: give 1 or more")
    warnings.filterwarnings("ignore")
    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)
    cuda = torch.cuda.is_available()
    device = torch.cuda.get_device_name() if cuda else f"{torch.get_num_threads()} CPU threads"
    print(
        f"{options.model}, batches of {options.batch_size}, PyTorch {torch.__version__}, {device}"
    )
    components = full_components() if options.model == "full" else load_components("mini")
    settings = CUDA_SETTINGS if cuda else CPU_SETTINGS
    for precision, how in [*settings, *([COMPILED] if options.compile else [])]:
        extra = [name for name in ("channels_last", "gradient_checkpointing", "compile")
                 if getattr(how, name)]  # fmt: skip
        name = " ".join([precision, how.attention, *extra])
        try:
            result = time_training(components, options.batch_size, options.steps, precision, how)
        except (UserError, torch.OutOfMemoryError) as error:
            result = str(error).splitlines()[0]
        # the trainer and the module hold one another, and the average of the weights
        gc.collect()
        torch.cuda.empty_cache()
        print(f"{name:40} {result}", flush=True)


if __name__ == "__main__":
    main()
