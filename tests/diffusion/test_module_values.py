"""A fixed seed gives the losses, metrics and weights that earlier versions gave."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from lightning import Callback
from tiny_model import Stream, collate, loader, sample, tiny_module, tiny_trainer

from pokecolor.core.schema import Part
from pokecolor.diffusion.auxiliary_losses import ColorHead, PartHead
from pokecolor.diffusion.conditioning import ConditioningDropout
from pokecolor.diffusion.lora import LoRA
from pokecolor.diffusion.loss import Objective

KNOWN = Path(__file__).parent / "known_values.json"
PARTS = (Part("belly", "red", (200, 0, 0), True), Part("hat", "blue", (0, 0, 200), False))
RECIPES = {
    "plain": {},
    "all": {
        "prediction": "v_prediction",
        "objective": Objective(5.0, 0.1, 0.3, 0.5),
        "dropout": ConditioningDropout(0.2, 0.2, 0.2),
    },
    "lora": {"lora": LoRA(rank=2), "dropout": ConditioningDropout(0.3, 0.0, 0.3)},
}


class Values(Callback):
    """Every micro-batch's loss and every step's gradient norm."""

    def __init__(self) -> None:
        self.losses: list[float] = []
        self.norms: list[float] = []

    def on_train_batch_end(self, trainer, module, outputs, batch, batch_idx) -> None:
        self.losses.append(outputs["loss"].item())
        if (batch_idx + 1) % 2 == 0:
            self.norms.append(float(trainer.callback_metrics["train/grad_norm"]))


def batches(images: bool) -> list[dict]:
    found = []
    for first in range(0, 16, 2):
        batch = collate([sample(first), sample(first + 1)])
        if images:
            generator = torch.Generator().manual_seed(first)
            for name in ("original", "edited"):
                del batch[f"{name}_latents"]
                batch[f"{name}_image"] = torch.rand(2, 3, 16, 16, generator=generator) * 2 - 1
            del batch["prompt_embeds"]
        part_map = torch.zeros(2, 16, 16, dtype=torch.uint8)
        part_map[0, 8:], part_map[1, :, 4:7] = 1, 2
        found.append({**batch, "part_map": part_map, "parts": [PARTS, PARTS]})
    return found


def run(folder, recipe: str, images: bool = False) -> dict[str, list[float]]:
    torch.manual_seed(0)  # of what a run draws at its start, such as LoRA's factors
    auxiliary_losses = {
        "parts": PartHead("up_blocks.0.resnets.0", 16, ["belly"], weight=0.3),
        "colors": ColorHead("up_blocks.0.attentions.1", 16, weight=0.3),
    }
    module = tiny_module(
        learning_rate=1e-2,
        auxiliary_losses=auxiliary_losses if recipe == "all" else None,
        seed=3,
        **RECIPES[recipe],
    )
    values = Values()
    trainer = tiny_trainer(
        folder, callbacks=[values], accumulate_grad_batches=2, gradient_clip_val=1.0
    )
    trainer.fit(module, loader(batches(images)), Stream(4))
    return {
        "losses": values.losses,
        "norms": values.norms,
        "last": [
            float(trainer.callback_metrics[name])
            for name in (
                "val/loss",
                "train/loss",
                *(f"train/{name}" for name in module.auxiliary_losses),
            )
        ],
        "weights": [_size(module.trainable_parameters())],
        "averages": [_size(module.ema.shadow_params)],
    }


def _size(weights) -> float:
    return sum(float(weight.detach().double().abs().sum()) for weight in weights)


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("images", [False, True])
def test_a_run_gives_what_it_gave(tmp_path, recipe, images):
    found, name = run(tmp_path, recipe, images), f"{recipe}{'-images' * images}"
    known = json.loads(KNOWN.read_text())[name]
    for key, values in known.items():  # other processors round otherwise
        assert found[key] == pytest.approx(values, rel=1e-5), key
