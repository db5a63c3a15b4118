"""The fastest device that is here, or the one that is named; large models are halved on CUDA."""

import pytest
import torch

from pokecolor.core.devices import choose_device, choose_dtype
from pokecolor.core.errors import UserError

SMALL, LARGE = 13_000_000, 860_000_000


@pytest.fixture
def machine(monkeypatch):
    def have(cuda=0, mps=False):
        monkeypatch.setattr(torch.cuda, "is_available", lambda: cuda > 0)
        monkeypatch.setattr(torch.cuda, "device_count", lambda: cuda)
        monkeypatch.setattr(torch.backends.mps, "is_available", lambda: mps)

    return have


@pytest.mark.parametrize(
    ("have", "name", "found"),
    [
        ({"cuda": 2, "mps": True}, None, "cuda"),
        ({"mps": True}, None, "mps"),
        ({}, None, "cpu"),
        ({"cuda": 2}, "cuda:1", "cuda:1"),
        ({"cuda": 2}, "cpu", "cpu"),
        ({"mps": True}, "mps", "mps"),
    ],
)
def test_a_device_that_is_here(machine, have, name, found):
    machine(**have)
    assert choose_device(name) == torch.device(found)


@pytest.mark.parametrize("name", ["cuda", "cuda:2", "mps", "tpu", "meta"])
def test_one_that_is_not_here_is_told_with_those_that_are(machine, name):
    machine(cuda=2 if name == "cuda:2" else 0)
    with pytest.raises(UserError, match=f"--device {name}: not here; PyTorch sees .*cpu$"):
        choose_device(name)


def test_large_models_are_halved_on_cuda_alone():
    cuda, mps, cpu = (torch.device(kind) for kind in ("cuda", "mps", "cpu"))
    assert choose_dtype(cuda, LARGE) == torch.float16
    assert {choose_dtype(cuda, SMALL), choose_dtype(mps, LARGE), choose_dtype(cpu, LARGE)} == {
        torch.float32
    }
