"""Loads the base model that training starts from: a folder, a file or the hub."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pokecolor.core.errors import UserError
from pokecolor.core.library_logging import quiet_libraries
from pokecolor.diffusion.widen import widen_for_image
from pokecolor.model_files.base_models.reading import find_base
from pokecolor.model_files.parts import PICKLES, read_scheduler
from pokecolor.model_files.pipeline import NOISE_SCHEDULE
from pokecolor.model_files.sampling import FILE as SAMPLING
from pokecolor.model_files.sampling import Sampling
from pokecolor.model_files.single_file import SUFFIXES

if TYPE_CHECKING:
    from diffusers import DDPMScheduler, UNet2DConditionModel

    from pokecolor.model_files.base_models.base_model import BaseModel

log = logging.getLogger(__name__)

FILES = (*SUFFIXES, *PICKLES)
"""Extensions of files; a path that has one is not a hub id."""

SHIPPED = Path(__file__).parent.parent / "weights"
"""Weights that are part of the package, one folder for each model."""


def load_components(
    checkpoint: str,
    unet: Literal["pretrained", "scratch"] = "pretrained",
    unet_config: dict[str, Any] | None = None,
    prediction_type: Literal["epsilon", "v_prediction"] | None = None,
    zero_terminal_snr: bool | None = None,
    revision: str | None = None,
    seed: int = 0,
    architecture: str = "stable_diffusion",
) -> BaseModel:
    """Read a base model and, if needed, add input channels for the sketch to its network.

    Args:
        checkpoint: the name of weights shipped with pokecolor ("mini"), a folder in diffusers
            layout, a single file of Stable Diffusion 1.x or InstructPix2Pix, or a hub id.
        unet: "scratch" initializes the UNet at random, by `unet_config`, instead of reading it.
        unet_config: arguments of `UNet2DConditionModel`, only for "scratch".
        prediction_type: what the network predicts; None for the checkpoint's own.
        zero_terminal_snr: whether to rescale the noise schedule so that it ends in pure noise (Lin
            et al. 2024, algorithm 1), which Stable Diffusion's does not. Sampling then starts at
            the last timestep, and the network must predict v. None for the checkpoint's own.
        revision: branch, tag or commit on the hub.
        seed: seed of the random weights of "scratch".
        architecture: a module of `pokecolor.model_files.base_models`.

    Raises:
        UserError: no such option or checkpoint; a part is missing, damaged, pickled or has an
            unsupported architecture; the hub cannot be reached; or the network's input channels
            fit neither a text-to-image nor an InstructPix2Pix model.
    """
    if unet not in ("pretrained", "scratch"):
        raise UserError(f"model.components.unet={unet}: choose pretrained or scratch")
    if prediction_type not in (None, "epsilon", "v_prediction"):
        raise UserError(
            f"model.components.prediction_type={prediction_type}: choose epsilon, v_prediction, or "
            "null for the checkpoint's own"
        )
    quiet_libraries()
    kind = find_base(architecture)
    root = resolve_checkpoint_root(checkpoint)
    scheduler = _read_scheduler(root, revision, prediction_type, zero_terminal_snr)
    own = {kind.trained: _random_unet(unet_config, seed)} if unet == "scratch" else {}
    if not Path(root).exists():
        log.info("%s: read from the model hub or its local cache", root)
    parts = {**kind.read_parts(root, revision, without=own), **own}
    origin = f"`{checkpoint}`"
    if own:
        origin = f"random weights, beside the frozen parts of {origin}"
    stored = (Path(root) / SAMPLING).is_file()
    base = kind(parts, scheduler, origin, Sampling.load(root) if stored else None, root)
    if kind.widens:
        widen_for_image(base.network, base.network.config.out_channels)
    return base


def resolve_checkpoint_root(checkpoint: str) -> str:
    """Resolve the name of a shipped model or a local path; anything else is returned as a hub id.

    An existing path is never taken for a hub id. "mini" is the shipped model, "./mini" a folder.

    Raises:
        UserError: it looks like a path, but nothing exists there.
    """
    if checkpoint in (path.name for path in SHIPPED.glob("*") if (path / "unet").is_dir()):
        return str(SHIPPED / checkpoint)
    path = Path(checkpoint).expanduser()
    if checkpoint and path.exists():
        return str(path)
    if checkpoint.count("/") != 1 or checkpoint.startswith((".", "/", "~")) or path.suffix in FILES:
        raise UserError(
            f"model.components.checkpoint={checkpoint}: no such folder or file; give a folder in "
            "diffusers layout, a single file, a hub id (owner/name), or use model=mini"
        )
    return checkpoint


def _read_scheduler(
    root: str, revision: str | None, prediction_type: str | None, zero_terminal_snr: bool | None
) -> DDPMScheduler:
    """The checkpoint's noise schedule as a `DDPMScheduler`, to add noise in training."""
    from diffusers import DDPMScheduler

    if Path(root).exists() and not (Path(root) / "scheduler").is_dir():
        config = NOISE_SCHEDULE
    else:
        config = dict(read_scheduler(DDPMScheduler, root, "scheduler", revision).config)
    if prediction_type is not None:
        config = {**config, "prediction_type": prediction_type}
    if zero_terminal_snr is not None:
        spacing = "trailing" if zero_terminal_snr else "leading"
        config = {
            **config,
            "rescale_betas_zero_snr": zero_terminal_snr,
            "timestep_spacing": spacing,
        }
    scheduler = DDPMScheduler.from_config(config)
    if scheduler.config.rescale_betas_zero_snr and scheduler.config.prediction_type == "epsilon":
        raise UserError(
            "model.components.zero_terminal_snr: predicting epsilon from pure noise teaches "
            "nothing; set model.components.prediction_type=v_prediction"
        )
    return scheduler


def _random_unet(config: dict[str, Any] | None, seed: int) -> UNet2DConditionModel:
    import torch
    from diffusers import UNet2DConditionModel

    if config is None:
        raise UserError("model.components.unet=scratch needs model.components.unet_config")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return UNet2DConditionModel(**config)
