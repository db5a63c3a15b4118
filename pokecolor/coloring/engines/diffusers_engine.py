"""Generates images with diffusers' pipeline, on a GPU if there is one."""

from __future__ import annotations

import importlib.metadata
import inspect
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from PIL import Image

from pokecolor.core.devices import choose_device, choose_dtype
from pokecolor.core.fingerprint import image_model_fingerprint, text_encoder_fingerprint
from pokecolor.core.images.failed_pictures import NoPicture, check_pictures
from pokecolor.model_files.adapters import merge_lora
from pokecolor.model_files.base_models.reading import read_pipeline

if TYPE_CHECKING:
    from diffusers import DiffusionPipeline

    from pokecolor.model_files.sampling import Sampling

TEXT_ENCODERS = {"text_encoder": "tokenizer", "text_encoder_2": "tokenizer_2"}
"""Text encoder => tokenizer in a pipeline; SDXL has two."""
PACKAGES = ("diffusers", "torch", "transformers")
"""Packages whose version may change the images."""


class DiffusersEngine:
    """See `Engine`.

    Args:
        pipeline: a pipeline of diffusers, on its device. Its images may be `NoPicture` afterwards.
    """

    def __init__(self, pipeline: DiffusionPipeline) -> None:
        check_pictures(pipeline)
        self.pipeline = pipeline
        self.size = pipeline.unet.config.sample_size * pipeline.vae_scale_factor
        self.vocabulary = len(pipeline.tokenizer)

    @classmethod
    def read(
        cls, location: str | Path, device: str | None = None, lora: str | Path | None = None
    ) -> DiffusersEngine:
        """Read a pipeline and move it to a device.

        Args:
            location: see `read_pipeline`.
            device: "cuda", "mps" or "cpu"; None for the fastest there is. On CUDA large models run
                in float16, all others in float32; see `choose_dtype`.
            lora: a file of factors to merge into the model, see `merge_lora`.

        Raises:
            UserError: there is no pipeline, or it is not whole, see `read_pipeline`; the device is
                not there, or the factors do not fit.
        """
        place = choose_device(device)
        pipeline = read_pipeline(location)
        if lora is not None:
            merge_lora(pipeline, Path(lora).expanduser())
        pipeline.set_progress_bar_config(disable=True)
        return cls(pipeline.to(place, choose_dtype(place, pipeline.unet.num_parameters())))

    @property
    def on_gpu(self) -> bool:
        return self.pipeline.device.type != "cpu"

    def paint(
        self,
        prompts: Sequence[str],
        squares: Sequence[np.ndarray],
        seeds: Sequence[int],
        sampling: Sampling,
        on_step: Callable[[float], None] | None = None,
        negative_prompt: str = "",
    ) -> list[np.ndarray | NoPicture]:
        """See `Engine.paint`. Noise is drawn on the CPU, whatever the device."""
        output = self.pipeline(
            list(prompts),
            image=[Image.fromarray(square) for square in squares],
            num_inference_steps=sampling.steps,
            guidance_scale=sampling.guidance,
            image_guidance_scale=sampling.image_guidance,
            generator=[torch.Generator().manual_seed(seed) for seed in seeds],
            **({"negative_prompt": [negative_prompt] * len(prompts)} if negative_prompt else {}),
            **_step_callback(self.pipeline, on_step),
        )
        return [
            each if isinstance(each, NoPicture) else np.asarray(each.convert("RGB"))
            for each in output.images
        ]

    def to(self, device: torch.device) -> None:
        """See `Engine.to`."""
        self.pipeline.to(device)

    def fingerprint(self) -> list[Any]:
        """See `Engine.fingerprint`."""
        pipeline = self.pipeline
        versions = [importlib.metadata.version(name) for name in PACKAGES]
        models = [image_model_fingerprint(model) for model in (pipeline.unet, pipeline.vae)]
        texts = [
            text_encoder_fingerprint(getattr(pipeline, name), pipeline.components[tokenizer])
            for name, tokenizer in TEXT_ENCODERS.items()
            if name in pipeline.components
        ]
        scheduler = pipeline.scheduler
        return [*versions, *models, *texts, type(scheduler).__name__, dict(scheduler.config)]


def _step_callback(
    model: DiffusionPipeline, on_step: Callable[[float], None] | None
) -> dict[str, Any]:
    """Arguments that make a pipeline report its steps."""
    if on_step is None:
        return {}

    def report(pipeline: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        on_step((step + 1) / len(pipeline.scheduler.timesteps))
        return tensors

    if "callback_on_step_end" in inspect.signature(model.__call__).parameters:
        return {"callback_on_step_end": report}
    return {"callback": partial(report, model)}  # diffusers' pipeline for SDXL
