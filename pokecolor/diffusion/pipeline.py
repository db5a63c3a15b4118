"""The diffusers pipeline of a module's weights, in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.diffusion.plain_unet import plain_unet
from pokecolor.errors import UserError
from pokecolor.quiet import quiet_libraries

if TYPE_CHECKING:
    from diffusers import SchedulerMixin, StableDiffusionInstructPix2PixPipeline

    from pokecolor.diffusion.module import InstructPix2PixModule


def find_sampler(name: str) -> type[SchedulerMixin]:
    """The class in diffusers that walks down the noise schedule.

    Raises:
        UserError: diffusers has no such sampler.
    """
    import diffusers

    found = getattr(diffusers, name, None)
    if not hasattr(found, "set_timesteps"):
        raise UserError(f"sampler={name}: diffusers has no such scheduler class")
    return found


def build_pipeline(
    module: InstructPix2PixModule, sampler: str = "DPMSolverMultistepScheduler"
) -> StableDiffusionInstructPix2PixPipeline:
    """diffusers' own pipeline over the weights that the UNet has now, shared, not copied.

    Call it within `module.averaged_weights()`, and use it there, for the averaged ones. All ranks
    of a run must call it.

    Args:
        module: whose parts it takes.
        sampler: see `find_sampler`.

    Raises:
        UserError: diffusers has no such sampler.
    """
    import diffusers

    quiet_libraries()
    parts = module.components
    pipeline = diffusers.StableDiffusionInstructPix2PixPipeline(
        vae=module.encoder.vae,
        text_encoder=module.encoder.text_encoder,
        tokenizer=parts.tokenizer,
        unet=plain_unet(module.unet),
        scheduler=find_sampler(sampler).from_config(parts.scheduler.config),
        safety_checker=None,
        feature_extractor=None,
        requires_safety_checker=False,
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline
