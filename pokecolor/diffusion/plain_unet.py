"""Turns a UNet with LoRA or sharded weights into a plain one for diffusers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.distributed.tensor import DTensor

from pokecolor.diffusion.lora import ADAPTER

if TYPE_CHECKING:
    from diffusers import ModelMixin


def plain_unet(unet: ModelMixin) -> ModelMixin:
    """A UNet with LoRA factors merged and shards gathered.

    Returns `unet` itself if it has neither. If it is sharded, all ranks must call it.
    """
    sharded = any(isinstance(parameter, DTensor) for parameter in unet.parameters())
    if not sharded and not has_lora(unet):
        return unet
    from accelerate import init_empty_weights

    with init_empty_weights():
        plain = type(unet).from_config(unet.config)
    plain.load_state_dict(_plain_state_dict(unet), assign=True)
    return plain.requires_grad_(False).eval()


def has_lora(unet: ModelMixin) -> bool:
    """Whether the UNet has adapter layers."""
    return bool(getattr(unet, "peft_config", None))


@torch.no_grad()
def _plain_state_dict(unet: ModelMixin) -> dict[str, torch.Tensor]:
    """The merged and gathered weights; the others are shared with `unet`."""
    state = {
        name.replace(".base_layer.", "."): value
        for name, value in unet.state_dict().items()
        if ".lora_" not in name
    }
    if has_lora(unet):
        from peft.tuners.tuners_utils import BaseTunerLayer

        for name, layer in unet.named_modules():
            if isinstance(layer, BaseTunerLayer):
                base = layer.get_base_layer().weight
                state[f"{name}.weight"] = base + layer.get_delta_weight(ADAPTER)
    return {
        name: value.full_tensor() if isinstance(value, DTensor) else value
        for name, value in state.items()
    }
