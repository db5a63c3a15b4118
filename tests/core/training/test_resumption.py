"""What a run that goes on takes from its settings, and what from the checkpoint."""

from __future__ import annotations

import functools
import itertools
import math

import lightning
import pytest
import torch
from lightning import Callback
from tiny_model import Stream, tiny_module, tiny_trainer

from pokecolor.core.errors import UserError
from pokecolor.core.training.resumption import Resumption
from pokecolor.diffusion.ema import WeightAverage

pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")

PEAK = 1e-3
COSINE = {"name": "cosine", "warmup_steps": 0}


class Rates(Callback):
    """The learning rate of each step."""

    def __init__(self) -> None:
        self.rates: list[float] = []

    def on_train_batch_start(self, trainer, *_) -> None:
        self.rates.append(trainer.optimizers[0].param_groups[0]["lr"])


class Data(lightning.LightningDataModule):
    """Data that say what they are."""

    def __init__(self, digest: str) -> None:
        super().__init__()
        self.contents = {"the digest of the data": digest}

    def train_dataloader(self) -> Stream:
        return Stream()


def fit(folder, steps, ckpt=None, name="one.ckpt", data=None, allow=False, **settings):
    """A run of so many steps; its module, its trainer and the learning rates of its steps."""
    schedule = settings.get("schedule", COSINE)
    module = tiny_module(
        ema=functools.partial(WeightAverage, decay=settings.get("decay", 0.99)), schedule=schedule
    )
    module._build_optimizer = functools.partial(
        torch.optim.AdamW, **{"lr": PEAK, **settings.get("optimizer", {})}
    )
    rates = Rates()
    resumption = Resumption({"model": {"lr_scheduler": schedule}}, allow)
    trainer = tiny_trainer(folder, max_steps=steps, callbacks=[rates, resumption])
    if data is None:
        trainer.fit(module, Stream(), ckpt_path=ckpt)
    else:
        trainer.fit(module, datamodule=data, ckpt_path=ckpt)
    trainer.save_checkpoint(folder / name)
    return module, trainer, rates.rates


def cosine(step, steps):
    return PEAK * 0.5 * (1 + math.cos(math.pi * step / steps))


def test_settings_of_optimizer_and_average_act(tmp_path):
    constant = {"name": "constant"}
    fit(tmp_path, 3, schedule=constant)
    optimizer = {"lr": 1e-6, "betas": (0.5, 0.6), "weight_decay": 0.3}
    module, trainer, rates = fit(
        tmp_path, 6, tmp_path / "one.ckpt", schedule=constant, optimizer=optimizer, decay=0.5
    )
    assert rates == [1e-6] * 3
    (group,) = trainer.optimizers[0].param_groups
    assert {key: group[key] for key in optimizer} == optimizer
    assert module.ema.decay == 0.5
    assert module.ema.optimization_step == 6
    saved = torch.load(tmp_path / "one.ckpt", weights_only=True)
    assert saved["ema"]["decay"] == 0.5  # the next to go on begins with it


def test_another_learning_rate_keeps_the_place_on_the_schedule(tmp_path):
    fit(tmp_path, 8)
    whole = fit(tmp_path, 8, optimizer={"lr": 2 * PEAK})[2]
    stopped = fit(tmp_path, 8, name="none.ckpt")
    assert stopped[2] == [pytest.approx(cosine(step, 8)) for step in range(8)]
    half_way(tmp_path, 8)
    rates = fit(tmp_path, 8, tmp_path / "half.ckpt", optimizer={"lr": 2 * PEAK})[2]
    assert rates == pytest.approx(whole[4:])


def half_way(folder, steps):
    """`half.ckpt`, of a run of so many steps after half of them."""

    class Save(Callback):
        def on_train_batch_end(self, trainer, *_) -> None:
            if trainer.global_step == steps // 2:
                trainer.save_checkpoint(folder / "half.ckpt")

    resumption = Resumption({"model": {"lr_scheduler": COSINE}})
    trainer = tiny_trainer(folder, max_steps=steps, callbacks=[Save(), resumption])
    trainer.fit(tiny_module(learning_rate=PEAK, schedule=COSINE), Stream())


@pytest.mark.parametrize("ended", [True, False])
def test_with_more_steps_the_learning_rate_has_no_jump_and_another_end(tmp_path, ended, capsys):
    if ended:
        fit(tmp_path, 20)
        (tmp_path / "one.ckpt").rename(tmp_path / "half.ckpt")
    else:
        half_way(tmp_path, 40)
    start = 0.0 if ended else cosine(20, 40)
    rates = fit(tmp_path, 60, tmp_path / "half.ckpt")[2]
    assert rates[0] == pytest.approx(start, abs=1e-9)
    assert max(abs(a - b) for a, b in itertools.pairwise(rates)) < 0.2 * PEAK
    # within a tenth of what was left it is where a run of so many steps would be, to its end
    planned = [cosine(step, 60) for step in range(20, 60)]
    assert rates[4:] == pytest.approx(planned[4:])
    assert "goes over to the schedule of 60 steps within 4 steps" in capsys.readouterr().out


def test_a_run_stopped_amid_such_a_change_goes_on_alike(tmp_path):
    fit(tmp_path, 20)
    whole = fit(tmp_path, 60, tmp_path / "one.ckpt", name="two.ckpt")[2]

    class Save(Callback):
        def on_train_batch_end(self, trainer, *_) -> None:
            if trainer.global_step == 22:
                trainer.save_checkpoint(tmp_path / "amid.ckpt")

    resumption = Resumption({"model": {"lr_scheduler": COSINE}})
    trainer = tiny_trainer(tmp_path, max_steps=60, callbacks=[Save(), resumption])
    module = tiny_module(learning_rate=PEAK, schedule=COSINE)
    trainer.fit(module, Stream(), ckpt_path=tmp_path / "one.ckpt")
    assert fit(tmp_path, 60, tmp_path / "amid.ckpt")[2] == pytest.approx(whole[2:])


def test_another_schedule_acts_at_once(tmp_path):
    half_way(tmp_path, 8)
    rates = fit(tmp_path, 8, tmp_path / "half.ckpt", schedule={"name": "linear"})[2]
    assert rates == pytest.approx([PEAK * share for share in (0.5, 0.375, 0.25, 0.125)])


def test_a_constant_learning_rate_stays(tmp_path):
    constant = {"name": "constant"}
    fit(tmp_path, 2, schedule=constant)
    assert fit(tmp_path, 5, tmp_path / "one.ckpt", schedule=constant)[2] == [PEAK] * 3


def test_other_data_are_refused_with_both_digests_unless_allowed(tmp_path):
    fit(tmp_path, 2, data=Data("ab12"))
    with pytest.raises(UserError, match="the digest of the data was ab12 and is now cd34"):
        fit(tmp_path, 4, tmp_path / "one.ckpt", data=Data("cd34"), name="none.ckpt")
    trainer = fit(tmp_path, 4, tmp_path / "one.ckpt", data=Data("cd34"), allow=True)[1]
    assert trainer.global_step == 4


def test_another_number_of_processes_is_refused(tmp_path):
    fit(tmp_path, 2)
    saved = torch.load(tmp_path / "one.ckpt", weights_only=True)
    saved["trained_on"]["the number of processes"] = 2
    torch.save(saved, tmp_path / "two.ckpt")
    with pytest.raises(UserError, match="the number of processes was 2 and is now 1"):
        fit(tmp_path, 4, tmp_path / "two.ckpt")


def test_a_run_with_nothing_left_to_train_says_so(tmp_path, capsys):
    fit(tmp_path, 2)
    fit(tmp_path, 2, tmp_path / "one.ckpt")
    assert "nothing was left to train after step 2" in capsys.readouterr().out


def test_a_checkpoint_of_an_earlier_version_goes_on(tmp_path):
    fit(tmp_path, 2)
    saved = torch.load(tmp_path / "one.ckpt", weights_only=True)
    for key in ("settings", "trained_on", "learning_rate_ramp"):
        del saved[key]
    torch.save(saved, tmp_path / "old.ckpt")
    assert len(fit(tmp_path, 6, tmp_path / "old.ckpt")[2]) == 4
