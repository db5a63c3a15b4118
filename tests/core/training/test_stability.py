"""When the guard lets a step pass, and when it stops a run."""

from __future__ import annotations

import logging
import math
from types import SimpleNamespace

import pytest
import torch

from pokecolor.core.errors import UserError
from pokecolor.core.training.stability import (
    MOST_IN_WINDOW,
    WINDOW,
    BadStepGuard,
    advice,
    all_finite,
    gradient_norm,
)


def test_norm_is_over_all_gradients_together():
    parameters = [torch.nn.Parameter(torch.zeros(1)) for _ in range(3)]
    parameters[0].grad, parameters[1].grad = torch.tensor([3.0]), torch.tensor([4.0])
    assert gradient_norm(torch.optim.SGD(parameters)) == 5.0


def passes(guard, step, loss, norm, ids=(), **trainer):
    """What a guard says of a step of one micro-batch."""
    guard.note(torch.tensor(loss), list(ids))
    settings = {"precision": "32-true", "callbacks": [], "precision_plugin": None, "world_size": 1}
    settings["accumulate_grad_batches"] = 1
    return guard.passes(SimpleNamespace(global_step=step, **settings, **trainer), norm)


def test_bad_steps_are_named_counted_and_forgotten_after_a_good_one(caplog):
    guard = BadStepGuard(2)
    with caplog.at_level(logging.WARNING):
        assert not passes(guard, 7, math.nan, math.nan, ["cat", "dog"])
    assert "step 7 skipped: loss nan" in caplog.text
    assert "cat, dog" in caplog.text
    assert passes(guard, 8, 0.5, 1.0)
    assert not passes(guard, 9, math.inf, math.inf)
    with pytest.raises(UserError, match="2 steps in a row"):
        passes(guard, 10, 0.5, math.nan)


def test_a_loss_that_overflows_is_bad_though_its_gradients_are_finite():
    guard = BadStepGuard(5)
    assert not passes(guard, 1, math.inf, 1.0)
    guard.note(torch.tensor(math.inf), [])  # the first of two micro-batches
    assert not passes(guard, 2, 1.0, 1.0)
    assert passes(guard, 3, 1.0, 1.0)
    assert guard.skipped == 2


def test_too_many_bad_steps_in_a_window_stop_the_run_though_none_is_beside_another():
    guard, step = BadStepGuard(5), 0
    with pytest.raises(UserError) as stopped:
        for step in range(2 * WINDOW):
            passes(guard, step, 0.5, math.nan if step % 3 == 0 else 1.0)
    assert guard.skipped == MOST_IN_WINDOW and step == 3 * (MOST_IN_WINDOW - 1)
    message = str(stopped.value)
    assert "25 of the last 73 steps were not finite" in message and "\n" not in message
    assert message.endswith("begin anew with a lower model.optimizer.lr")


def test_a_bad_step_now_and_then_is_forgotten():
    guard = BadStepGuard(5)
    for step in range(10 * WINDOW):
        passes(guard, step, 0.5, math.nan if step % 10 == 0 else 1.0)
    assert guard.skipped == WINDOW


def test_the_advice_is_what_the_run_has_not_tried():
    def given(precision, **callback):
        return advice(SimpleNamespace(precision=precision, callbacks=[SimpleNamespace(**callback)]))

    assert given("32-true") == "begin anew with a lower model.optimizer.lr"
    assert given("bf16-mixed").endswith("lr, or with trainer.precision=32-true")
    half = given("16-mixed", proven="run/checkpoints/step-000002.ckpt")
    assert half == (
        "go on by ckpt_path=run/checkpoints/step-000002.ckpt with a lower model.optimizer.lr, or "
        "with trainer.precision=bf16-mixed, or with trainer.precision=32-true"
    )


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("dtype", [torch.float64, torch.float32, torch.float16, torch.bfloat16])
def test_one_value_that_is_not_finite_is_found(bad, dtype):
    large = torch.full((1000,), 6e4, dtype=dtype)  # in float16 their sum overflows
    tensors = [large, torch.zeros(0), torch.ones(3, dtype=torch.int64), torch.zeros(2, 3)]
    assert all_finite(tensors) and all_finite([])
    tensors[3][1, 2] = bad
    assert not all_finite(tensors)
