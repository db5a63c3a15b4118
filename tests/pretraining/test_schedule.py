import pytest
import torch

from pokecolor.pretraining.schedule import warmup_cosine


def test_warms_up_then_falls_to_zero_along_half_a_cosine():
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=2.0)
    scheduler = warmup_cosine(optimizer, warmup_steps=4, total_steps=104)
    rates = []
    for _ in range(105):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        scheduler.step()
    assert rates[:4] == pytest.approx([0.5, 1.0, 1.5, 2.0])
    assert rates[54] == pytest.approx(1.0)
    assert rates[104] == pytest.approx(0.0)
