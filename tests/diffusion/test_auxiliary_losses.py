"""The auxiliary losses that teach where parts are and which colors the prompt names."""

from __future__ import annotations

import pytest
import torch
from tiny_model import collate, loader, sample, tiny_module, tiny_trainer, tiny_unet

from pokecolor.core.errors import UserError
from pokecolor.core.schema import Part
from pokecolor.diffusion.acceleration import Acceleration
from pokecolor.diffusion.auxiliary_losses import ColorHead, LayerOutputs, PartHead

pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")

TEXT = torch.tensor([True, True])
LAYER = "up_blocks.0.resnets.0"
PARTS = (Part("belly", "red", (200, 0, 0), True), Part("hat", "blue", (0, 0, 200), True))


def part_head(**settings) -> PartHead:
    return PartHead(LAYER, 16, ["belly"], background_weight=1.0, **settings)


def batch_with_parts(parts=PARTS) -> dict:
    part_map = torch.zeros(2, 16, 16, dtype=torch.uint8)
    part_map[:, 8:] = 1
    return {**collate([sample(0), sample(1)]), "part_map": part_map, "parts": [parts, parts]}


def loss(unet, head, batch: dict | None = None, has_text=TEXT) -> torch.Tensor:
    """What a head says of a batch that the UNet has just seen."""
    with LayerOutputs(unet, [head.layer]) as features:
        unet(torch.randn(2, 8, 8, 8), torch.tensor([5, 500]), torch.randn(2, 3, 16))
    return head(features[head.layer], {**(batch or batch_with_parts()), "has_text": has_text})


def zeroed(head):
    torch.nn.init.zeros_(head.read[0].weight)
    torch.nn.init.zeros_(head.read[0].bias)
    return head


def test_an_untrained_head_finds_the_parts_by_chance_and_weighs_that():
    found = loss(tiny_unet(), zeroed(part_head(weight=0.5)))
    assert found.item() == pytest.approx(0.5 * torch.tensor(2.0).log().item())


def test_its_gradient_reaches_the_layers_before_it_and_none_after():
    unet = tiny_unet()
    loss(unet, part_head()).backward()
    reached = {name for name, value in unet.named_parameters() if value.grad is not None}
    assert any(name.startswith(LAYER) for name in reached)
    assert any(name.startswith("conv_in") for name in reached)
    assert not any(name.startswith(("up_blocks.0.attentions", "conv_out")) for name in reached)


def test_images_without_parts_teach_nothing():
    batch = batch_with_parts(parts=())
    batch["part_map"].zero_()
    assert loss(tiny_unet(), part_head(), batch).item() == 0


def test_the_head_learns_and_is_saved_but_not_averaged(tmp_path):
    module = tiny_module(auxiliary_losses={"parts": part_head()}, learning_rate=1e-2)
    before = module.auxiliary_losses["parts"].read[0].weight.detach().clone()
    trainer = tiny_trainer(tmp_path, max_steps=20)
    trainer.fit(module, loader([batch_with_parts()] * 20))
    assert not torch.equal(module.auxiliary_losses["parts"].read[0].weight, before)
    assert trainer.callback_metrics["train/parts"] < 0.05
    assert "auxiliary_losses.parts.read.0.weight" in module.state_dict()
    assert len(module.ema.shadow_params) == len(list(module.unet.parameters()))


def test_a_checkpoint_of_before_they_were_called_auxiliary_losses_is_resumed(tmp_path):
    saved = tiny_module(auxiliary_losses={"parts": part_head()})
    trainer = tiny_trainer(tmp_path, max_steps=2)
    trainer.fit(saved, loader([batch_with_parts()] * 2))
    trainer.save_checkpoint(tmp_path / "now.ckpt")
    checkpoint = torch.load(tmp_path / "now.ckpt", weights_only=False)
    checkpoint["state_dict"] = {
        name.replace("auxiliary_losses.", "heads."): value
        for name, value in checkpoint["state_dict"].items()
    }
    assert "heads.parts.read.0.weight" in checkpoint["state_dict"]
    torch.save(checkpoint, tmp_path / "before.ckpt")
    module = tiny_module(auxiliary_losses={"parts": part_head()})
    tiny_trainer(tmp_path, max_steps=2).fit(
        module, loader([batch_with_parts()] * 2), ckpt_path=tmp_path / "before.ckpt"
    )
    assert all(map(torch.equal, module.state_dict().values(), saved.state_dict().values()))


def test_a_layer_that_is_not_there_is_named():
    with pytest.raises(UserError, match=r"the UNet has no layer up_blocks\.9"):
        LayerOutputs(tiny_unet(), ["up_blocks.9"])


@pytest.mark.parametrize("layer", ["up_blocks.0.resnets.0", "up_blocks.0.attentions.1", "conv_in"])
def test_a_layer_that_is_computed_twice_teaches_the_same(tmp_path, layer):
    """Gradient checkpointing calls it again in the backward pass."""
    channels = 8 if layer == "conv_in" else 16
    weights, calls = [], []
    for twice in (False, True):
        torch.manual_seed(0)
        module = tiny_module(
            auxiliary_losses={"parts": PartHead(layer, channels, ["belly"], weight=1.0)},
            acceleration=Acceleration(gradient_checkpointing=twice),
            learning_rate=1e-2,
        )
        calls.append(0)
        module.unet.get_submodule(layer).register_forward_pre_hook(count(calls))
        tiny_trainer(tmp_path, max_steps=2).fit(module, loader([batch_with_parts()] * 2))
        assert module._features._found is None
        weights.append(torch.cat([value.flatten() for value in module.parameters()]).detach())
    assert calls == [2, 4 if ".resnets." in layer else 2]
    torch.testing.assert_close(weights[0], weights[1], rtol=0, atol=1e-6)


def count(calls):
    def hook(*_):
        calls[-1] += 1

    return hook


def test_nothing_is_noted_where_nobody_asks():
    unet = tiny_unet()
    features = LayerOutputs(unet, [LAYER])
    unet(torch.randn(2, 8, 8, 8), torch.tensor([5, 500]), torch.randn(2, 3, 16))
    assert features._found is None


def test_an_untrained_color_head_guesses_one_of_twelve():
    found = loss(tiny_unet(), zeroed(ColorHead(LAYER, 16, weight=1.0)))
    assert found.item() == pytest.approx(torch.tensor(12.0).log().item())


def test_colors_that_the_unet_was_not_told_teach_nothing():
    assert loss(tiny_unet(), ColorHead(LAYER, 16), has_text=~TEXT).item() == 0


def test_the_color_head_reads_what_attention_gives():
    unet = tiny_unet()
    loss(unet, ColorHead("up_blocks.0.attentions.0", 16)).backward()
    assert unet.up_blocks[0].attentions[0].proj_out.weight.grad.abs().sum() > 0
