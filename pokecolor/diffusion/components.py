"""The five parts of an InstructPix2Pix model, read from a folder or the model hub."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pokecolor.diffusion.widen import widen_for_image
from pokecolor.errors import UserError
from pokecolor.quiet import quiet_libraries

if TYPE_CHECKING:
    from diffusers import AutoencoderKL, DDPMScheduler, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer

log = logging.getLogger(__name__)

SHIPPED = Path(__file__).parent.parent / "weights"
"""Weights that are part of the package, one folder a model."""

NOISE_SCHEDULE = {
    "num_train_timesteps": 1000,
    "beta_start": 0.00085,
    "beta_end": 0.012,
    "beta_schedule": "scaled_linear",
    "clip_sample": False,
    "steps_offset": 1,
}
"""Stable Diffusion's noise schedule, for a checkpoint that states none."""


@dataclass
class Components:
    """The parts, named as diffusers' pipeline names them."""

    vae: AutoencoderKL
    text_encoder: CLIPTextModel
    tokenizer: CLIPTokenizer
    unet: UNet2DConditionModel
    """Takes noisy latents and image latents side by side: 2 x latent_channels in."""
    scheduler: DDPMScheduler
    """The noise schedule and what the UNet predicts: epsilon or v."""
    origin: str
    """What training starts from, in words for the model card."""


def load_components(
    checkpoint: str,
    unet: Literal["pretrained", "scratch"] = "pretrained",
    unet_config: dict[str, Any] | None = None,
    prediction_type: Literal["epsilon", "v_prediction"] | None = None,
    zero_terminal_snr: bool | None = None,
    revision: str | None = None,
    seed: int = 0,
) -> Components:
    """Read a model in diffusers layout and make its UNet take an image.

    Args:
        checkpoint: a folder, the name of weights shipped with pokecolor ("mini"), or a hub id.
        unet: "scratch" builds the UNet at random from `unet_config` instead of reading it.
        unet_config: arguments of `UNet2DConditionModel`, used by "scratch" alone.
        prediction_type: what the UNet predicts; None keeps the checkpoint's own.
        zero_terminal_snr: whether the noise schedule ends in pure noise, as Stable Diffusion's does
            not (Lin et al. 2024, algorithm 1); sampling then begins at its last timestep. The UNet
            must predict v. None keeps the checkpoint's own schedule.
        revision: branch, tag or commit on the hub.
        seed: of the random weights of "scratch".

    Raises:
        UserError: no such choice or checkpoint, a part is missing, the hub cannot be reached, or
            the UNet's input channels fit neither a text-to-image nor an InstructPix2Pix model.
    """
    if unet not in ("pretrained", "scratch"):
        raise UserError(f"model.components.unet={unet}: choose pretrained or scratch")
    if prediction_type not in (None, "epsilon", "v_prediction"):
        raise UserError(
            f"model.components.prediction_type={prediction_type}: choose epsilon, v_prediction, or "
            "null for the checkpoint's own"
        )
    quiet_libraries()
    import torch
    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTokenizer

    root = resolve_checkpoint_root(checkpoint)
    if not Path(root).is_dir():
        log.info("%s: from the model hub, or the copy that it left here", root)
    # float32 whatever the files hold: training keeps full weights, and autocast rounds them
    vae = _read_part(AutoencoderKL, root, "vae", revision, torch_dtype=torch.float32)
    text_encoder = _read_part(CLIPTextModel, root, "text_encoder", revision, dtype=torch.float32)
    tokenizer = _read_part(CLIPTokenizer, root, "tokenizer", revision)
    origin = f"`{checkpoint}`"
    if unet == "scratch":
        origin = f"random weights, beside the VAE and the text encoder of {origin}"
        network = _random_unet(unet_config, seed)
    else:
        network = _read_part(
            UNet2DConditionModel, root, "unet", revision, torch_dtype=torch.float32
        )
    network = widen_for_image(network, vae.config.latent_channels)
    scheduler = _read_scheduler(root, revision, prediction_type, zero_terminal_snr)
    return Components(vae, text_encoder, tokenizer, network, scheduler, origin)


def resolve_checkpoint_root(checkpoint: str) -> str:
    """A folder's path, a shipped model's folder, or else the hub id as it is.

    Raises:
        UserError: it looks like a path, and nothing is there.
    """
    if Path(checkpoint).is_dir():
        return checkpoint
    if (SHIPPED / checkpoint).is_dir():
        return str(SHIPPED / checkpoint)
    if checkpoint.count("/") != 1 or checkpoint.startswith((".", "/", "~")):
        raise UserError(
            f"model.components.checkpoint={checkpoint}: no such folder; give a folder in diffusers "
            "layout, a hub id (owner/name), or use model=mini"
        )
    return checkpoint


def _read_part(cls: Any, root: str, part: str, revision: str | None, **options: Any) -> Any:
    """One part by its own `from_pretrained`; whatever goes wrong is one line for the user."""
    if Path(root).is_dir() and not (Path(root) / part).is_dir():
        raise UserError(f"{root}: has no folder {part}/; a checkpoint in diffusers layout has one")
    try:
        return cls.from_pretrained(root, subfolder=part, revision=revision, **options)
    except (OSError, ValueError) as error:
        reason = " ".join(str(error).split())[:160]
        if Path(root).is_dir():
            raise UserError(f"{root}/{part}: cannot be read ({reason})") from error
        raise UserError(
            f"{root}: not in the local hub cache and the model hub did not give it; go online, or "
            f"use model=mini, which works offline ({reason})"
        ) from error


def _read_scheduler(
    root: str, revision: str | None, prediction_type: str | None, zero_terminal_snr: bool | None
) -> DDPMScheduler:
    """The checkpoint's noise schedule as DDPM, which is what adds noise in training."""
    from diffusers import DDPMScheduler

    if Path(root).is_dir() and not (Path(root) / "scheduler").is_dir():
        config = NOISE_SCHEDULE
    else:
        config = dict(_read_part(DDPMScheduler, root, "scheduler", revision).config)
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
            "model.components.zero_terminal_snr: to find the noise in pure noise teaches nothing; "
            "set model.components.prediction_type=v_prediction"
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
