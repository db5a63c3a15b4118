"""Builds diffusers' pipeline from a module's current weights."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError
from pokecolor.core.library_logging import quiet_libraries
from pokecolor.diffusion.plain_unet import plain_unet

if TYPE_CHECKING:
    from diffusers import DiffusionPipeline, SchedulerMixin

    from pokecolor.diffusion.module import InstructPix2PixModule


def find_sampler(name: str) -> type[SchedulerMixin]:
    """The scheduler class of diffusers with this name.

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
) -> DiffusionPipeline:
    """Build diffusers' pipeline; it shares the network's current weights.

    For the averaged weights, build and use it within `module.averaged_weights()`. All ranks of a
    run must call it.

    Args:
        module: the module.
        sampler: see `find_sampler`.

    Raises:
        UserError: diffusers has no such sampler.
    """
    quiet_libraries()
    schedule = find_sampler(sampler).from_config(module.components.scheduler.config)
    pipeline = module.encoder.to_pipeline(schedule, plain_unet(module.unet))
    pipeline.set_progress_bar_config(disable=True)
    return pipeline
