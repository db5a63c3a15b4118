"""The training objective of a denoising diffusion model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from pokecolor.core.errors import UserError
from pokecolor.core.part_maps import region_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from diffusers import DDPMScheduler

    from pokecolor.core.schema import Batch
    from pokecolor.diffusion.rng import Draws


@dataclass(frozen=True)
class Objective:
    """Settings of the denoising loss: noise, timesteps and weights."""

    min_snr_gamma: float | None = None
    """Limit of the signal-to-noise ratio in min-SNR weighting; None for equal weights."""
    noise_offset: float = 0.0
    """Standard deviation of a random shift of each channel's noise, with which the model learns
    brightness (offset noise: Guttenberg 2023)."""
    terminal_timestep_prob: float = 0.0
    """Share of samples trained at the last timestep. With a schedule that ends in pure noise,
    colors can only be predicted from sketch and prompt there; at most other timesteps the noisy
    image shows them."""
    region_loss_weight: float = 0.0
    """Share of the loss in which all regions of an image have equal weight, however small; in the
    rest all cells have."""

    def __post_init__(self) -> None:
        for name in ("terminal_timestep_prob", "region_loss_weight"):
            share = getattr(self, name)
            if not (isinstance(share, int | float) and 0 <= share <= 1):
                raise UserError(f"model.objective.{name}={share}: give a share from 0 to 1")
        offset, gamma = self.noise_offset, self.min_snr_gamma
        if not (isinstance(offset, int | float) and offset >= 0):
            raise UserError(f"model.objective.noise_offset={offset}: give a number, 0 or more")
        if gamma is not None and not gamma > 0:
            raise UserError(
                f"model.objective.min_snr_gamma={gamma}: give a number above 0, or null"
            )

    def timesteps(self, draws: Draws, schedule_length: int) -> torch.Tensor:
        """The training timestep of each sample: int64 [batch]."""
        is_terminal = draws.terminal < self.terminal_timestep_prob
        return torch.where(is_terminal, schedule_length - 1, draws.timesteps)

    def weight(self, scheduler: DDPMScheduler, timesteps: torch.Tensor) -> torch.Tensor:
        """w(t): the weights of the samples' errors, [batch], at timesteps [batch]."""
        snr = signal_to_noise(scheduler, timesteps)
        return min_snr_weight(snr, self.min_snr_gamma, scheduler.config.prediction_type)

    def cell_weights(self, batch: Batch, size: Sequence[int]) -> torch.Tensor | None:
        """Weights of the cells, float32 [batch, *size], with mean 1; None for equal weights.

        Args:
            batch: the batch, with part maps if `region_loss_weight` is above 0.
            size: height and width of the latents.
        """
        if not self.region_loss_weight:
            return None
        balanced = region_weights(batch["part_map"], size)
        return torch.lerp(torch.ones_like(balanced), balanced, self.region_loss_weight)


def signal_to_noise(scheduler: DDPMScheduler, timesteps: torch.Tensor) -> torch.Tensor:
    """alpha_bar / (1 - alpha_bar), [batch], at timesteps [batch] (Kingma et al. 2021, eq. 2)."""
    alpha_bar = scheduler.alphas_cumprod.to(timesteps.device)[timesteps]
    return alpha_bar / (1 - alpha_bar)


def min_snr_weight(snr: torch.Tensor, gamma: float | None, prediction_type: str) -> torch.Tensor:
    """Weights of the samples' squared errors, [batch].

    min(SNR, gamma) for the error of x_0 (Hang et al. 2023, equation 6). The squared error of
    epsilon is SNR times, and that of v is SNR + 1 times, the squared error of x_0: hence the
    divisors.
    """
    if gamma is None:
        return torch.ones_like(snr)
    divisor = snr if prediction_type == "epsilon" else snr + 1
    return snr.clamp(max=gamma) / divisor


def offset_noise(noise: torch.Tensor, shift: torch.Tensor, size: float) -> torch.Tensor:
    """noise [batch, channels, h, w] plus `size` times a shift [batch, channels, 1, 1]."""
    return noise + size * shift if size else noise


def prediction_target(
    scheduler: DDPMScheduler, latents: torch.Tensor, noise: torch.Tensor, timesteps: torch.Tensor
) -> torch.Tensor:
    """The target of the network: epsilon, or v = alpha epsilon - sigma x_0 (Salimans and Ho 2022,
    appendix D).
    """
    if scheduler.config.prediction_type == "v_prediction":
        return scheduler.get_velocity(latents, noise, timesteps)
    return noise


def weighted_mse(
    prediction: torch.Tensor,
    target: torch.Tensor,
    weight: torch.Tensor | float = 1.0,
    cell_weights: torch.Tensor | None = None,
) -> torch.Tensor:
    """Weighted mean squared error of each sample: [batch].

    Args:
        prediction: [batch, channels, h, w].
        target: same shape.
        weight: weight of each sample, [batch], or of all.
        cell_weights: [batch, h, w], with mean 1; None for equal weights.
    """
    error = (prediction.float() - target.float()).square().mean(1)
    if cell_weights is not None:
        error = error * cell_weights
    return weight * error.flatten(1).mean(1)


def require_timesteps(given: Sequence[int], scheduler: DDPMScheduler) -> None:
    """Check the timesteps of the validation loss.

    Raises:
        UserError: not a list of timesteps of the schedule.
    """
    last = scheduler.config.num_train_timesteps - 1
    is_list = not isinstance(given, str) and hasattr(given, "__len__") and len(given) > 0
    if not is_list or any(type(step) is not int or not 0 <= step <= last for step in given):
        raise UserError(
            f"model.validation_timesteps={given}: give a list of whole numbers from 0 to {last}"
        )
