"""Settings that make a UNet faster or smaller in memory without changing its output."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import torch

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from diffusers import ModelMixin


@dataclass(frozen=True)
class Acceleration:
    """The switches of the group `model.acceleration`."""

    attention: Literal["sdpa", "xformers", "eager"] = "sdpa"
    """PyTorch's scaled_dot_product_attention, xformers' kernels (CUDA only), or plain matrix
    products, whose backward pass is faster on a CPU."""
    gradient_checkpointing: bool = False
    """Recompute activations in the backward pass: less memory, about a quarter more computation."""
    channels_last: bool = False
    """Keep feature maps with channels innermost, which tensor cores prefer."""
    compile: bool = False
    """`torch.compile` the UNet: the start takes minutes, the steps are faster."""

    def apply(self, unet: ModelMixin) -> None:
        """Apply the settings to a UNet, in place.

        Raises:
            UserError: xformers is requested, but not installed, built for another PyTorch, or there
                is no CUDA device.
        """
        if self.attention == "xformers":
            _use_xformers(unet)
        else:
            _use_torch(unet, self.attention)
        if self.gradient_checkpointing:
            unet.enable_gradient_checkpointing()
        if self.channels_last:
            unet.to(memory_format=torch.channels_last)
        if self.compile:
            unet.compile()  # in place: the names in its state dict stay the same


def _use_torch(unet: ModelMixin, attention: str) -> None:
    from diffusers.models.attention_processor import AttnProcessor, AttnProcessor2_0

    processors = {"sdpa": AttnProcessor2_0, "eager": AttnProcessor}
    if attention not in processors:
        raise UserError(f"model.acceleration.attention={attention}: choose sdpa, xformers or eager")
    unet.set_attn_processor(processors[attention]())


def _use_xformers(unet: ModelMixin) -> None:
    hint = "use model.acceleration.attention=sdpa"
    if not torch.cuda.is_available():
        raise UserError(
            f"model.acceleration.attention=xformers needs a CUDA device, and there is none; {hint}"
        )
    try:
        unet.enable_xformers_memory_efficient_attention()
    except (ModuleNotFoundError, ValueError, NotImplementedError) as error:
        # the last is raised by an xformers that was built for another PyTorch
        raise UserError(
            f"model.acceleration.attention=xformers: {str(error).splitlines()[0]}; install the "
            f"xformers that fits PyTorch {torch.__version__}, or {hint}"
        ) from error
