"""The diffusers pipeline over a module's weights, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.diffusion.plain_unet import plain_unet
from pokecolor.errors import UserError
from pokecolor.quiet import quiet_libraries

if TYPE_CHECKING:
    from diffusers import StableDiffusionInstructPix2PixPipeline

    from pokecolor.diffusion.module import InstructPix2PixModule


def build_pipeline(
    module: InstructPix2PixModule, sampler: str = "DPMSolverMultistepScheduler"
) -> StableDiffusionInstructPix2PixPipeline:
    """diffusers' own pipeline over the weights that the UNet has now, shared, not copied.

    Call it within `module.averaged_weights()`, and use it there, for the averaged ones. All ranks
    of a run must call it.

    Args:
        module: whose parts it takes.
        sampler: the class in diffusers that walks down the noise schedule.

    Raises:
        UserError: diffusers has no such sampler.
    """
    import diffusers

    quiet_libraries()
    sampler_class = getattr(diffusers, sampler, None)
    if not hasattr(sampler_class, "set_timesteps"):
        raise UserError(f"sampler={sampler}: diffusers has no such scheduler class")
    parts = module.components
    pipeline = diffusers.StableDiffusionInstructPix2PixPipeline(
        vae=module.encoder.vae,
        text_encoder=module.encoder.text_encoder,
        tokenizer=parts.tokenizer,
        unet=plain_unet(module.unet),
        scheduler=sampler_class.from_config(parts.scheduler.config),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline
