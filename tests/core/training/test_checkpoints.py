"""Which checkpoints there are after a run."""

from __future__ import annotations

import os
import signal

import lightning
import pytest
import torch
from tiny_model import Stream, tiny_module, tiny_trainer

from pokecolor.core.errors import UserError
from pokecolor.core.training.checkpoint_io import AtomicCheckpointIO
from pokecolor.core.training.checkpoints import PeriodicCheckpoints

# most runs here need no validation
pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")


class Signals(lightning.Callback):
    """Sends this process signals at the start of a batch, or when all are done."""

    def __init__(self, at: int | None, *signals: signal.Signals) -> None:
        self.at, self.signals = at, signals

    def on_train_batch_start(self, trainer, pl_module, batch, batch_idx):
        if batch_idx == self.at:
            self.send()

    def on_train_end(self, trainer, pl_module):
        if self.at is None:
            self.send()

    def send(self):
        for told in self.signals:
            os.kill(os.getpid(), told)


def run(folder, steps: int, ckpt_path=None, signals=None, accumulate=1, **settings):
    trainer = tiny_trainer(
        folder,
        max_steps=steps,
        enable_checkpointing=True,
        accumulate_grad_batches=accumulate,
        plugins=[AtomicCheckpointIO()],
        callbacks=[PeriodicCheckpoints(folder, **settings), *([signals] if signals else [])],
    )
    trainer.fit(tiny_module(), Stream(), ckpt_path=ckpt_path)


def checkpoints(folder):
    return sorted(path.name for path in folder.glob("*.ckpt"))


def test_the_newest_are_kept_and_last_is_the_last_step(tmp_path):
    run(tmp_path, steps=7, every_n_steps=2, keep=2)
    assert checkpoints(tmp_path) == ["last.ckpt", "step-000006.ckpt", "step-000007.ckpt"]
    assert torch.load(tmp_path / "last.ckpt", weights_only=True)["global_step"] == 7


def test_a_resumed_run_does_not_save_where_it_started(tmp_path):
    run(tmp_path / "one", steps=4, every_n_steps=2, keep=1)
    run(
        tmp_path / "two", steps=5, every_n_steps=4, keep=1, ckpt_path=tmp_path / "one" / "last.ckpt"
    )
    assert checkpoints(tmp_path / "two") == ["last.ckpt", "step-000005.ckpt"]


@pytest.mark.parametrize("settings", [{"every_n_steps": 0}, {"keep": 0}])
def test_impossible_settings_are_refused(tmp_path, settings):
    with pytest.raises(UserError, match="give 1 or more"):
        PeriodicCheckpoints(tmp_path, **settings)


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_is_saved_after_its_step_and_goes_on_as_if_it_were_not(tmp_path, told):
    run(tmp_path / "whole", steps=5, every_n_steps=10)
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(SystemExit):
        run(tmp_path / "run", 5, signals=Signals(2, told), every_n_steps=10)
    assert checkpoints(tmp_path / "run") == ["last.ckpt", "step-000003.ckpt"]
    assert signal.getsignal(signal.SIGINT) is before
    run(tmp_path / "run", 5, ckpt_path=tmp_path / "run" / "last.ckpt", every_n_steps=10)
    whole, resumed = (
        torch.load(tmp_path / name / "last.ckpt", weights_only=True) for name in ("whole", "run")
    )
    assert whole["global_step"] == resumed["global_step"] == 5
    for name, weight in whole["state_dict"].items():
        assert torch.equal(weight, resumed["state_dict"][name]), name


def test_an_accumulation_is_ended_before_the_run(tmp_path):
    with pytest.raises(SystemExit):
        run(tmp_path, 5, signals=Signals(2, signal.SIGINT), accumulate=2, every_n_steps=10)
    assert checkpoints(tmp_path) == ["last.ckpt", "step-000002.ckpt"]


def test_a_second_ctrl_c_ends_at_once(tmp_path, capsys):
    with pytest.raises(SystemExit):
        run(tmp_path, 5, signals=Signals(2, signal.SIGINT, signal.SIGINT), every_n_steps=2)
    assert checkpoints(tmp_path) == ["last.ckpt", "step-000002.ckpt"]
    assert "press Ctrl-C again to stop at once" in capsys.readouterr().err


def test_ctrl_c_after_the_last_step_is_heard_too(tmp_path):
    with pytest.raises(SystemExit):
        run(tmp_path, 3, signals=Signals(None, signal.SIGINT), every_n_steps=10)
    assert checkpoints(tmp_path) == ["last.ckpt", "step-000003.ckpt"]


class Poison(lightning.Callback):
    """Breaks what a checkpoint would hold, at a step."""

    def __init__(self, part: str, at: int, value: float = float("inf")) -> None:
        self.part, self.at, self.value = part, at, value

    def on_train_batch_start(self, trainer, module, batch, batch_idx):
        if trainer.global_step == self.at:
            tensors = {
                "weights": lambda: list(module.unet.parameters()),
                "average": lambda: module.ema.shadow_params,
                "moments": lambda: [
                    moments["exp_avg_sq"] for moments in trainer.optimizers[0].state.values()
                ],
            }[self.part]()
            tensors[0].data.view(-1)[0] = self.value


@pytest.mark.parametrize("part", ["average", "moments"])
def test_what_is_not_finite_is_never_saved_and_the_last_that_is_stays(tmp_path, part):
    with pytest.raises(UserError, match=r"which is not saved: .* not finite"):
        run(tmp_path, 6, signals=Poison(part, 3), every_n_steps=1, keep=1)
    assert checkpoints(tmp_path) == ["last.ckpt", "step-000002.ckpt", "step-000003.ckpt"]
    saved = torch.load(tmp_path / "last.ckpt", weights_only=True)
    assert all(value.isfinite().all() for value in saved["ema"]["shadow_params"])


def test_the_last_that_training_went_on_from_is_never_rotated_away(tmp_path):
    """Weights can be finite and so large that no loss is."""
    with pytest.raises(UserError, match=r"5 steps in a row .* go on by ckpt_path=.*000002.ckpt"):
        run(tmp_path, 12, signals=Poison("weights", 3, value=3e38), every_n_steps=1, keep=1)
    assert checkpoints(tmp_path) == ["last.ckpt", "step-000002.ckpt", "step-000007.ckpt"]
    with pytest.raises(UserError, match="begin anew"):  # the newest is of no use
        run(tmp_path, 20, ckpt_path=tmp_path / "last.ckpt", every_n_steps=1, keep=1)
    run(tmp_path, 9, ckpt_path=tmp_path / "step-000002.ckpt", every_n_steps=1, keep=1)
    assert "step-000009.ckpt" in checkpoints(tmp_path)
