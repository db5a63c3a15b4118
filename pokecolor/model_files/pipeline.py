"""Reads the index of a pipeline (`model_index.json`) without running code that it names."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pokecolor.core.errors import UserError
from pokecolor.model_files.parts import raise_read_error
from pokecolor.model_files.single_file import SUFFIXES

if TYPE_CHECKING:
    from diffusers import SchedulerMixin

INDEX = "model_index.json"
"""The file that makes a folder a pipeline."""

NOISE_SCHEDULE = {
    "num_train_timesteps": 1000,
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "clip_sample": False,
    "steps_offset": 1,
}
"""Stable Diffusion's noise schedule, the default for checkpoints without one."""


HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[\w.-]+")


def _find_index(root: str) -> Path:
    """The index of a pipeline in a folder or on the hub.

    Raises:
        UserError: there is none.
    """
    path = Path(root) / INDEX
    if path.is_file():
        return path
    if Path(root).exists() or not HUB_ID.fullmatch(root) or root.endswith(SUFFIXES):
        raise UserError(
            f"{root}: no pipeline there; name a run's pipeline/, a single file, a model on the hub "
            "(owner/name), or use mini"
        )
    from huggingface_hub import hf_hub_download

    try:
        return Path(hf_hub_download(root, INDEX))
    except Exception as error:
        raise_read_error(error, root, root)


def read_index(root: str) -> tuple[str, type[SchedulerMixin]]:
    """The class name of a pipeline, and its scheduler's class, after checking the index.

    Raises:
        UserError: there is no index, or it names classes that are not diffusers' own.
    """
    import diffusers

    path = _find_index(root)
    try:
        index: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        named = {name: value for name, value in index.items() if not name.startswith("_")}
        library, sampler = index["scheduler"]
        kind = index["_class_name"]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(f"{path}: not the index of a pipeline ({error!r})") from error
    libraries = {
        value[0] for value in named.values() if isinstance(value, list) and len(value) == 2
    }
    # "stable_diffusion" is where diffusers has its safety checker, which is not loaded
    foreign = libraries - {None, "diffusers", "transformers", "stable_diffusion"}
    if not isinstance(kind, str) or foreign:
        code = kind[0] if isinstance(kind, list) and kind else min(foreign, default=kind, key=str)
        raise UserError(
            f"{path}: it names code of its own ({code}), which is not run; give a pipeline of "
            "diffusers' own classes"
        )
    found = getattr(diffusers, sampler, None) if library == "diffusers" else None
    if not isinstance(found, type) or not hasattr(found, "set_timesteps"):
        raise UserError(f"{path}: scheduler {sampler}: diffusers has no such scheduler class")
    return kind, found
