"""DPM-Solver++ in numpy, equal to diffusers' DPMSolverMultistepScheduler."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from pokecolor.core.errors import UserError

SUPPORTED: dict[str, tuple[Any, ...]] = {
    "_class_name": ("DPMSolverMultistepScheduler",),
    "algorithm_type": ("dpmsolver++",),
    "solver_order": (2,),
    "solver_type": ("midpoint",),
    "final_sigmas_type": ("zero",),
    "prediction_type": ("epsilon", "v_prediction"),
    "beta_schedule": ("linear", "scaled_linear"),
    "timestep_spacing": ("linspace", "leading", "trailing"),
    "trained_betas": (None,),
    "variance_type": (None,),
    "lambda_min_clipped": (float("-inf"),),
    "thresholding": (False,),
    "use_karras_sigmas": (False,),
    "use_exponential_sigmas": (False,),
    "use_beta_sigmas": (False,),
    "use_lu_lambdas": (False,),
    "use_flow_sigmas": (False,),
    "use_dynamic_shifting": (False,),
}
"""Settings of a `scheduler_config.json`, and the supported values."""


def require_supported(config: Mapping[str, Any], where: str) -> None:
    """Check that `DPMSolver` supports a scheduler's configuration.

    Args:
        config: configuration of the scheduler.
        where: its name in the message.

    Raises:
        UserError: it is not supported.
    """
    for name in ("num_train_timesteps", "beta_start", "beta_end", "beta_schedule",
                 "prediction_type", "timestep_spacing"):  # fmt: skip
        if config.get(name) is None:
            raise UserError(f"{where}: states no {name}; copy the whole folder again")
    for name, known in SUPPORTED.items():
        value = config.get(name, known[0])
        if value not in known:
            raise UserError(
                f"{where}: {name} is {value}, and without diffusers only "
                f"{' and '.join(map(str, known))} can be sampled; export the model with "
                "callbacks.export.sampler=DPMSolverMultistepScheduler, or run it by diffusers"
            )


@dataclass(frozen=True)
class DPMSolver:
    """The second-order multistep solver (Lu et al. 2022, "DPM-Solver++", algorithm 2).

    Noise levels are s = sigma / alpha, so that alpha = 1 / sqrt(1 + s**2). The last level is 0.
    The first step and the last step are of first order.
    """

    timesteps: np.ndarray
    """int64 [steps], decreasing."""
    levels: np.ndarray
    """float32 [steps + 1], decreasing to 0."""
    predicts_v: bool
    """Whether the model predicts v = alpha * noise - sigma * x_0 instead of the noise."""

    @classmethod
    def of(cls, config: Mapping[str, Any], steps: int) -> DPMSolver:
        """The solver for a `scheduler_config.json`, see `require_supported`."""
        kept = _signal_power(config)
        levels = np.sqrt((1 - kept) / kept)
        timesteps = _timesteps(config, steps)
        chosen = np.interp(timesteps, np.arange(len(levels)), levels)
        return cls(
            timesteps,
            np.append(chosen, 0).astype(np.float32),
            config["prediction_type"] == "v_prediction",
        )

    def solve(
        self, noise: np.ndarray, predict: Callable[[int, int, np.ndarray], np.ndarray]
    ) -> np.ndarray:
        """Sample latents from noise.

        Args:
            noise: float32, standard normal.
            predict: the model's prediction for step, timestep and noisy latents, of their shape.
        """
        sample, before = noise, noise
        alphas = 1 / np.sqrt(self.levels**2 + 1)
        for step, timestep in enumerate(self.timesteps):
            found = predict(step, int(timestep), sample)
            level, following = self.levels[step], self.levels[step + 1]
            alpha, sigma = alphas[step], level * alphas[step]
            clean = alpha * sample - sigma * found if self.predicts_v else (
                (sample - sigma * found) / alpha
            )  # fmt: skip
            ratio = following / level  # exp(-h), with h the step in log(alpha / sigma)
            target = clean
            if 0 < step < len(self.timesteps) - 1:
                last = self.levels[step - 1]
                slope = (clean - before) * np.log(level / following) / np.log(last / level)
                target = clean + slope / 2
            scale = following * alphas[step + 1] / sigma
            sample = scale * sample - alphas[step + 1] * (ratio - 1) * target
            before = clean
        return sample


def _signal_power(config: Mapping[str, Any]) -> np.ndarray:
    """alpha**2 of each training timestep: float32 [num_train_timesteps]."""
    ends, power = np.array([config["beta_start"], config["beta_end"]]), 1
    if config["beta_schedule"] == "scaled_linear":
        ends, power = np.sqrt(ends), 2
    betas = np.linspace(*ends, config["num_train_timesteps"]).astype(np.float32) ** power
    kept = np.cumprod(1 - betas, dtype=np.float32)
    if config.get("rescale_betas_zero_snr"):
        # Lin et al. 2024, algorithm 1
        root = np.sqrt(kept)
        kept = ((root - root[-1]) * (root[0] / (root[0] - root[-1]))) ** 2
        kept[-1] = 2.0**-24  # diffusers' stand-in for 0
    return kept


def _timesteps(config: Mapping[str, Any], steps: int) -> np.ndarray:
    """Timestep spacing as in Lin et al. 2024, table 2: int64 [steps]."""
    count, spacing = config["num_train_timesteps"], config["timestep_spacing"]
    if spacing == "trailing":
        return np.arange(count, 0, -count / steps).round().astype(np.int64) - 1
    if spacing == "leading":
        apart = count // (steps + 1)
        found = np.arange(steps + 1) * apart + config.get("steps_offset", 0)
    else:
        found = np.linspace(0, count - 1, steps + 1).round()
    return found[:0:-1].astype(np.int64)
