"""Checkpoints are whole or absent."""

from __future__ import annotations

import pytest
import torch

from pokecolor.diffusion import checkpoint_io
from pokecolor.diffusion.checkpoint_io import AtomicCheckpointIO, is_whole
from pokecolor.errors import UserError


class Unwritable:
    def __reduce__(self):
        raise OSError("disk full")


def test_round_trip(tmp_path):
    path = tmp_path / "deep" / "one.ckpt"
    AtomicCheckpointIO().save_checkpoint({"weight": torch.arange(3), "step": 7}, path)
    loaded = AtomicCheckpointIO().load_checkpoint(path)
    assert loaded["weight"].tolist() == [0, 1, 2]
    assert loaded["step"] == 7


def test_a_failed_write_keeps_the_old_file_and_leaves_nothing_else(tmp_path):
    path = tmp_path / "one.ckpt"
    AtomicCheckpointIO().save_checkpoint({"step": 1}, path)
    with pytest.raises(OSError, match="disk full"):
        AtomicCheckpointIO().save_checkpoint({"step": 2, "bad": Unwritable()}, path)
    assert AtomicCheckpointIO().load_checkpoint(path)["step"] == 1
    assert [file.name for file in tmp_path.iterdir()] == ["one.ckpt"]


def test_the_target_appears_only_when_it_is_written(tmp_path, monkeypatch):
    path, save = tmp_path / "one.ckpt", torch.save
    seen = []

    def watched(*args):
        save(*args)
        seen.append(path.exists())

    monkeypatch.setattr(checkpoint_io.torch, "save", watched)
    AtomicCheckpointIO().save_checkpoint({"step": 1}, path)
    assert seen == [False]
    assert path.exists()


def test_a_cut_file_is_not_whole_and_is_refused(tmp_path):
    path = tmp_path / "one.ckpt"
    AtomicCheckpointIO().save_checkpoint({"weight": torch.zeros(1000)}, path)
    assert is_whole(path)
    path.write_bytes(path.read_bytes()[:-100])
    assert not is_whole(path)
    with pytest.raises(UserError, match="not a whole checkpoint"):
        AtomicCheckpointIO().load_checkpoint(path)


def test_pickled_objects_are_refused(tmp_path):
    torch.save({"anything": checkpoint_io.AtomicCheckpointIO()}, tmp_path / "one.ckpt")
    with pytest.raises(UserError, match="cannot be read"):
        AtomicCheckpointIO().load_checkpoint(tmp_path / "one.ckpt")
