"""An exponential moving average of weights that lives in the module's state dict."""

from __future__ import annotations

import torch
from torch import nn


class WeightAverage(nn.Module):
    """Averaged copies of a module's parameters, saved and resumed with the checkpoint.

    After update t: average = d * average + (1 - d) * weights, d = min(decay, (1 + t) / (10 + t)),
    so that the first steps are not dominated by the random start.

    Args:
        module: whose parameters to average; it is not copied into the state dict again.
        decay: weight of the past, in [0, 1).
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        super().__init__()
        self.decay = decay
        self._parameters_of = [module]  # in a list, so that it is not registered as a child
        self._names = [name.replace(".", "/") for name, _ in module.named_parameters()]
        for name, parameter in zip(self._names, module.parameters(), strict=True):
            self.register_buffer(name, parameter.detach().clone())

    def _pairs(self) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
        averages = [self.get_buffer(name) for name in self._names]
        return averages, list(self._parameters_of[0].parameters())

    @torch.no_grad()
    def update(self, step: int) -> None:
        """Move the averages towards the present weights."""
        averages, weights = self._pairs()
        decay = min(self.decay, (1 + step) / (10 + step))
        torch._foreach_lerp_(averages, weights, 1 - decay)

    @torch.no_grad()
    def swap(self) -> None:
        """Exchange averages and weights; a second call exchanges them back."""
        averages, weights = self._pairs()
        for average, weight in zip(averages, weights, strict=True):
            kept = weight.clone()
            weight.copy_(average)
            average.copy_(kept)
