"""The switches do what they say and change no number; what is missing is named."""

from __future__ import annotations

import pytest
import torch
from lightning import Callback
from tiny_model import Stream, tiny_module, tiny_trainer, tiny_unet

from pokecolor.core.errors import UserError
from pokecolor.diffusion.acceleration import Acceleration

# most runs here need no validation
pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")


class Losses(Callback):
    def __init__(self) -> None:
        self.values: list[float] = []

    def on_train_batch_end(self, trainer, module, outputs, *_) -> None:
        self.values.append(outputs["loss"].item())


def losses(tmp_path, acceleration: Acceleration) -> list[float]:
    record = Losses()
    module = tiny_module(acceleration=acceleration)
    tiny_trainer(tmp_path, max_steps=3, callbacks=[record]).fit(module, Stream())
    return record.values


@pytest.mark.parametrize(
    "switch", [{"gradient_checkpointing": True}, {"channels_last": True}, {"attention": "eager"}]
)
def test_losses_stay_the_same(tmp_path, switch):
    plain = losses(tmp_path, Acceleration())
    assert losses(tmp_path, Acceleration(**switch)) == pytest.approx(plain, rel=1e-4)


def test_gradient_checkpointing_runs_the_forward_pass_again(tmp_path):
    calls = {}
    for on in (False, True):
        module = tiny_module(acceleration=Acceleration(gradient_checkpointing=on))
        block = module.unet.down_blocks[0].resnets[0]
        calls[on] = 0

        def count(*_, on=on):
            calls[on] += 1

        block.register_forward_pre_hook(count)
        tiny_trainer(tmp_path, max_steps=1).fit(module, Stream())
    assert calls == {False: 1, True: 2}


def test_channels_last_is_the_memory_format():
    unet = tiny_unet()
    Acceleration(channels_last=True).apply(unet)
    assert unet.conv_in.weight.is_contiguous(memory_format=torch.channels_last)


def test_compiling_keeps_the_names_of_the_weights():
    unet = tiny_unet()
    names = list(unet.state_dict())
    Acceleration(compile=True).apply(unet)
    assert list(unet.state_dict()) == names
    assert unet._compiled_call_impl is not None


def test_xformers_without_cuda_is_one_clear_line(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(UserError, match="attention=sdpa"):
        Acceleration(attention="xformers").apply(tiny_unet())


@pytest.mark.parametrize(
    "error",
    [
        ModuleNotFoundError("Refer to the xformers page\nfor more"),
        NotImplementedError("No operator found for inputs:\n  query"),  # built for another PyTorch
    ],
)
def test_xformers_that_cannot_be_used_is_one_clear_line(monkeypatch, error):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    unet = tiny_unet()

    def unusable():
        raise error

    monkeypatch.setattr(unet, "enable_xformers_memory_efficient_attention", unusable)
    with pytest.raises(UserError, match=r"install the xformers that fits PyTorch") as told:
        Acceleration(attention="xformers").apply(unet)
    assert "\n" not in str(told.value)


def test_a_mistyped_attention_is_named():
    with pytest.raises(UserError, match="choose sdpa, xformers or eager"):
        Acceleration(attention="spda").apply(tiny_unet())
