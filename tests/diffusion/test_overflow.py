"""Losses, gradients and updates that are not finite: what a run skips, and where it stops."""

from __future__ import annotations

import functools
import logging

import pytest
import torch
from lightning import Callback
from lightning.pytorch.plugins import MixedPrecision
from test_module import same, weights
from tiny_model import Stream, collate, loader, sample, tiny_module, tiny_trainer

from pokecolor.core.errors import UserError
from pokecolor.core.training.checkpoint_io import AtomicCheckpointIO
from pokecolor.core.training.checkpoints import PeriodicCheckpoints
from pokecolor.diffusion.auxiliary_losses import AuxiliaryLoss

# most runs here need no validation
pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")


def poisoned(bad: set[int], batches: int = 12) -> list[dict]:
    stream = [collate([sample(2 * i), sample(2 * i + 1)]) for i in range(batches)]
    for i in bad:
        stream[i]["edited_latents"][0, 0, 0, 0] = float("nan")
    return stream


def test_a_bad_step_is_named_and_changes_nothing(tmp_path, caplog):
    class Snapshots(Callback):
        def __init__(self) -> None:
            self.weights, self.moments = [], []

        def on_train_batch_end(self, trainer, module, *_) -> None:
            self.weights.append(weights(module))
            state = trainer.optimizers[0].state_dict()["state"]
            self.moments.append([value["exp_avg"].clone() for value in state.values()])

    snapshots = Snapshots()
    module = tiny_module()
    with caplog.at_level(logging.WARNING):
        trainer = tiny_trainer(tmp_path, max_steps=4, callbacks=[snapshots], gradient_clip_val=1.0)
        trainer.fit(module, loader(poisoned({2})))
    assert "step 2 skipped: loss nan" in caplog.text
    assert "s4, s5" in caplog.text
    assert same(snapshots.weights[1], snapshots.weights[2])
    assert same(snapshots.moments[1], snapshots.moments[2])
    assert not same(snapshots.weights[2], snapshots.weights[3])
    assert module.ema.optimization_step == 3


def test_bad_steps_in_a_row_stop_the_run_and_keep_the_last_good_checkpoint(tmp_path):
    module = tiny_module(max_bad_steps=3)
    trainer = tiny_trainer(
        tmp_path,
        max_steps=12,
        enable_checkpointing=True,
        plugins=[AtomicCheckpointIO()],
        callbacks=[PeriodicCheckpoints(tmp_path, every_n_steps=2)],
    )
    with pytest.raises(UserError, match="3 steps in a row"):
        trainer.fit(module, loader(poisoned({2, 5, 6, 7})))
    saved = torch.load(tmp_path / "last.ckpt", weights_only=True)
    assert all(value.isfinite().all() for value in saved["state_dict"].values())


def test_fp16_looks_for_its_loss_scale_without_counting_bad_steps(tmp_path):
    """As on a GPU: fused AdamW, clipping, and a first scale that overflows."""
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**30)
    module = tiny_module(max_bad_steps=1)
    before = weights(module)
    trainer = tiny_trainer(
        tmp_path,
        max_steps=20,
        gradient_clip_val=1.0,
        plugins=[MixedPrecision("16-mixed", "cpu", scaler)],
    )
    trainer.fit(module, Stream())
    assert 1 < scaler.get_scale() < 2.0**30
    assert 0 < module.ema.optimization_step < 20  # the skipped steps are not averaged
    skipped = trainer.callback_metrics["train/skipped_steps"]
    assert skipped == 20 - module.ema.optimization_step
    assert not same(before, weights(module))
    assert all(value.isfinite().all() for value in weights(module))


def test_fp16_stops_at_a_loss_that_is_not_finite(tmp_path):
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**8)
    trainer = tiny_trainer(
        tmp_path, max_steps=12, plugins=[MixedPrecision("16-mixed", "cpu", scaler)]
    )
    with pytest.raises(UserError, match="2 steps in a row"):
        trainer.fit(tiny_module(max_bad_steps=2), loader(poisoned({3, 4})))


class OverflowsOnce(AuxiliaryLoss):
    """Is infinite at one step, where the gradients stay finite."""

    def __init__(self, at: int) -> None:
        super().__init__("conv_in")
        self.at, self.calls = at, 0

    def forward(self, features, batch):
        self.calls += 1
        return torch.tensor(float("inf") if self.calls - 1 == self.at else 0.0)


@pytest.mark.parametrize("accumulate", [1, 2])
def test_an_infinite_loss_is_skipped_though_its_gradients_are_finite(tmp_path, accumulate):
    module = tiny_module(auxiliary_losses={"overflows": OverflowsOnce(at=2)})
    trainer = tiny_trainer(tmp_path, max_steps=3, accumulate_grad_batches=accumulate)
    trainer.fit(module, Stream())
    assert module.ema.optimization_step == 2
    assert trainer.callback_metrics["train/skipped_steps"] == 1
    trainer.save_checkpoint(tmp_path / "one.ckpt")
    resumed = tiny_module(auxiliary_losses={"overflows": OverflowsOnce(at=99)})
    trainer = tiny_trainer(tmp_path, max_steps=4, accumulate_grad_batches=accumulate)
    trainer.fit(resumed, Stream(), ckpt_path=tmp_path / "one.ckpt")
    assert trainer.callback_metrics["train/skipped_steps"] == 1  # of the whole run


class Overflows(torch.optim.SGD):
    """Writes a value that is not finite in its third step."""

    taken = 0

    def step(self, closure=None):
        loss = super().step(closure)
        self.taken += 1
        if self.taken == 3:
            self.param_groups[0]["params"][0].data.view(-1)[0] = float("inf")
        return loss


def test_an_update_that_overflows_reaches_neither_the_average_nor_a_checkpoint(tmp_path):
    module = tiny_module()
    module._build_optimizer = functools.partial(Overflows, lr=1e-4)
    trainer = tiny_trainer(
        tmp_path,
        max_steps=12,
        enable_checkpointing=True,
        plugins=[AtomicCheckpointIO()],
        callbacks=[PeriodicCheckpoints(tmp_path, every_n_steps=1, keep=1)],
    )
    with pytest.raises(UserError, match="the update overflowed") as stopped:
        trainer.fit(module, Stream())
    # the checkpoint of step 2 is finite, but no step was taken from it
    assert f"go on by ckpt_path={tmp_path}/step-000001.ckpt with a lower model.optimizer.lr" in str(
        stopped.value
    )
    assert all(value.isfinite().all() for value in module.ema.shadow_params)
    saved = torch.load(tmp_path / "last.ckpt", weights_only=True)
    assert saved["global_step"] == 2
    assert all(value.isfinite().all() for value in saved["state_dict"].values())


def test_a_checkpoint_whose_weights_are_not_finite_is_refused(tmp_path):
    trainer = tiny_trainer(tmp_path, max_steps=1)
    trainer.fit(tiny_module(), Stream())
    trainer.lightning_module.ema.shadow_params[0].view(-1)[0] = float("nan")
    trainer.save_checkpoint(tmp_path / "bad.ckpt")
    with pytest.raises(UserError, match="ckpt_path: its weights are not finite; go on from an ear"):
        tiny_trainer(tmp_path).fit(tiny_module(), Stream(), ckpt_path=tmp_path / "bad.ckpt")
