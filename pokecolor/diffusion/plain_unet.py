"""The UNet with adapters merged and shards gathered, as diffusers expects it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch.distributed.tensor import DTensor

from pokecolor.diffusion.lora import ADAPTER

if TYPE_CHECKING:
    from diffusers import ModelMixin


def plain_unet(unet: ModelMixin) -> ModelMixin:
    """A UNet with LoRA's factors merged into its weights and all shards gathered.

    `unet` itself where it has neither. All ranks must call it where there are shards.
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
    """The merged, gathered weights; those that need neither are shared with `unet`, not copied."""
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
