"""The module in training: what it draws, learns, skips, saves and goes on from."""

from __future__ import annotations

import functools

import pytest
import torch
from lightning import Callback
from tiny_model import Stream, collate, loader, sample, tiny_module, tiny_trainer

from pokecolor.core.errors import UserError
from pokecolor.core.training.checkpoint_io import AtomicCheckpointIO
from pokecolor.core.training.checkpoints import PeriodicCheckpoints
from pokecolor.core.training.resumption import Resumption
from pokecolor.diffusion.conditioning import ConditioningDropout
from pokecolor.diffusion.ema import WeightAverage
from pokecolor.diffusion.lora import LoRA
from pokecolor.diffusion.loss import Objective

# most runs here need no validation
pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")


class Record(Callback):
    """The ids and the loss of every micro-batch."""

    def __init__(self) -> None:
        self.steps: list[tuple[list[str], float]] = []

    def on_train_batch_end(self, trainer, module, outputs, batch, batch_idx) -> None:
        self.steps.append((batch["id"], outputs["loss"].item()))


class KillAfter(Callback):
    """Ends the run as a kill would: no hook that follows is called."""

    def __init__(self, batches: int) -> None:
        self.batches = batches

    def on_train_batch_start(self, *_) -> None:
        self.batches -= 1
        if self.batches < 0:
            raise KeyError("killed")


def weights(module) -> list[torch.Tensor]:
    return [parameter.detach().clone() for parameter in module.unet.parameters()]


def same(one: list[torch.Tensor], other: list[torch.Tensor]) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one, other, strict=True))


# ---- learning


def test_training_lowers_the_validation_loss(tmp_path):
    module = tiny_module(learning_rate=1e-2)
    val = Stream(4)
    trainer = tiny_trainer(tmp_path, max_steps=40, gradient_clip_val=1.0)
    before = trainer.validate(module, val, verbose=False)[0]["val/loss"]
    trainer.fit(module, Stream(4))
    assert trainer.validate(module, val, verbose=False)[0]["val/loss"] < 0.97 * before


def test_validation_does_not_depend_on_the_batches(tmp_path):
    losses = []
    for batch_size in (1, 4):
        trainer = tiny_trainer(tmp_path)
        result = trainer.validate(tiny_module(), Stream(4, batch_size), verbose=False)
        losses.append(result[0]["val/loss"])
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("accumulate", [1, 3])
def test_every_weight_learns_and_the_average_follows_each_optimizer_step(
    tmp_path, prediction, accumulate
):
    module = tiny_module(
        prediction=prediction, objective=Objective(min_snr_gamma=5.0, noise_offset=0.1)
    )
    before = weights(module)
    trainer = tiny_trainer(tmp_path, max_steps=4, accumulate_grad_batches=accumulate)
    trainer.fit(module, Stream(24))
    assert all((a != b).any() for a, b in zip(before, weights(module), strict=True))
    assert module.ema.optimization_step == 4
    assert module.record.micro_batches == 4 * accumulate


def test_images_and_their_latents_give_the_same_loss(tmp_path):
    images = {
        "id": ["a", "b"],
        "drawing_id": ["a", "b"],
        "edit_prompt": ["red", "blue"],
        "original_image": torch.rand(2, 3, 16, 16) * 2 - 1,
        "edited_image": torch.rand(2, 3, 16, 16) * 2 - 1,
    }
    encoder = tiny_module().encoder
    latents = {
        **{key: images[key] for key in ("id", "drawing_id", "edit_prompt")},
        "original_latents": encoder.encode_original(images["original_image"]),
        "edited_latents": encoder.encode_edited(images["edited_image"]),
        "prompt_embeds": encoder.encode_prompt(images["edit_prompt"]),
    }
    losses = []
    for batch in (images, latents):
        record = Record()
        trainer = tiny_trainer(tmp_path, max_steps=1, callbacks=[record])
        trainer.fit(tiny_module(), loader([batch]))
        losses.append(record.steps[0][1])
    assert losses[0] == pytest.approx(losses[1], rel=1e-6)


def test_dropping_all_conditions_makes_them_irrelevant(tmp_path):
    losses = []
    for shift in (0.0, 100.0):
        batch = collate([sample(0), sample(1)])
        batch["original_latents"] += shift
        batch["prompt_embeds"] += shift
        record = Record()
        module = tiny_module(dropout=ConditioningDropout(text=0, image=0, both=1))
        tiny_trainer(tmp_path, max_steps=1, callbacks=[record]).fit(module, loader([batch]))
        losses.append(record.steps[0][1])
    assert losses[0] == losses[1]


# ---- steps that are not finite


# ---- validation with averaged weights


def test_live_weights_come_back_when_validation_raises(tmp_path):
    module = tiny_module()
    trainer = tiny_trainer(tmp_path, max_steps=3)
    trainer.fit(module, Stream())
    live, broken = weights(module), collate([sample(0)])
    del broken["edited_latents"]
    with pytest.raises(KeyError):
        trainer.validate(module, loader([broken]), verbose=False)
    broken = collate([sample(0)])
    broken["prompt_embeds"] = broken["prompt_embeds"][..., :3]  # fails within the UNet
    with pytest.raises(RuntimeError):
        trainer.validate(module, loader([broken]), verbose=False)
    assert same(live, weights(module))
    assert not same(live, module.ema.shadow_params)


# ---- going on


@pytest.mark.parametrize("workers", [0, 2])
@pytest.mark.parametrize("killed_after", [5, 11])
def test_a_killed_run_goes_on_as_if_it_had_not_been(tmp_path, workers, killed_after):
    """Epochs of 6 micro-batches, 2 a step, checkpoints every 2 steps: kills amid an epoch and an
    accumulation, in the first epoch and in the second."""
    settings = {"accumulate_grad_batches": 2, "gradient_clip_val": 1.0, "max_steps": 8}

    def run(folder, ckpt_path=None, kill=()):
        module, record = tiny_module(), Record()
        trainer = tiny_trainer(
            folder,
            enable_checkpointing=True,
            plugins=[AtomicCheckpointIO()],
            callbacks=[record, Resumption({}), PeriodicCheckpoints(folder, every_n_steps=2), *kill],
            **settings,
        )
        trainer.fit(module, Stream(workers=workers), ckpt_path=ckpt_path)
        return module, record

    unbroken, expected = run(tmp_path / "unbroken")
    with pytest.raises(KeyError, match="killed"):
        run(tmp_path / "killed", kill=[KillAfter(killed_after)])
    saved_step = 2 * (killed_after // 4)
    resumed, record = run(tmp_path / "resumed", ckpt_path=tmp_path / "killed" / "last.ckpt")

    assert record.steps == expected.steps[2 * saved_step :]  # ids and losses, to the last bit
    assert same(weights(resumed), weights(unbroken))
    assert same(resumed.ema.shadow_params, unbroken.ema.shadow_params)
    assert resumed.ema.optimization_step == unbroken.ema.optimization_step == 8
    assert resumed.record.samples_seen == unbroken.record.samples_seen


def test_a_checkpoint_holds_the_unet_and_no_frozen_part(tmp_path):
    module = tiny_module()
    trainer = tiny_trainer(tmp_path, max_steps=1, plugins=[AtomicCheckpointIO()])
    trainer.fit(module, Stream())
    trainer.save_checkpoint(tmp_path / "one.ckpt")
    saved = torch.load(tmp_path / "one.ckpt", weights_only=True)
    assert {name.split(".")[0] for name in saved["state_dict"]} == {"unet"}
    assert len(saved["ema"]["shadow_params"]) == len(list(module.unet.parameters()))


def test_a_checkpoint_of_another_model_is_refused(tmp_path):
    trainer = tiny_trainer(tmp_path, max_steps=1)
    trainer.fit(tiny_module(), Stream())
    trainer.save_checkpoint(tmp_path / "full.ckpt")
    other = tiny_module(lora=LoRA(rank=2))
    with pytest.raises(UserError, match="another UNet, LoRA or EMA"):
        tiny_trainer(tmp_path).fit(other, Stream(), ckpt_path=tmp_path / "full.ckpt")


# ---- LoRA


def test_lora_trains_and_saves_its_factors_alone_and_goes_on(tmp_path):
    module = tiny_module(lora=LoRA(rank=2))
    base = module.unet.conv_in.base_layer.weight.clone()
    trainer = tiny_trainer(tmp_path, max_steps=2, plugins=[AtomicCheckpointIO()])
    trainer.fit(module, Stream())
    trainer.save_checkpoint(tmp_path / "lora.ckpt")
    saved = torch.load(tmp_path / "lora.ckpt", weights_only=True)["state_dict"]
    assert all(".lora_" in name for name in saved)
    assert torch.equal(module.unet.conv_in.base_layer.weight, base)

    resumed = tiny_module(lora=LoRA(rank=2))
    settings = {"max_steps": 3, "plugins": [AtomicCheckpointIO()]}
    trainer = tiny_trainer(tmp_path, **settings)
    trainer.fit(resumed, Stream(), ckpt_path=tmp_path / "lora.ckpt")
    assert resumed.ema.optimization_step == 3


def test_weights_that_need_gradients_are_fp32_under_autocast(tmp_path):
    module = tiny_module()
    tiny_trainer(tmp_path, max_steps=2, precision="bf16-mixed").fit(module, Stream())
    assert {parameter.dtype for parameter in module.unet.parameters()} == {torch.float32}


def test_an_optimizer_that_refuses_its_settings_is_the_users_mistake(tmp_path):
    with pytest.raises(UserError, match=r"model\.optimizer: Invalid learning rate: -1"):
        tiny_trainer(tmp_path, max_steps=1).fit(tiny_module(learning_rate=-1.0), Stream())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"validation_timesteps": [1000]}, "validation_timesteps=.*whole numbers from 0 to 999"),
        ({"validation_timesteps": []}, "validation_timesteps"),
        ({"validation_timesteps": 5}, "validation_timesteps=5"),
        ({"max_bad_steps": 0}, "max_bad_steps=0: give a whole number, 1 or more"),
        ({"ema": functools.partial(WeightAverage, decay=1.5)}, "ema.decay=1.5: give a number from"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(settings, message):
    with pytest.raises(UserError, match=message):
        tiny_module(**settings)
