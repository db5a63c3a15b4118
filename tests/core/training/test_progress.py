"""A watcher sees the step of the run, and no epoch that does not exist."""

from __future__ import annotations

import pytest
from tiny_model import Stream, tiny_module, tiny_trainer

from pokecolor.core.training.progress import StepProgressBar

# most runs here need no validation
pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")


def test_the_bar_tells_the_step_and_small_numbers(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    bar = StepProgressBar()
    trainer = tiny_trainer(tmp_path, max_steps=3, callbacks=[bar], enable_progress_bar=True)
    module = tiny_module()
    trainer.fit(module, Stream())
    assert bar.get_metrics(trainer, module)["step"] == "3/3"
    shown = capsys.readouterr().out
    assert "Epoch 0 " in shown
    assert "step: 3/3" in shown
    assert "/-2" not in shown
    assert format(4e-5, bar.theme.metrics_format) == "4e-05"


def test_a_run_of_so_many_epochs_counts_these(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "300")
    trainer = tiny_trainer(
        tmp_path, max_steps=-1, max_epochs=2, limit_train_batches=2,
        callbacks=[StepProgressBar()], enable_progress_bar=True,
    )  # fmt: skip
    trainer.fit(tiny_module(), Stream())
    shown = capsys.readouterr().out
    assert "Epoch 1/1" in shown
    assert "step: 4 " in shown
