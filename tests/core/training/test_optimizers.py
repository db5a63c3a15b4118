"""Schedules against their closed forms."""

from __future__ import annotations

import math

import pytest
import torch

from pokecolor.core.errors import UserError
from pokecolor.core.training.optimizers import adamw_8bit, lr_schedule


def rates(steps: int, **settings) -> list[float]:
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = lr_schedule(optimizer, steps=steps, **settings)
    values = []
    for _ in range(steps + 1):
        values.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return values


def test_constant():
    assert rates(5, name="constant") == [1.0] * 6


def test_warm_up_is_linear_from_zero():
    values = rates(6, name="constant_with_warmup", warmup_steps=4)
    assert values == pytest.approx([0, 0.25, 0.5, 0.75, 1, 1, 1])


def test_linear_falls_to_zero_at_the_last_step():
    assert rates(4, name="linear") == pytest.approx([1, 0.75, 0.5, 0.25, 0])


def test_cosine():
    values = rates(10, name="cosine", warmup_steps=2)
    for step in range(2, 11):
        assert values[step] == pytest.approx(0.5 * (1 + math.cos(math.pi * (step - 2) / 8)))


def test_polynomial():
    values = rates(4, name="polynomial", power=2.0)
    assert values == pytest.approx([1, 0.5625, 0.25, 0.0625, 1e-7], abs=1e-6)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "cosin"}, "choose one of linear"),
        ({"name": "constant", "warmup_steps": 5}, "constant_with_warmup"),
        ({"name": "cosine", "warmup_steps": -3}, "warmup_steps=-3: give a whole number"),
    ],
)
def test_mistakes_are_named(settings, message):
    with pytest.raises(UserError, match=message):
        rates(1, **settings)


def test_8bit_needs_its_package(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "bitsandbytes.optim", None)
    with pytest.raises(UserError, match=r"pip install .*\[bitsandbytes\]"):
        adamw_8bit([torch.nn.Parameter(torch.zeros(1))], lr=1e-3)
