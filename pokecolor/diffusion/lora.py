"""Low-rank adaptation: train small factors beside frozen weights (Hu et al. 2021)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from diffusers import UNet2DConditionModel

ADAPTER = "default"


@dataclass(frozen=True)
class LoRA:
    """The group `model.lora`; a rank of 0 trains all weights instead."""

    rank: int = 0
    """Of the two factors whose product is added to a frozen weight."""
    alpha: float | None = None
    """The product is scaled by alpha / rank; None for alpha = rank."""
    targets: tuple[str, ...] = ("to_q", "to_k", "to_v", "to_out.0", "conv_in")
    """Ends of the names of the layers to adapt. `conv_in` is among them, because a UNet widened for
    an image starts with zeros there and would never see it otherwise."""

    def apply(self, unet: UNet2DConditionModel) -> None:
        """Freeze the UNet and add trainable factors to it, in place; no change for rank 0."""
        if self.rank == 0:
            return
        from peft import LoraConfig

        unet.requires_grad_(False)
        unet.add_adapter(
            LoraConfig(
                r=self.rank,
                lora_alpha=self.rank if self.alpha is None else self.alpha,
                target_modules=list(self.targets),
                init_lora_weights="gaussian",
            ),
            adapter_name=ADAPTER,
        )
