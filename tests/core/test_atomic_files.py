"""Files are whole or as they were before; what dead processes left is removed."""

import os
import socket
import subprocess

import pytest

from pokecolor.core.atomic_files import partial_path, remove_left, written_whole


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_what_is_interrupted_leaves_what_was_there(tmp_path, stop):
    path = tmp_path / "a.png"
    path.write_text("before")
    with pytest.raises(stop), written_whole(path) as partial:
        partial.write_text("half")
        raise stop
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.png", "before")]


@pytest.mark.parametrize("synced", [False, True])
def test_a_file_takes_the_place_of_another(tmp_path, synced):
    path = tmp_path / "new" / "a.txt"
    for text in ("one", "two"):
        with written_whole(path, synced) as partial:
            partial.write_text(text)
        assert [(file.name, file.read_text()) for file in path.parent.iterdir()] == [
            ("a.txt", text)
        ]


def test_a_full_disk_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "a.txt"
    path.write_text("before")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"), written_whole(path, synced=True) as partial:
        partial.write_text("after")
    assert [(file.name, file.read_text()) for file in tmp_path.iterdir()] == [("a.txt", "before")]


@pytest.fixture
def dead():
    """The number of a process that has ended."""
    with subprocess.Popen(["true"]) as process:
        process.wait()
    return process.pid


def test_half_written_files_of_dead_processes_are_removed(tmp_path, dead):
    host = socket.gethostname()
    target = tmp_path / "a.ckpt"
    mine = partial_path(target)
    assert mine.name == f".a.ckpt.{host}-{os.getpid()}.partial"
    living, gone = mine, tmp_path / f".a.ckpt.{host}-{dead}.partial"
    folder = tmp_path / f".pipeline.{host}-{dead}.partial"
    folder.mkdir()
    (folder / "half").touch()
    elsewhere, long_ago = (tmp_path / f".{n}.ckpt.other-{dead}.partial" for n in "bc")
    reused = tmp_path / f".d.ckpt.{host}-{os.getpid()}.partial"  # of who had this number before
    others = tmp_path / "mine.partial", tmp_path / ".partial", target
    for path in (living, gone, elsewhere, long_ago, reused, *others):
        path.touch()
    os.utime(reused, (1, 1))
    os.utime(long_ago, (1, 1))
    remove_left(tmp_path)
    assert set(tmp_path.iterdir()) == {living, elsewhere, *others}
    remove_left(tmp_path / "nowhere")
