"""The average against its formula; the exchange of weights against accidents."""

from __future__ import annotations

import pytest
import torch

from pokecolor.diffusion.ema import WeightAverage


def parameter(value: float) -> list[torch.nn.Parameter]:
    return [torch.nn.Parameter(torch.tensor([value]))]


def test_average_follows_the_formula():
    weights = parameter(0.0)
    ema = WeightAverage(weights, decay=0.999)
    expected = 0.0
    for n in range(6):  # the n-th update has decay (1 + n) / (10 + n); the first copies
        weights[0].data.fill_(float(n + 1))
        ema.step(weights)
        decay = 0.0 if n == 0 else (1 + n) / (10 + n)
        expected = decay * expected + (1 - decay) * (n + 1)
        assert ema.shadow_params[0].item() == pytest.approx(expected, rel=1e-6)


def test_decay_stops_rising_at_its_limit():
    ema = WeightAverage(parameter(0.0), decay=0.5)
    assert ema.get_decay(3) == pytest.approx(3 / 12)
    assert ema.get_decay(10_000) == 0.5


def test_weights_are_averaged_within_the_context_and_live_after_it():
    weights = parameter(1.0)
    ema = WeightAverage(weights)
    weights[0].data.fill_(3.0)
    with ema.applied(weights):
        assert weights[0].item() == 1.0
    assert weights[0].item() == 3.0
    assert ema.shadow_params[0].item() == 1.0


def test_live_weights_come_back_when_the_context_raises():
    weights = parameter(1.0)
    ema = WeightAverage(weights)
    weights[0].data.fill_(3.0)
    with pytest.raises(RuntimeError), ema.applied(weights):
        raise RuntimeError
    assert (weights[0].item(), ema.shadow_params[0].item()) == (3.0, 1.0)


def test_state_restores_counter_and_average_in_place():
    weights = parameter(1.0)
    ema = WeightAverage(weights)
    for value in (2.0, 5.0):
        weights[0].data.fill_(value)
        ema.step(weights)
    fresh = WeightAverage(parameter(0.0))
    memory = fresh.shadow_params[0].data_ptr()
    fresh.load_state_dict(ema.state_dict())
    assert fresh.optimization_step == 2
    assert torch.equal(fresh.shadow_params[0], ema.shadow_params[0])
    assert fresh.shadow_params[0].data_ptr() == memory
