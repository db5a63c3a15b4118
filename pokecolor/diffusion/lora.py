"""Low-rank adaptation: train small factors beside frozen weights (Hu et al. 2021)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from diffusers import ModelMixin

ADAPTER = "default"


@dataclass(frozen=True)
class LoRA:
    """The group `model.lora`; a rank of 0 trains all weights instead."""

    rank: int = 0
    """Rank of the two factors whose product is added to a frozen weight."""
    alpha: float | None = None
    """The product is scaled by alpha / rank; None for alpha = rank."""
    targets: tuple[str, ...] | None = None
    """Suffixes of the names of layers to adapt; None for the base model's `lora_targets`."""

    def __post_init__(self) -> None:
        if type(self.rank) is not int or self.rank < 0:
            raise UserError(f"model.lora.rank={self.rank}: give a whole number, 0 or more")
        if self.alpha is not None and not self.alpha > 0:
            raise UserError(f"model.lora.alpha={self.alpha}: give a number above 0, or null")
        if self.targets is not None and (isinstance(self.targets, str) or not self.targets):
            raise UserError(
                f"model.lora.targets={self.targets}: give a list of ends of layers' names, such as "
                "[to_q,to_v]"
            )

    def apply(self, network: ModelMixin, default: Sequence[str]) -> None:
        """Freeze a network and add trainable factors to it, in place; does nothing for rank 0.

        Args:
            network: a model of diffusers.
            default: the default targets.

        Raises:
            UserError: no layer's name ends in a target, or such a layer cannot be adapted.
        """
        if self.rank == 0:
            return
        names = [f".{name}" for name, _ in network.named_modules()]
        targets = list(self.targets or default)
        for target in targets:
            if not any(name.endswith(f".{target}") for name in names):
                raise UserError(
                    f"model.lora.targets: no layer of the UNet ends in {target}; the default is "
                    f"[{','.join(default)}]"
                )
        from peft import LoraConfig

        network.requires_grad_(False)
        settings = LoraConfig(
            r=self.rank,
            lora_alpha=self.rank if self.alpha is None else self.alpha,
            target_modules=targets,
            init_lora_weights="gaussian",
        )
        try:
            network.add_adapter(settings, adapter_name=ADAPTER)
        except ValueError as error:
            reason = " ".join(str(error).split())[:160]
            raise UserError(f"model.lora.targets: {reason}") from error
