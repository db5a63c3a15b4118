"""Speed and learning rate arrive at the logger."""

from __future__ import annotations

import csv

import pytest
from tiny_model import Stream, tiny_module, tiny_trainer

from pokecolor.core.training import readout
from pokecolor.core.training.csv_logger import RunCSVLogger
from pokecolor.core.training.readout import Readout

# most runs here need no validation
pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")


def test_speed_and_learning_rate_are_in_metrics_csv(tmp_path, monkeypatch):
    clock = iter(range(1000))
    monkeypatch.setattr(readout.time, "perf_counter", lambda: next(clock))
    trainer = tiny_trainer(
        tmp_path,
        max_steps=4,
        callbacks=[Readout(every_n_steps=2)],
        logger=RunCSVLogger(tmp_path),
        log_every_n_steps=1,
    )
    trainer.fit(tiny_module(learning_rate=1e-3), Stream(batch_size=3))
    rows = list(csv.DictReader((tmp_path / "metrics.csv").read_text().splitlines()))
    speeds = [
        float(row["train/samples_per_second"]) for row in rows if row["train/samples_per_second"]
    ]
    assert speeds[0] == 6.0  # two batches of three in one tick of the clock
    assert any(float(row["train/learning_rate"] or 0) > 0 for row in rows)
