"""Reads a pipeline to color with: from wherever it is, onto a device, with LoRA's factors."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.devices import choose_device, choose_dtype
from pokecolor.model_files.adapters import merge_lora
from pokecolor.model_files.pipeline import read_pipeline
from pokecolor.sampling import FILE, Sampling
from pokecolor.weights import MINI

if TYPE_CHECKING:
    from diffusers import StableDiffusionInstructPix2PixPipeline


def open_pipeline(
    model: str | Path = "mini", device: str | None = None, lora: str | Path | None = None
) -> tuple[StableDiffusionInstructPix2PixPipeline, Sampling]:
    """Read a pipeline, with the settings that it is stored with, and move it to a device.

    Args:
        model: "mini", which comes with pokecolor, the folder of a pipeline, a single file of
            InstructPix2Pix, or an id on the model hub.
        device: "cuda", "mps" or "cpu"; None for the fastest there is. On CUDA large models run in
            float16, all others in float32; see `choose_dtype`.
        lora: a file of factors to merge into the model, see `merge_lora`.

    Raises:
        UserError: there is no pipeline, or it is not whole, see `read_pipeline`; the device is not
            there, or the factors do not fit.
    """
    place = choose_device(device)
    location = MINI if str(model) == "mini" else os.path.expanduser(model)
    pipeline = read_pipeline(location)
    if lora is not None:
        merge_lora(pipeline, Path(lora).expanduser())
    pipeline.set_progress_bar_config(disable=True)
    dtype = choose_dtype(place, pipeline.unet.num_parameters())
    return pipeline.to(place, dtype), _find_sampling(location)


def _find_sampling(location: str | Path) -> Sampling:
    """The settings in a folder or on the hub."""
    if not Path(location).exists():
        from huggingface_hub import hf_hub_download
        from huggingface_hub.errors import HfHubHTTPError, OfflineModeIsEnabled

        with contextlib.suppress(HfHubHTTPError, OfflineModeIsEnabled, OSError):
            location = Path(hf_hub_download(str(location), FILE)).parent
    return Sampling.load(location)
