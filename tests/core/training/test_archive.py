"""What happened to a file since `torch.save` wrote it is seen."""

import os
import zipfile

import pytest
import torch

from pokecolor.core.training import archive
from pokecolor.core.training.archive import find_damage


@pytest.fixture
def path(tmp_path):
    torch.save({"weights": torch.arange(20_000.0)}, tmp_path / "a.ckpt")
    return tmp_path / "a.ckpt"


def change(path, edit):
    data = bytearray(path.read_bytes())
    edit(data)
    path.write_bytes(data)


def flip(data):
    data[len(data) // 2] ^= 1


def zero(data):
    data[len(data) // 3 : len(data) // 2] = bytes(len(data) // 2 - len(data) // 3)


def cut(data):
    del data[-100:]


def test_a_whole_file_is_whole(path):
    assert find_damage(path) is None


@pytest.mark.parametrize(
    ("edit", "told"), [(flip, "CRC of "), (zero, "contents were changed"), (cut, "cut short")]
)
def test_damage_is_told(path, edit, told):
    change(path, edit)
    assert told in find_damage(path)


def test_a_flip_anywhere_in_the_members_is_seen(path):
    with zipfile.ZipFile(path) as whole:
        sizes = {info.filename: (info.header_offset, info.file_size) for info in whole.infolist()}
    data = path.read_bytes()
    for name, (_, size) in sizes.items():
        with zipfile.ZipFile(path) as whole:
            place = data.index(whole.read(name)) if size > 8 else None
        if place is None:
            continue
        path.write_bytes(data[:place] + bytes([data[place] ^ 128]) + data[place + 1 :])
        assert find_damage(path), name
        path.write_bytes(data)


def test_what_is_no_checkpoint_is_told(tmp_path):
    assert find_damage(tmp_path / "gone") == "No such file or directory"
    (tmp_path / "empty").touch()
    assert find_damage(tmp_path / "empty") == "it is empty"
    assert find_damage(tmp_path)


def test_a_file_is_read_once_for_each_state_of_it(path, monkeypatch):
    read = []
    testzip = zipfile.ZipFile.testzip
    monkeypatch.setattr(
        archive.zipfile.ZipFile, "testzip", lambda self: (read.append(1), testzip(self))[1]
    )
    assert [find_damage(path) for _ in range(3)] == [None] * 3
    assert len(read) == 1
    os.utime(path, ns=(1, 1))
    assert find_damage(path) is None
    assert len(read) == 2
