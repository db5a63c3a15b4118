"""Writes InstructPix2Pix as one file in Stable Diffusion's original layout.

The inverse of `single_file`. Stable Diffusion web UIs and ComfyUI read it as a checkpoint; they
recognize InstructPix2Pix by its eight input channels.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pokecolor.core.errors import UserError
from pokecolor.model_files.single_file import STABLE_DIFFUSION_1

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import torch
    from diffusers import StableDiffusionInstructPix2PixPipeline

_UNET = (
    (r"^time_embedding\.linear_1\.", "time_embed.0."),
    (r"^time_embedding\.linear_2\.", "time_embed.2."),
    (r"^conv_in\.", "input_blocks.0.0."),
    (r"^conv_norm_out\.", "out.0."),
    (r"^conv_out\.", "out.2."),
    (r"^mid_block\.resnets\.0\.", "middle_block.0."),
    (r"^mid_block\.attentions\.0\.", "middle_block.1."),
    (r"^mid_block\.resnets\.1\.", "middle_block.2."),
)
_UNET_RESNET = {
    "norm1": "in_layers.0",
    "conv1": "in_layers.2",
    "norm2": "out_layers.0",
    "conv2": "out_layers.3",
    "time_emb_proj": "emb_layers.1",
    "conv_shortcut": "skip_connection",
}
_VAE = (
    (r"conv_norm_out", "norm_out"),
    (r"conv_shortcut", "nin_shortcut"),
    (r"mid_block\.resnets\.0\.", "mid.block_1."),
    (r"mid_block\.resnets\.1\.", "mid.block_2."),
    (r"mid_block\.attentions\.0\.group_norm", "mid.attn_1.norm"),
    (r"mid_block\.attentions\.0\.to_out\.0", "mid.attn_1.proj_out"),
    (r"mid_block\.attentions\.0\.to_(.)", r"mid.attn_1.\1"),
    (r"down_blocks\.(\d+)\.resnets\.", r"down.\1.block."),
    (r"down_blocks\.(\d+)\.downsamplers\.0\.", r"down.\1.downsample."),
    (r"up_blocks\.(\d+)\.resnets\.", r"up.\1.block."),
    (r"up_blocks\.(\d+)\.upsamplers\.0\.", r"up.\1.upsample."),
)


def require_original_layout(
    pipeline: StableDiffusionInstructPix2PixPipeline,
    configs: Mapping[str, Mapping[str, Any]] = STABLE_DIFFUSION_1,
) -> None:
    """Check that a pipeline can be written in the original layout.

    Args:
        pipeline: the pipeline.
        configs: the architecture that readers of such a file assume.

    Raises:
        UserError: it has another architecture, or the UNet does not predict epsilon, which such
            a file cannot say.
    """
    if other := find_other_setting(pipeline, configs):
        raise UserError(
            f"single_file: it holds models of Stable Diffusion 1.x's size alone, and {other}; do "
            "without it: the folder in diffusers layout holds any"
        )
    prediction = pipeline.scheduler.config.prediction_type
    if prediction != "epsilon":
        raise UserError(
            f"single_file: who reads it takes it to predict epsilon, and this model predicts "
            f"{prediction}; do without it: the folder in diffusers layout says so"
        )


def find_other_setting(
    pipeline: StableDiffusionInstructPix2PixPipeline,
    configs: Mapping[str, Mapping[str, Any]] = STABLE_DIFFUSION_1,
) -> str | None:
    """Describe a setting of the architecture that differs from Stable Diffusion 1.x; None if none.

    The image size may differ.
    """
    for part, wanted in configs.items():
        config = getattr(pipeline, part).config
        for setting, value in wanted.items():
            found = getattr(config, setting, None)
            if setting != "sample_size" and _plain(found) != _plain(value):
                return f"here {part}.{setting} is {_plain(found)}, not {_plain(value)}"
    return None


def write_original_layout(
    pipeline: StableDiffusionInstructPix2PixPipeline, path: Path, metadata: Mapping[str, str]
) -> None:
    """Write UNet, VAE and text encoder to one `.safetensors` file, in float16.

    Args:
        pipeline: a pipeline that `require_original_layout` accepts.
        path: the file.
        metadata: metadata of its header.
    """
    import torch
    from safetensors.torch import save_file

    tensors = original_tensors(
        *(getattr(pipeline, part).state_dict() for part in ("unet", "vae", "text_encoder")),
        layers=pipeline.unet.config.layers_per_block,
        levels=len(pipeline.vae.config.block_out_channels),
    )
    halved = {name: value.to("cpu", torch.float16).contiguous() for name, value in tensors.items()}
    save_file(halved, path, metadata={"format": "pt", **metadata})


def original_tensors(
    unet: Mapping[str, torch.Tensor],
    vae: Mapping[str, torch.Tensor],
    text_encoder: Mapping[str, torch.Tensor],
    layers: int,
    levels: int,
) -> dict[str, torch.Tensor]:
    """Rename tensors from diffusers' names to the original ones.

    Args:
        unet: tensors by name.
        vae: tensors by name.
        text_encoder: tensors by name, with or without the prefix "text_model.".
        layers: resnets per down block of the UNet.
        levels: number of resolutions of the VAE.
    """
    found = {f"model.diffusion_model.{_unet(name, layers)}": v for name, v in unet.items()}
    for name, value in vae.items():
        renamed = _vae(name, levels)
        if ".attn_1." in renamed and value.dim() == 2:  # a convolution over one pixel there
            value = value[:, :, None, None]
        found[f"first_stage_model.{renamed}"] = value
    for name, value in text_encoder.items():
        plain = name.removeprefix("text_model.")
        found[f"cond_stage_model.transformer.text_model.{plain}"] = value
    return found


def _unet(name: str, layers: int) -> str:
    """ "down_blocks.0.resnets.0.norm1.weight" => "input_blocks.1.0.in_layers.0.weight"."""
    for ours, theirs in _UNET:
        name = re.sub(ours, theirs, name)
    if match := re.match(r"(down|up)_blocks\.(\d+)\.(\w+)\.(\d+)\.(.*)", name):
        side, block, kind, layer, rest = match.groups()
        first = int(block) * (layers + 1)
        if side == "down":
            number = first + 1 + (layers if kind == "downsamplers" else int(layer))
            place = {"resnets": "0", "attentions": "1", "downsamplers": "0"}[kind]
            rest = re.sub(r"^conv\.", "op.", rest) if kind == "downsamplers" else rest
            name = f"input_blocks.{number}.{place}.{rest}"
        else:
            number = first + (layers if kind == "upsamplers" else int(layer))
            # the lowest block has no attention before its upsampler
            place = {"resnets": "0", "attentions": "1", "upsamplers": "1" if block == "0" else "2"}
            name = f"output_blocks.{number}.{place[kind]}.{rest}"
    if "transformer_blocks" not in name:
        for ours, theirs in _UNET_RESNET.items():
            name = name.replace(f".{ours}.", f".{theirs}.")
    return name


def _vae(name: str, levels: int) -> str:
    """ "decoder.up_blocks.0.resnets.0.conv1.weight" => "decoder.up.3.block.0.conv1.weight"."""
    for ours, theirs in _VAE:
        name = re.sub(ours, theirs, name)
    # the original layout counts up blocks from the full resolution
    return re.sub(
        r"^decoder\.up\.(\d+)", lambda found: f"decoder.up.{levels - 1 - int(found[1])}", name
    )


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple | list) else value
