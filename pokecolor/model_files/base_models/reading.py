"""Finds a base model by name or by folder, and loads pipelines for sampling."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError
from pokecolor.core.library_logging import quiet_libraries
from pokecolor.model_files import base_models
from pokecolor.model_files.base_models.base_model import BaseModel
from pokecolor.model_files.parts import read_scheduler
from pokecolor.model_files.pipeline import NOISE_SCHEDULE, read_index

if TYPE_CHECKING:
    from diffusers import DiffusionPipeline


def find_base(name: str) -> type[BaseModel]:
    """The base model in the module `name` of `pokecolor.model_files.base_models`.

    Raises:
        UserError: there is none.
    """
    found = _all_bases()
    if name not in found:
        raise UserError(
            f"model.components.architecture={name}: choose one of {', '.join(sorted(found))}"
        )
    return found[name]


def read_pipeline(location: str | Path) -> DiffusionPipeline:
    """Load a pipeline in float32 on the CPU, without running code of it.

    Args:
        location: a folder, a single file, or an id on the model hub. An existing path is never
            taken for a hub id.

    Raises:
        UserError: it does not exist, a part is missing or damaged, it contains code, or it does
            not take a sketch.
    """
    quiet_libraries()
    base = find_base("stable_diffusion")
    root = str(location)
    if Path(root).is_file():
        from diffusers import DPMSolverMultistepScheduler

        parts = base.read_parts(root)
        # the timestep spacing of the published pipelines of these files
        scheduler = DPMSolverMultistepScheduler.from_config(
            NOISE_SCHEDULE, timestep_spacing="leading"
        )
    else:
        kind, sampler = read_index(root)
        base = next((each for each in _all_bases().values() if each.pipeline == kind), base)
        parts = base.read_parts(root)
        scheduler = read_scheduler(sampler, root, "scheduler")
    model = base(parts, scheduler, where=root)
    if not model.takes_image:
        raise UserError(
            f"{root}: this model paints from text alone and takes no sketch; train it first: "
            f"pokecolor train model.components.checkpoint={root}"
        )
    return model.to_pipeline(scheduler)


def _all_bases() -> dict[str, type[BaseModel]]:
    """Each module's own class."""
    found = {}
    for module in pkgutil.iter_modules(base_models.__path__, f"{base_models.__name__}."):
        for value in vars(importlib.import_module(module.name)).values():
            is_base = isinstance(value, type) and issubclass(value, BaseModel)
            if is_base and value.__module__ == module.name and value is not BaseModel:
                found[module.name.rpartition(".")[2]] = value
    return found
