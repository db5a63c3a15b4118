"""The exponential moving average of the UNet's weights."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from diffusers.training_utils import EMAModel

from pokecolor.core.errors import UserError
from pokecolor.diffusion.sharding import copy_whole, gather


class WeightAverage(EMAModel):
    """diffusers' `EMAModel` without temporary copies of the weights.

    The formula is the parent's: average += (1 - decay) (weight - average). The decay rises as
    (1 + n) / (10 + n), or by a power law with `use_ema_warmup`, up to `decay`. The parent makes a
    temporary copy of all weights in each update, swap and load: 3.4 GB with 860 million parameters.

    Lightning's `EMAWeightAveraging` guarantees less: it averages the weights of skipped steps, too;
    it saves live and averaged weights swapped if validation raises; its decay does not rise; and it
    cannot average sharded weights.
    """

    def __init__(
        self, parameters: Iterable[torch.nn.Parameter], decay: float = 0.9999, **settings: Any
    ) -> None:
        if not (isinstance(decay, int | float) and 0 <= decay <= 1):
            raise UserError(f"model.ema.decay={decay}: give a number from 0 to 1")
        super().__init__(parameters, decay, **settings)

    @torch.no_grad()
    def step(self, parameters: Iterable[torch.nn.Parameter]) -> None:
        """Update the average after an optimizer step."""
        parameters = self._beside(parameters)
        self.optimization_step += 1
        self.cur_decay_value = self.get_decay(self.optimization_step)
        torch._foreach_lerp_(self.shadow_params, parameters, 1 - self.cur_decay_value)

    @contextmanager
    def applied(self, parameters: Iterable[torch.nn.Parameter]) -> Iterator[None]:
        """Within the context the parameters have the averaged values, afterwards their own again.

        Values are exchanged one tensor at a time, so the parameters stay the same objects in the
        same memory, as optimizers and compiled graphs expect.
        """
        parameters = self._beside(parameters)
        self._exchange(parameters)
        try:
            yield
        finally:
            self._exchange(parameters)

    @torch.no_grad()
    def _exchange(self, parameters: list[torch.nn.Parameter]) -> None:
        for average, parameter in zip(self.shadow_params, parameters, strict=True):
            own = parameter.detach().clone()
            parameter.copy_(average)
            average.copy_(own)

    def _beside(self, parameters: Iterable[torch.nn.Parameter]) -> list[torch.nn.Parameter]:
        """The parameters as a list, after moving the averages to their device."""
        parameters = list(parameters)
        if self.shadow_params[0].device != parameters[0].device:
            self.to(parameters[0].device)
        return parameters

    def state_dict(self) -> dict[str, Any]:
        """The counter, the settings of the decay, and the gathered averages, not copied."""
        state = super().state_dict()
        return {**state, "shadow_params": gather(state["shadow_params"])}

    @torch.no_grad()
    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the counter and the averages, in place.

        The settings of the decay are not restored: the user may have changed them.
        """
        self.optimization_step = state_dict["optimization_step"]
        for average, value in zip(self.shadow_params, state_dict["shadow_params"], strict=True):
            copy_whole(average, value)
