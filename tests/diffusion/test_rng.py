"""Random numbers that depend on the run's seed, the step and the sample, and on nothing else."""

from __future__ import annotations

import torch

from pokecolor.diffusion.rng import draw, fixed_noise

SHAPE = (4, 8, 8)


def test_a_sample_draws_the_same_whatever_batch_it_is_in():
    together = draw(1, 5, ["a", "b", "c"], SHAPE, 1000)
    alone = draw(1, 5, ["b"], SHAPE, 1000)
    assert torch.equal(together.noise[1], alone.noise[0])
    assert together.timesteps[1] == alone.timesteps[0]
    assert together.dropout[1] == alone.dropout[0]


def test_seed_step_and_sample_each_change_the_draw():
    base = draw(1, 5, ["a"], SHAPE, 1000).noise
    for other in (draw(2, 5, ["a"], SHAPE, 1000), draw(1, 6, ["a"], SHAPE, 1000)):
        assert not torch.equal(base, other.noise)
    assert not torch.equal(base, draw(1, 5, ["b"], SHAPE, 1000).noise)


def test_moments():
    draws = draw(0, 0, [str(i) for i in range(2000)], (1, 4, 4), 1000)
    assert abs(draws.noise.mean()) < 0.03
    assert abs(draws.noise.std() - 1) < 0.03
    assert abs(draws.timesteps.float().mean() - 499.5) < 25
    assert draws.timesteps.min() >= 0
    assert draws.timesteps.max() <= 999
    for uniform in (draws.dropout, draws.terminal):
        assert abs(uniform.mean() - 0.5) < 0.03
    assert abs((draws.dropout * draws.terminal).mean() - 0.25) < 0.03  # of each other independent


def test_validation_noise_depends_on_the_sample_alone():
    assert torch.equal(fixed_noise(["a", "b"], SHAPE)[1], fixed_noise(["b"], SHAPE)[0])
