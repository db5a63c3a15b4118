import torch
from torch import nn

from pokecolor.pretraining.averaging import WeightAverage


def test_update_follows_the_formula():
    layer = nn.Linear(1, 1, bias=False)
    layer.weight.data.fill_(0.0)
    average = WeightAverage(layer, decay=0.5)
    layer.weight.data.fill_(1.0)
    expected = 0.0
    for step in range(1, 12):
        average.update(step)
        decay = min(0.5, (1 + step) / (10 + step))
        expected = decay * expected + (1 - decay) * 1.0
    assert torch.isclose(average.get_buffer("weight"), torch.tensor(expected)).all()


def test_swap_twice_changes_nothing_and_once_exchanges():
    layer = nn.Linear(2, 2)
    average = WeightAverage(layer, decay=0.9)
    before = layer.weight.detach().clone()
    layer.weight.data.add_(1.0)
    average.swap()
    assert torch.equal(layer.weight, before)
    average.swap()
    assert torch.equal(layer.weight, before + 1.0)


def test_state_dict_holds_the_averages_alone():
    layer = nn.Linear(2, 2)
    assert set(WeightAverage(layer, 0.9).state_dict()) == {"weight", "bias"}
