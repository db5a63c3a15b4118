"""Widening keeps what the UNet knew; a UNet that takes an image already is not touched."""

from __future__ import annotations

import pytest
import torch
from tiny_model import DIM, LATENT_CHANNELS, TOKENS, tiny_unet

from pokecolor.core.errors import UserError
from pokecolor.diffusion.widen import widen_for_image


def test_bias_and_old_channels_are_copied_and_new_ones_zero():
    unet = tiny_unet(LATENT_CHANNELS)
    weight, bias = unet.conv_in.weight.detach().clone(), unet.conv_in.bias.detach().clone()
    widened = widen_for_image(unet, LATENT_CHANNELS)
    assert torch.equal(widened.conv_in.weight[:, :LATENT_CHANNELS], weight)
    assert torch.equal(widened.conv_in.bias, bias)
    assert not widened.conv_in.weight[:, LATENT_CHANNELS:].any()
    assert widened.config.in_channels == 2 * LATENT_CHANNELS


def test_a_widened_unet_predicts_what_it_did_before_whatever_the_image():
    unet = tiny_unet(LATENT_CHANNELS).eval()
    noisy, image = torch.randn(2, 2, LATENT_CHANNELS, 8, 8)
    embeds, timesteps = torch.randn(2, TOKENS, DIM), torch.tensor([10, 900])
    with torch.no_grad():
        before = unet(noisy, timesteps, embeds).sample
        widened = widen_for_image(unet, LATENT_CHANNELS)
        after = widened(torch.cat([noisy, image], 1), timesteps, embeds).sample
    torch.testing.assert_close(after, before)


def test_eight_channels_stay_as_they_are():
    unet = tiny_unet()
    layer, weight = unet.conv_in, unet.conv_in.weight.detach().clone()
    assert widen_for_image(unet, LATENT_CHANNELS).conv_in is layer
    assert torch.equal(layer.weight, weight)


def test_other_channels_are_refused():
    with pytest.raises(UserError, match="takes 5 input channels"):
        widen_for_image(tiny_unet(5), LATENT_CHANNELS)
