"""Merges LoRA weights from a file into a pipeline."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError
from pokecolor.core.extras import hint

if TYPE_CHECKING:
    from pathlib import Path

    from diffusers import StableDiffusionInstructPix2PixPipeline

log = logging.getLogger(__name__)


def merge_lora(pipeline: StableDiffusionInstructPix2PixPipeline, file: Path) -> None:
    """Add the products of LoRA factors to the weights of UNet and text encoder, in place.

    Args:
        pipeline: the pipeline.
        file: `.safetensors` with names of diffusers, peft or kohya's scripts.

    Raises:
        UserError: the file has no LoRA, or is for another architecture, or peft is not installed.
    """
    from safetensors import SafetensorError, safe_open

    if file.suffix != ".safetensors" or not file.is_file():
        raise UserError(f"--lora {file}: no such .safetensors file; give LoRA's factors as one")
    try:
        with safe_open(file, "pt") as opened:
            names = set(opened.keys())
    except (SafetensorError, OSError) as error:
        raise UserError(f"--lora {file}: cannot be read ({error}); get it again") from error
    given = sum(name.endswith(_DOWN) for name in names)
    if not given:
        raise UserError(f"--lora {file}: no factors of LoRA in it; a whole model goes to --model")
    try:
        import peft  # noqa: F401
    except ImportError:
        raise UserError(f"--lora: peft is not installed: {hint('lora')}") from None
    try:
        pipeline.load_lora_weights(file)
        found = _count_adapted(pipeline)
        pipeline.fuse_lora()
        pipeline.unload_lora_weights()
    except (ValueError, RuntimeError, KeyError, TypeError, IndexError, AttributeError) as error:
        reason = " ".join(str(error).split())[:160]
        raise UserError(
            f"--lora {file}: does not fit this model ({reason}); it must be for one of its size"
        ) from error
    if found < given:
        log.warning("%s: %d of its %d layers are not in this model and were ignored",
                    file, given - found, given)  # fmt: skip


_DOWN = (".lora_down.weight", ".lora_A.weight", "lora.down.weight", "lora_linear_layer.down.weight")
"""Suffixes of the first factor's name in kohya's scripts, peft and diffusers."""


def _count_adapted(pipeline: StableDiffusionInstructPix2PixPipeline) -> int:
    from peft.tuners.tuners_utils import BaseTunerLayer

    return sum(
        isinstance(layer, BaseTunerLayer)
        for part in (pipeline.unet, pipeline.text_encoder)
        for layer in part.modules()
    )
