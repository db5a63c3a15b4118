"""wandb, TensorBoard and CSV are told the same of a run, and wandb needs no network for it."""

from __future__ import annotations

import csv
import json
import socket
import struct
import subprocess

import lightning
import pytest
import wandb
import yaml
from lightning.pytorch.loggers import TensorBoardLogger, WandbLogger
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tiny_model import Stream, tiny_module, tiny_trainer
from wandb.proto.wandb_internal_pb2 import Record

from pokecolor.core.provenance import find_commit
from pokecolor.core.training.csv_logger import RunCSVLogger
from pokecolor.core.training.tracking import Tracking
from pokecolor.diffusion.callbacks.samples import SampleGrids

SETTINGS = {"seed": 3, "model": {"lora": {"rank": 0}}}
CONTENTS = {"the digest of the data": "abc123", "the digest of the captions": "def456"}

pytestmark = [
    # wandb's own, on its way out
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


@pytest.fixture
def no_network(monkeypatch):
    """Connections beyond this machine fail, and are counted."""
    tried = []

    def refuse(connect):
        def call(self, address):
            if self.family != socket.AF_UNIX and address[0] not in ("127.0.0.1", "::1"):
                tried.append(address)
                raise OSError("no network")
            return connect(self, address)

        return call

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse(getattr(socket.socket, name)))
    return tried


class Data(lightning.LightningDataModule):
    contents = CONTENTS

    def train_dataloader(self):
        return Stream()

    def val_dataloader(self):
        return Stream(2)


def train(folder, loggers):
    trainer = tiny_trainer(
        folder,
        max_steps=2,
        logger=loggers,
        log_every_n_steps=1,
        callbacks=[
            Tracking(SETTINGS),
            SampleGrids(folder, every_n_steps=2, drawings=1),
        ],
    )
    trainer.fit(tiny_module(), datamodule=Data())


def records(folder):
    """What wandb keeps of an offline run: protocol buffers in LevelDB's log format."""
    (file,) = folder.rglob("run-*.wandb")
    data, place, parts = file.read_bytes()[7:], 7, b""
    while len(data) >= 7:
        _, length, kind = struct.unpack("<IHB", data[:7])
        parts += data[7 : 7 + length]
        if kind in (1, 4):  # whole, or the last part of one
            yield Record.FromString(parts)
            parts = b""
        data, place = data[7 + length :], place + 7 + length
        if (left := -place % 32768) < 7:
            data, place = data[left:], place + left


def require_made_with(found):
    assert found["settings"] == SETTINGS
    assert found["data"] == CONTENTS
    assert found["versions"].keys() >= {"Python", "torch", "diffusers"}
    assert found["commit"]


def test_wandb_offline_gets_everything_and_asks_no_network(tmp_path, no_network):
    logger = WandbLogger(project="p", save_dir=tmp_path, offline=True, mode="offline")
    train(tmp_path, [logger])
    wandb.finish()
    assert no_network == []
    config, logged = {}, {}
    for record in records(tmp_path):
        for item in record.run.config.update or record.config.update:
            config[item.key] = json.loads(item.value_json)
        for item in record.history.item:
            key = item.key or item.nested_key[0]
            logged[key] = json.loads(item.value_json)
    assert config.keys() >= {"settings"}, [str(r)[:300] for r in records(tmp_path)]
    require_made_with(config)
    assert logged["train/skipped_steps"] == 0
    assert "samples" in logged
    # before the first step, and after the last
    assert len(list(tmp_path.rglob("media/images/*.png"))) == 2


def test_tensorboard_and_csv_get_the_same(tmp_path):
    board = TensorBoardLogger(tmp_path, name="board", version="")
    train(tmp_path, [board, RunCSVLogger(tmp_path)])
    for folder in (tmp_path, tmp_path / "board"):
        require_made_with(yaml.safe_load((folder / "hparams.yaml").read_text()))
    events = EventAccumulator(str(tmp_path / "board"), size_guidance={"images": 0}).Reload()
    assert [image.step for image in events.Images("samples")] == [0, 2]
    assert events.Scalars("train/skipped_steps")[-1].value == 0
    with (tmp_path / "metrics.csv").open() as file:
        assert float(list(csv.DictReader(file))[-1]["train/skipped_steps"]) == 0
    names = sorted(path.name for path in (tmp_path / "samples").iterdir())
    assert names == ["step-000000.png", "step-000002.png"]


def test_a_commit_is_that_of_the_checkout_and_tells_of_changes(tmp_path):
    def git(*words):
        who = ["-c", "user.name=a", "-c", "user.email=a@b"]
        command = ["git", "-C", str(tmp_path), *who, *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    assert find_commit(tmp_path) is None
    git("init")
    (tmp_path / "installed").mkdir()
    (tmp_path / "installed" / "a.py").write_text("1")
    assert find_commit(tmp_path / "installed") is None  # of an environment beside a project
    git("add", ".")
    git("commit", "-m", "one")
    head = git("rev-parse", "HEAD")
    assert find_commit(tmp_path / "installed") == head
    (tmp_path / "installed" / "a.py").write_text("2")
    assert find_commit(tmp_path / "installed") == f"{head} + changes"
