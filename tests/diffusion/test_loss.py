"""The objective against its formulas, at values worked out by hand."""

from __future__ import annotations

import pytest
import torch
from diffusers import DDPMScheduler

from pokecolor.core.errors import UserError
from pokecolor.diffusion.loss import (
    Objective,
    min_snr_weight,
    offset_noise,
    prediction_target,
    signal_to_noise,
    weighted_mse,
)
from pokecolor.diffusion.rng import draw


def half_noise(prediction_type: str = "epsilon") -> DDPMScheduler:
    """A schedule whose alpha_bar is 0.8, then 0.8 * 0.2 = 0.16."""
    return DDPMScheduler(
        num_train_timesteps=2, trained_betas=[0.2, 0.8], prediction_type=prediction_type
    )


def test_signal_to_noise():
    snr = signal_to_noise(half_noise(), torch.tensor([0, 1]))
    torch.testing.assert_close(snr, torch.tensor([0.8 / 0.2, 0.16 / 0.84]))


@pytest.mark.parametrize(
    ("prediction_type", "expected"),
    [("epsilon", [1.0, 1.0, 0.5]), ("v_prediction", [0.5, 5 / 6, 5 / 11])],
)
def test_min_snr_weights(prediction_type, expected):
    weight = min_snr_weight(torch.tensor([1.0, 5.0, 10.0]), 5.0, prediction_type)
    torch.testing.assert_close(weight, torch.tensor(expected))


def test_without_gamma_all_timesteps_weigh_one():
    assert min_snr_weight(torch.tensor([0.1, 99.0]), None, "epsilon").tolist() == [1.0, 1.0]


def test_the_target_of_epsilon_is_the_noise():
    latents, noise = torch.randn(2, 1, 2, 2), torch.randn(2, 1, 2, 2)
    assert prediction_target(half_noise(), latents, noise, torch.tensor([0, 1])) is noise


def test_the_target_of_v():
    """v = sqrt(alpha_bar) epsilon - sqrt(1 - alpha_bar) x_0, here with alpha_bar = 0.16."""
    latents, noise = torch.full((1, 1, 1, 1), 2.0), torch.full((1, 1, 1, 1), 3.0)
    target = prediction_target(half_noise("v_prediction"), latents, noise, torch.tensor([1]))
    assert target.item() == pytest.approx(0.4 * 3 - 0.84**0.5 * 2, abs=1e-5)


def test_offset_shifts_whole_channels():
    noise, shift = torch.zeros(1, 2, 3, 3), torch.tensor([1.0, -2.0]).view(1, 2, 1, 1)
    shifted = offset_noise(noise, shift, 0.1)
    torch.testing.assert_close(shifted[0, :, 0, 0], torch.tensor([0.1, -0.2]))
    assert shifted[0, 1].unique().numel() == 1


def test_weighted_mse():
    prediction = torch.tensor([[1.0, 3.0], [0.0, 2.0]]).view(2, 2, 1, 1)
    loss = weighted_mse(prediction, torch.zeros(2, 2, 1, 1), torch.tensor([1.0, 0.5]))
    assert loss.tolist() == [5.0, 1.0]


def test_weighted_mse_of_cells_that_weigh_differently():
    prediction = torch.tensor([1.0, 3.0]).view(1, 1, 1, 2)
    cells = torch.tensor([1.5, 0.5]).view(1, 1, 2)
    loss = weighted_mse(prediction, torch.zeros(1, 1, 1, 2), torch.ones(1), cells)
    assert loss.item() == pytest.approx((1.5 * 1 + 0.5 * 9) / 2)


def test_a_balance_between_cells_and_regions():
    part_map = torch.zeros(1, 4, 4, dtype=torch.uint8)
    part_map[0, 0, 0] = 1
    weights = Objective(region_loss_weight=0.5).cell_weights({"part_map": part_map}, (4, 4))
    assert weights[0, 0, 0].item() == pytest.approx(0.5 * 1 + 0.5 * 16 / 2)
    assert weights[0, 1, 1].item() == pytest.approx(0.5 * 1 + 0.5 * 16 / 15 / 2)
    assert Objective().cell_weights({}, (4, 4)) is None


def test_a_share_of_the_samples_is_trained_at_the_last_timestep():
    draws = draw(0, 0, [str(i) for i in range(2000)], (1, 1, 1), 1000)
    plain = Objective().timesteps(draws, 1000)
    assert torch.equal(plain, draws.timesteps)
    timesteps = Objective(terminal_timestep_prob=0.3).timesteps(draws, 1000)
    assert (timesteps == 999).float().mean().item() == pytest.approx(0.3, abs=0.03)
    others = timesteps != 999
    assert torch.equal(timesteps[others], plain[others])


@pytest.mark.parametrize(
    "settings",
    [
        {"terminal_timestep_prob": 2},
        {"region_loss_weight": -1},
        {"noise_offset": None},
        {"min_snr_gamma": 0},
    ],
)
def test_numbers_that_make_no_sense_are_refused(settings):
    (name,) = settings
    with pytest.raises(UserError, match=f"model.objective.{name}={settings[name]}: give"):
        Objective(**settings)
