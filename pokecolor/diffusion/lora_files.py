"""Writes LoRA factors as files, in diffusers' and in kohya's naming."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.diffusion.lora import ADAPTER
from pokecolor.diffusion.plain_unet import has_lora
from pokecolor.model_files.model_spec import kohya_header

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import torch
    from diffusers import DiffusionPipeline, UNet2DConditionModel

    from pokecolor.model_files.model_spec import ModelSpec

FOLDER, KOHYA = "lora", "lora_kohya.safetensors"
"""Factors for `pipeline.load_lora_weights`, and for ComfyUI and web UIs, in a pipeline's folder."""


def write_lora(
    unet: UNet2DConditionModel, pipeline: type[DiffusionPipeline], folder: Path, spec: ModelSpec
) -> None:
    """Write the LoRA factors of a UNet, if it has any, into a pipeline's folder.

    Args:
        unet: the UNet with its adapter.
        pipeline: the class that reads the factors.
        folder: the pipeline's folder.
        spec: metadata of the files.
    """
    if not has_lora(unet):
        return
    from diffusers.loaders.lora_base import LORA_WEIGHT_NAME_SAFE
    from peft import get_peft_model_state_dict
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    factors = {  # safetensors needs contiguous tensors, not channels last
        name: factor.detach().cpu().contiguous()
        for name, factor in get_peft_model_state_dict(unet).items()
    }
    settings = unet.peft_config[ADAPTER].to_dict()
    pipeline.save_lora_weights(
        folder / FOLDER,
        unet_lora_layers=factors,
        unet_lora_adapter_metadata={  # JSON has no sets
            name: sorted(value) if isinstance(value, set) else value
            for name, value in settings.items()
        },
    )
    rank, alpha = settings["r"], settings["lora_alpha"]
    renamed = kohya_factors(factors, alpha)
    header = {**spec.header(lora=True), **kohya_header(spec, rank, alpha, renamed)}
    save_file(renamed, folder / KOHYA, metadata={"format": "pt", **header})
    # diffusers cannot write other metadata
    file = folder / FOLDER / LORA_WEIGHT_NAME_SAFE
    with safe_open(file, "pt") as opened:
        written = opened.metadata()
    save_file(load_file(file), file, metadata={**header, **written})


def kohya_factors(factors: Mapping[str, torch.Tensor], alpha: float) -> dict[str, torch.Tensor]:
    """Rename a UNet's factors to kohya's names, and add an alpha for each layer.

    diffusers' `convert_state_dict_to_kohya` sets alpha to the rank.

    Args:
        factors: factors in peft's names, "mid_block.attentions.0.proj_in.lora_A.weight".
        alpha: the product of the factors is scaled by alpha / rank.
    """
    import torch

    renamed = {}
    for name, factor in factors.items():
        layer, side = name.removesuffix(".weight").rsplit(".", 1)
        prefix = f"lora_unet_{layer.replace('.', '_')}"
        renamed[f"{prefix}.{ {'lora_A': 'lora_down', 'lora_B': 'lora_up'}[side] }.weight"] = factor
        renamed[f"{prefix}.alpha"] = torch.tensor(float(alpha))
    return renamed
