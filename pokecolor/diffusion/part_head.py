"""Teaches the UNet which part each place of a sketch shows, before it colors what words name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional as F

from pokecolor.errors import UserError
from pokecolor.part_maps import IGNORED, map_targets

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diffusers import UNet2DConditionModel

    from pokecolor.schema import Batch


class PartHead(nn.Module):
    """Reads part maps from what one layer of the UNet gives.

    To color the belly that an instruction names, the UNet must know where the belly is; the error
    of its prediction says so only by way of colors. With this head it is told directly. The head is
    used in training alone, and the UNet that comes out has none.

    Args:
        layer: the UNet's layer to read from, such as "up_blocks.1.resnets.0": one that cross-
            attention follows.
        channels: that the layer gives.
        part_names: what the maps are of.
        weight: of its cross-entropy beside the denoising loss.
        background_weight: of cells that show no part, of which there are most.
        split: cells to be told apart within one of the layer's, along each side.
    """

    def __init__(
        self,
        layer: str,
        channels: int,
        part_names: Sequence[str],
        weight: float = 0.1,
        background_weight: float = 0.3,
        split: int = 2,
    ) -> None:
        super().__init__()
        self.layer, self.part_names, self.weight = layer, list(part_names), weight
        labels = 1 + len(self.part_names)
        self.read = nn.Sequential(nn.Conv2d(channels, labels * split**2, 1), nn.PixelShuffle(split))
        cells = torch.ones(labels)
        cells[0] = background_weight
        self.register_buffer("cell_weight", cells, persistent=False)
        self._given: torch.Tensor | None = None

    def attach(self, unet: UNet2DConditionModel) -> PartHead:
        """Listen to the UNet's layer from now on.

        Raises:
            UserError: it has no such layer, or would compute the layer again for its gradients.
        """
        try:
            layer = unet.get_submodule(self.layer)
        except AttributeError:
            raise UserError(
                f"model.part_head.layer={self.layer}: the UNet has no such layer; name another, or "
                "set model.part_head=null"
            ) from None
        if unet.is_gradient_checkpointing:
            raise UserError(
                "model.part_head does not go together with gradient checkpointing; set "
                "model.part_head=null or model.acceleration.gradient_checkpointing=false"
            )
        layer.register_forward_hook(self._listen)
        return self

    def loss(self, batch: Batch) -> torch.Tensor:
        """Weighted cross-entropy of the batch's part maps, after the UNet has seen the batch."""
        logits = self.read(self._given).float()
        self._given = None
        truth = map_targets(
            batch["part_map"], batch["parts"], self.part_names, logits.shape[-2:]
        ).to(logits.device)
        if (truth == IGNORED).all():
            return 0.0 * logits.sum()
        loss = F.cross_entropy(logits, truth, self.cell_weight, ignore_index=IGNORED)
        return self.weight * loss

    def _listen(self, layer: nn.Module, args: tuple, given: torch.Tensor) -> None:
        if torch.is_grad_enabled():
            self._given = given
