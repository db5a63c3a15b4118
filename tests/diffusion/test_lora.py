"""LoRA adds trainable factors beside frozen weights, and changes nothing at first."""

from __future__ import annotations

import pytest
import torch
from tiny_model import DIM, tiny_unet

from pokecolor.core.errors import UserError
from pokecolor.diffusion.lora import LoRA
from pokecolor.diffusion.plain_unet import has_lora, plain_unet
from pokecolor.model_files.base_models.stable_diffusion import StableDiffusion

TARGETS = StableDiffusion.lora_targets
INPUT = (torch.randn(1, 8, 8, 8), torch.tensor([500]), torch.randn(1, 3, DIM))


def test_rank_zero_leaves_the_unet_as_it_is():
    unet = tiny_unet()
    LoRA(rank=0).apply(unet, TARGETS)
    assert not has_lora(unet)
    assert all(parameter.requires_grad for parameter in unet.parameters())
    assert plain_unet(unet) is unet


@torch.no_grad()
def test_only_factors_are_trainable_and_they_start_without_effect():
    unet = tiny_unet().eval()
    before = unet(*INPUT).sample
    LoRA(rank=2).apply(unet, TARGETS)
    trainable = {name for name, value in unet.named_parameters() if value.requires_grad}
    assert trainable and all(".lora_" in name for name in trainable)
    assert any(name.startswith("conv_in.") for name in trainable)
    torch.testing.assert_close(unet(*INPUT).sample, before)


@torch.no_grad()
def test_merging_keeps_what_is_computed_and_the_adapted_unet():
    unet = tiny_unet().eval()
    LoRA(rank=2, alpha=4).apply(unet, TARGETS)
    for name, value in unet.named_parameters():
        if ".lora_" in name:
            value.normal_(std=0.3)
    adapted = unet(*INPUT).sample
    plain = plain_unet(unet)
    assert not has_lora(plain)
    torch.testing.assert_close(plain(*INPUT).sample, adapted, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(unet(*INPUT).sample, adapted)
    assert plain.conv_out.weight.data_ptr() == unet.conv_out.weight.data_ptr()  # shared


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rank": -4}, "model.lora.rank=-4: give a whole number"),
        ({"rank": 4.5}, "model.lora.rank=4.5: give a whole number"),
        ({"rank": True}, "model.lora.rank=True: give a whole number"),
        ({"rank": 4, "alpha": 0}, "model.lora.alpha=0: give a number above 0"),
        ({"rank": 4, "targets": "to_q"}, "model.lora.targets=to_q: give a list"),
        ({"rank": 4, "targets": []}, r"model.lora.targets=\[\]: give a list"),
        ({"rank": 4, "targets": ["to_q", "foo"]}, "no layer of the UNet ends in foo; the default"),
        ({"rank": 4, "targets": ["conv_norm_out"]}, "model.lora.targets: Target module GroupNorm"),
    ],
)
def test_mistakes_are_named_in_one_line(settings, message):
    with pytest.raises(UserError, match=message) as caught:
        LoRA(**settings).apply(tiny_unet(), TARGETS)
    assert "\n" not in str(caught.value)
