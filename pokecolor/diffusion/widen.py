"""Adds input channels for the image to edit to a text-to-image UNet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from diffusers import UNet2DConditionModel


def widen_for_image(unet: UNet2DConditionModel, latent_channels: int) -> UNet2DConditionModel:
    """Widen `conv_in` for noisy latents and image latents, concatenated, in place.

    The weights of the first `latent_channels` input channels and the bias are kept, and the new
    weights are zero (Brooks et al. 2023, section 3.2), so that at first the UNet's prediction does
    not change. A UNet with 2 x `latent_channels` input channels is returned unchanged.

    Raises:
        UserError: the UNet has neither `latent_channels` nor twice as many input channels.
    """
    import torch

    have, want = unet.config.in_channels, 2 * latent_channels
    if have == want:
        return unet
    if have != latent_channels:
        raise UserError(
            f"the UNet takes {have} input channels; with this VAE it must take {latent_channels} "
            f"(text to image, to be widened) or {want} (InstructPix2Pix)"
        )
    old = unet.conv_in
    new = torch.nn.Conv2d(
        want, old.out_channels, old.kernel_size, old.stride, old.padding, dtype=old.weight.dtype
    )
    with torch.no_grad():
        new.weight.zero_()
        new.weight[:, :latent_channels].copy_(old.weight)
        new.bias.copy_(old.bias)
    unet.conv_in = new
    unet.register_to_config(in_channels=want)
    return unet
