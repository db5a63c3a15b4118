"""Auxiliary losses on features of the UNet: which part a cell shows, and its color."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional as F

from pokecolor.colors import TERMS
from pokecolor.errors import UserError
from pokecolor.part_maps import IGNORED, color_targets, map_targets, region_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diffusers import UNet2DConditionModel

    from pokecolor.schema import Batch


class Head(nn.Module):
    """Classifies each cell of what one layer of the UNet gives.

    Heads are used in training alone, and the UNet that comes out has none.

    Args:
        layer: the UNet's layer to read from, such as "up_blocks.1.resnets.0".
        channels: that the layer gives.
        labels: to choose from.
        weight: of the head's loss beside the denoising loss.
        split: cells to be told apart within one of the layer's, along each side.
    """

    def __init__(self, layer: str, channels: int, labels: int, weight: float, split: int) -> None:
        super().__init__()
        self.layer, self.weight = layer, weight
        self.read = nn.Sequential(nn.Conv2d(channels, labels * split**2, 1), nn.PixelShuffle(split))
        self._given: torch.Tensor | None = None

    def attach(self, unet: UNet2DConditionModel) -> Head:
        """Listen to the UNet's layer from now on.

        Raises:
            UserError: it has no such layer, or would compute the layer again for its gradients.
        """
        try:
            layer = unet.get_submodule(self.layer)
        except AttributeError:
            raise UserError(
                f"model.heads: the UNet has no layer {self.layer}; name another, or set "
                "model.heads={}"
            ) from None
        if unet.is_gradient_checkpointing:
            raise UserError(
                "model.heads do not go together with gradient checkpointing; set model.heads={} or "
                "model.acceleration.gradient_checkpointing=false"
            )
        layer.register_forward_hook(self._listen)
        return self

    def loss(self, batch: Batch, has_text: torch.Tensor) -> torch.Tensor:
        """What the head adds to the loss of a batch that the UNet has just seen.

        Args:
            batch: with part maps.
            has_text: bool [batch], false where the UNet was not given the prompt.
        """
        logits = self.read(self._given).float()
        self._given = None
        return self.weight * self.error(logits, batch, has_text)

    def error(self, logits: torch.Tensor, batch: Batch, has_text: torch.Tensor) -> torch.Tensor:
        """The mean error of logits [batch, labels, h, w], a scalar; see `loss`."""
        raise NotImplementedError

    def _listen(self, layer: nn.Module, args: tuple, given: object) -> None:
        if torch.is_grad_enabled():
            self._given = given[0] if isinstance(given, tuple) else getattr(given, "sample", given)


class PartHead(Head):
    """Reads part maps: to color the belly, the UNet must know where it is.

    It belongs at a layer that cross-attention follows.

    Args:
        layer: see `Head`, and so `channels` and `split`.
        channels: ...
        part_names: what the maps are of.
        weight: of the cross-entropy.
        background_weight: of cells that show no part, of which there are most.
        split: ...
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
        super().__init__(layer, channels, 1 + len(part_names), weight, split)
        self.part_names = list(part_names)
        cells = torch.ones(1 + len(part_names))
        cells[0] = background_weight
        self.register_buffer("cell_weight", cells, persistent=False)

    def error(self, logits: torch.Tensor, batch: Batch, has_text: torch.Tensor) -> torch.Tensor:
        """Weighted cross-entropy of the part maps, with the prompt or without."""
        truth = map_targets(batch["part_map"], batch["parts"], self.part_names, logits.shape[-2:])
        truth = truth.to(logits.device)
        if (truth == IGNORED).all():
            return 0.0 * logits.sum()
        return F.cross_entropy(logits, truth, self.cell_weight, ignore_index=IGNORED)


class ColorHead(Head):
    """Reads the basic color of each part that the prompt names.

    It belongs at a layer after cross-attention. The denoising error asks for a certain red; whether
    it is red at all, which takes longest to learn, is but a part of it.

    Args:
        layer: see `Head`, and so `channels` and `split`.
        channels: ...
        weight: of the cross-entropy, in which every region of an image counts alike.
        split: ...
    """

    def __init__(self, layer: str, channels: int, weight: float = 0.1, split: int = 2) -> None:
        super().__init__(layer, channels, 1 + len(TERMS), weight, split)

    def error(self, logits: torch.Tensor, batch: Batch, has_text: torch.Tensor) -> torch.Tensor:
        """Cross-entropy of the colors that a prompt, if given, asks for."""
        size = logits.shape[-2:]
        truth = color_targets(batch["part_map"], batch["parts"], size).to(logits.device)
        truth[~has_text] = IGNORED
        weights = region_weights(batch["part_map"], size).to(logits.device) * (truth != IGNORED)
        error = F.cross_entropy(logits, truth, ignore_index=IGNORED, reduction="none")
        return (weights * error).sum() / weights.sum().clamp(min=1.0)
