"""The solver in numpy against diffusers' own."""

import json

import numpy as np
import pytest
import torch
from diffusers import DPMSolverMultistepScheduler, EulerDiscreteScheduler

from pokecolor.coloring.engines.dpm_solver import DPMSolver, require_supported
from pokecolor.core.errors import UserError
from pokecolor.model_files.mini import MINI

STABLE_DIFFUSION = {"beta_start": 0.00085, "beta_end": 0.012, "beta_schedule": "scaled_linear"}


def predict(step, timestep, sample):
    """Stands for a model: no linear function of what it sees."""
    return (np.sin(sample * 1.3 + timestep / 400) + 0.1 * step).astype(np.float32)


def compare(config, steps):
    scheduler = DPMSolverMultistepScheduler.from_config(config)
    noise = np.random.default_rng(steps).standard_normal((2, 4, 8, 8)).astype(np.float32)
    scheduler.set_timesteps(steps)
    sample = torch.from_numpy(noise)
    for step, timestep in enumerate(scheduler.timesteps):
        found = torch.from_numpy(predict(step, int(timestep), sample.numpy()))
        sample = scheduler.step(found, timestep, sample).prev_sample
    solver = DPMSolver.of(dict(scheduler.config), steps)
    np.testing.assert_array_equal(solver.timesteps, scheduler.timesteps.numpy())
    np.testing.assert_allclose(solver.levels, scheduler.sigmas.numpy(), rtol=2e-5)
    np.testing.assert_allclose(solver.solve(noise, predict), sample.numpy(), rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 9, 20, 50])
def test_minis_schedule_is_walked_as_diffusers_does(steps):
    compare(json.loads((MINI / "scheduler" / "scheduler_config.json").read_text()), steps)


@pytest.mark.parametrize("spacing", ["linspace", "leading", "trailing"])
@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("offset", [0, 1])
def test_so_are_others(spacing, prediction, offset):
    settings = {"timestep_spacing": spacing, "prediction_type": prediction}
    for steps in (1, 3, 20):
        compare({**STABLE_DIFFUSION, **settings, "steps_offset": offset}, steps)


def test_the_three_steps_of_mini_are_these():
    config = json.loads((MINI / "scheduler" / "scheduler_config.json").read_text())
    solver = DPMSolver.of(config, 3)
    assert solver.timesteps.tolist() == [999, 666, 332]
    assert solver.levels[0] == pytest.approx(4096) and solver.levels[-1] == 0


@pytest.mark.parametrize(
    "settings",
    [{"use_karras_sigmas": True}, {"solver_order": 3}, {"thresholding": True},
     {"algorithm_type": "sde-dpmsolver++"}, {"final_sigmas_type": "sigma_min"}],
)  # fmt: skip
def test_what_is_configured_otherwise_is_refused_in_one_line(settings):
    scheduler = DPMSolverMultistepScheduler(**STABLE_DIFFUSION, **settings)
    ((name, value),) = settings.items()
    with pytest.raises(UserError, match=f"here: {name} is {value}".replace("+", r"\+")):
        require_supported({**scheduler.config, "_class_name": type(scheduler).__name__}, "here")


@pytest.mark.parametrize("name", ["beta_start", "timestep_spacing"])
def test_a_file_that_says_too_little_is_told(name):
    config = dict(DPMSolverMultistepScheduler(**STABLE_DIFFUSION).config)
    del config[name]
    with pytest.raises(UserError, match=f"here: states no {name}"):
        require_supported(config, "here")


def test_so_is_another_scheduler():
    scheduler = EulerDiscreteScheduler(**STABLE_DIFFUSION)
    with pytest.raises(UserError, match="_class_name is EulerDiscreteScheduler"):
        require_supported({**scheduler.config, "_class_name": type(scheduler).__name__}, "here")
