"""When the guard lets a step pass, and when it stops a run."""

from __future__ import annotations

import logging
import math

import pytest
import torch

from pokecolor.diffusion.stability import BadStepGuard, gradient_norm
from pokecolor.errors import UserError


def test_norm_is_over_all_gradients_together():
    parameters = [torch.nn.Parameter(torch.zeros(1)) for _ in range(3)]
    parameters[0].grad, parameters[1].grad = torch.tensor([3.0]), torch.tensor([4.0])
    assert gradient_norm(torch.optim.SGD(parameters)) == 5.0


def test_bad_steps_are_named_counted_and_forgotten_after_a_good_one(caplog):
    guard = BadStepGuard(2)
    with caplog.at_level(logging.WARNING):
        assert not guard.passes(7, math.nan, math.nan, ["cat", "dog"])
    assert "step 7 skipped: loss nan" in caplog.text
    assert "cat, dog" in caplog.text
    assert guard.passes(8, 0.5, 1.0, [])
    assert not guard.passes(9, math.inf, math.inf, [])
    with pytest.raises(UserError, match="2 steps in a row"):
        guard.passes(10, 0.5, math.nan, [])
