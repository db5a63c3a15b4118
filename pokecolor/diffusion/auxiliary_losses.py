"""Auxiliary losses on features of the network: part segmentation and color prediction."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn import functional as F

from pokecolor.core.colors import TERMS
from pokecolor.core.errors import UserError
from pokecolor.core.part_maps import IGNORED, color_targets, map_targets, region_weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pokecolor.core.schema import Batch


class LayerOutputs:
    """Records the outputs of layers in a forward pass: `with LayerOutputs(...) as features:`.

    Nothing is recorded outside the context, such as when gradient checkpointing recomputes a layer.

    Args:
        network: the network with these layers.
        layers: names of layers in it, such as "up_blocks.1.resnets.0".

    Raises:
        UserError: the network has no such layer.
    """

    def __init__(self, network: nn.Module, layers: Iterable[str]) -> None:
        self._found: dict[str, torch.Tensor] | None = None
        for name in dict.fromkeys(layers):
            try:
                layer = network.get_submodule(name)
            except AttributeError:
                raise UserError(
                    f"model.auxiliary_losses: the UNet has no layer {name}; name another, or set "
                    "model.auxiliary_losses={}"
                ) from None
            layer.register_forward_hook(functools.partial(self._record, name))

    def __enter__(self) -> dict[str, torch.Tensor]:
        self._found = {}
        return self._found

    def __exit__(self, *_: object) -> None:
        self._found = None

    def _record(self, name: str, layer: nn.Module, args: tuple, given: Any) -> None:
        if self._found is not None:
            self._found[name] = (
                given[0] if isinstance(given, tuple) else getattr(given, "sample", given)
            )


class AuxiliaryLoss(nn.Module):
    """A term that is added to the denoising loss: maps features and batch to a weighted scalar.

    It may have weights, which are trained and saved in checkpoints, but not exported.

    Args:
        layer: the network's layer whose features it takes, such as "up_blocks.1.resnets.0".
    """

    def __init__(self, layer: str) -> None:
        super().__init__()
        self.layer = layer

    def forward(self, features: torch.Tensor, batch: Batch) -> torch.Tensor:
        """Compute the term.

        Args:
            features: the layer's output for the batch, [batch, channels, h, w].
            batch: the batch, with `has_text`, bool [batch]: false where conditioning dropout took
                the prompt.
        """
        raise NotImplementedError


class CellClassifier(AuxiliaryLoss):
    """Cross-entropy of a linear classifier on each cell of a layer's output.

    Args:
        layer: see `AuxiliaryLoss`.
        channels: channels of the layer's output.
        labels: number of classes.
        weight: weight of the loss; that of the denoising loss is 1.
        split: each cell of the layer is classified as `split` x `split` smaller cells.
    """

    def __init__(self, layer: str, channels: int, labels: int, weight: float, split: int) -> None:
        super().__init__(layer)
        self.weight = weight
        self.read = nn.Sequential(nn.Conv2d(channels, labels * split**2, 1), nn.PixelShuffle(split))

    def forward(self, features: torch.Tensor, batch: Batch) -> torch.Tensor:
        return self.weight * self.error(self.read(features).float(), batch)

    def error(self, logits: torch.Tensor, batch: Batch) -> torch.Tensor:
        """The loss of logits [batch, labels, h, w], a scalar."""
        raise NotImplementedError


class PartHead(CellClassifier):
    """Part segmentation: predicts from a layer's output which part each cell shows.

    Use a layer before cross-attention.

    Args:
        layer: see `CellClassifier`, and so `channels` and `split`.
        channels: ...
        part_names: names of the classes.
        weight: weight of the cross-entropy.
        background_weight: weight of cells that show no part, which are the majority.
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

    def error(self, logits: torch.Tensor, batch: Batch) -> torch.Tensor:
        """Weighted cross-entropy of the part maps, whether the sample has its prompt or not."""
        target = map_targets(batch["part_map"], batch["parts"], self.part_names, logits.shape[-2:])
        target = target.to(logits.device)
        if (target == IGNORED).all():
            return 0.0 * logits.sum()
        return F.cross_entropy(logits, target, self.cell_weight, ignore_index=IGNORED)


class ColorHead(CellClassifier):
    """Color prediction: predicts the basic color of each part that the prompt names.

    Use a layer after cross-attention. The binding of color words to parts is learned last, and is
    only a small part of the denoising error, which asks for an exact shade.

    Args:
        layer: see `CellClassifier`, and so `channels` and `split`.
        channels: ...
        weight: weight of the cross-entropy, in which all regions of an image have equal weight.
        split: ...
    """

    def __init__(self, layer: str, channels: int, weight: float = 0.1, split: int = 2) -> None:
        super().__init__(layer, channels, 1 + len(TERMS), weight, split)

    def error(self, logits: torch.Tensor, batch: Batch) -> torch.Tensor:
        """Cross-entropy of the colors that the prompt names; samples without prompt are ignored."""
        size = logits.shape[-2:]
        target = color_targets(batch["part_map"], batch["parts"], size).to(logits.device)
        target[~batch["has_text"]] = IGNORED
        weights = region_weights(batch["part_map"], size).to(logits.device) * (target != IGNORED)
        error = F.cross_entropy(logits, target, ignore_index=IGNORED, reduction="none")
        return (weights * error).sum() / weights.sum().clamp(min=1.0)
