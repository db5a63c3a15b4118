"""Checkpoints are whole or absent."""

from __future__ import annotations

import errno

import pytest
import torch

from pokecolor.core.errors import UserError
from pokecolor.core.training import checkpoint_io
from pokecolor.core.training.checkpoint_io import AtomicCheckpointIO

RUN = {"pytorch-lightning_version": "2.6"}
"""What tells a run's checkpoint from other files of weights."""


class Unwritable:
    """Stands for a disk that runs full: torch, too, puts an error of its own over that."""

    def __init__(self, plain):
        self.plain = plain

    def __reduce__(self):
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError:
            if self.plain:
                raise
            raise RuntimeError("unexpected pos 704 vs 598")  # noqa: B904


def test_round_trip(tmp_path):
    path = tmp_path / "deep" / "one.ckpt"
    AtomicCheckpointIO().save_checkpoint({**RUN, "weight": torch.arange(3), "step": 7}, path)
    loaded = AtomicCheckpointIO().load_checkpoint(path)
    assert loaded["weight"].tolist() == [0, 1, 2]
    assert loaded["step"] == 7


@pytest.mark.parametrize("plain", [True, False])
def test_a_full_disk_keeps_the_old_file_and_leaves_nothing_else(tmp_path, plain):
    path = tmp_path / "one.ckpt"
    AtomicCheckpointIO().save_checkpoint({**RUN, "step": 1}, path)
    with pytest.raises(UserError, match=r"one\.ckpt: cannot be written \(No space left"):
        AtomicCheckpointIO().save_checkpoint({**RUN, "step": 2, "bad": Unwritable(plain)}, path)
    assert AtomicCheckpointIO().load_checkpoint(path)["step"] == 1
    assert [file.name for file in tmp_path.iterdir()] == ["one.ckpt"]


def test_the_target_appears_only_when_it_is_written(tmp_path, monkeypatch):
    path, save = tmp_path / "one.ckpt", torch.save
    seen = []

    def watched(*args):
        save(*args)
        seen.append(path.exists())

    monkeypatch.setattr(checkpoint_io.torch, "save", watched)
    AtomicCheckpointIO().save_checkpoint({**RUN, "step": 1}, path)
    assert seen == [False]
    assert path.exists()


def cut(data):
    return data[:-100]


def flip(data):
    place = data.index(b"\x00\x00\x80?" * 20)  # ones
    return data[:place] + b"\x01" + data[place + 1 :]


def zero(data):
    place = data.index(b"\x00\x00\x80?" * 500)
    return data[:place] + bytes(2000) + data[place + 2000 :]


@pytest.mark.parametrize("damage", [cut, flip, zero])
def test_a_damaged_file_is_refused(tmp_path, damage):
    path = tmp_path / "one.ckpt"
    AtomicCheckpointIO().save_checkpoint({**RUN, "weight": torch.ones(1000)}, path)
    AtomicCheckpointIO().load_checkpoint(path)
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(UserError, match=r"not a whole checkpoint \(.*\); try ckpt_path=latest"):
        AtomicCheckpointIO().load_checkpoint(path)


def test_weights_of_others_are_told_from_a_runs_checkpoint(tmp_path):
    torch.save({"state_dict": {"a": torch.ones(1)}, "global_step": 7}, tmp_path / "sd.ckpt")
    with pytest.raises(UserError, match=r"set model\.components\.checkpoint instead"):
        AtomicCheckpointIO().load_checkpoint(tmp_path / "sd.ckpt")


def test_pickled_objects_are_refused(tmp_path):
    torch.save({"anything": checkpoint_io.AtomicCheckpointIO()}, tmp_path / "one.ckpt")
    with pytest.raises(UserError, match="cannot be read"):
        AtomicCheckpointIO().load_checkpoint(tmp_path / "one.ckpt")
