import errno
import os
import shutil
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from filelock import FileLock

from pokecolor.core.atomic_folders import (
    build_folder,
    replace_folder,
    require_memory,
    require_space,
    set_aside,
)
from pokecolor.core.errors import UserError


def test_a_folder_appears_when_it_is_whole(tmp_path):
    target = tmp_path / "deep" / "folder"
    with build_folder(target) as folder:
        (folder / "file").write_text("content")
        assert not target.exists()
    assert (target / "file").read_text() == "content"


def test_a_folder_that_is_there_is_not_built_again(tmp_path):
    (tmp_path / "folder").mkdir()
    with build_folder(tmp_path / "folder") as folder:
        assert folder is None


def test_a_folder_that_is_there_is_taken_from_a_disk_that_is_read_only(tmp_path, monkeypatch):
    (tmp_path / "folder").mkdir()

    def refuse(path):
        raise OSError(errno.EROFS, "Read-only file system", str(path))

    monkeypatch.setattr("pokecolor.core.atomic_folders.FileLock", refuse)
    with build_folder(tmp_path / "folder") as folder:
        assert folder is None
    with (
        pytest.raises(UserError, match=r"cannot be written \(Read-only file system\)"),
        build_folder(tmp_path / "missing"),
    ):
        pass


def test_an_error_leaves_no_folder(tmp_path):
    with pytest.raises(KeyboardInterrupt), build_folder(tmp_path / "folder") as folder:
        (folder / "file").write_text("half of it")
        raise KeyboardInterrupt
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []


def test_what_a_killed_process_left_is_not_used(tmp_path):
    (tmp_path / "folder.partial").mkdir()
    (tmp_path / "folder.partial" / "old").touch()
    with build_folder(tmp_path / "folder") as folder:
        (folder / "new").touch()
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["new"]


@pytest.mark.parametrize(("stop", "left"), [(KeyboardInterrupt, ["one"]), (ValueError, [])])
def test_a_resumable_folder_is_handed_on_when_it_was_interrupted_not_when_it_failed(
    tmp_path, stop, left
):
    with pytest.raises(stop), build_folder(tmp_path / "folder", resumable=True) as folder:
        (folder / "one").touch()
        raise stop
    assert not (tmp_path / "folder").exists()
    with build_folder(tmp_path / "folder", resumable=True) as folder:
        assert [path.name for path in folder.iterdir()] == left
    assert (tmp_path / "folder").is_dir()
    assert not (tmp_path / "folder.partial").exists()


def old(path, days):
    for each in (*path.glob("*"), path):
        os.utime(each, (time.time() - 86_400 * days,) * 2)


def test_what_dead_processes_left_beside_it_is_removed(tmp_path):
    for name in ("other.partial", "locked.partial"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "half").touch()
    with FileLock(tmp_path / "locked.lock"):  # another process builds it
        with build_folder(tmp_path / "folder"):
            pass
    folders = sorted(path.name for path in tmp_path.iterdir() if path.is_dir())
    assert folders == ["folder", "locked.partial"]


def test_what_can_be_resumed_waits_for_a_week(tmp_path):
    for name, days in (("young", 6), ("old", 8), ("grown", 8)):
        (tmp_path / f"{name}.partial").mkdir()
        (tmp_path / f"{name}.partial" / "one").touch()
        old(tmp_path / f"{name}.partial", days)
    (tmp_path / "grown.partial" / "one").touch()
    with build_folder(tmp_path / "folder", resumable=True):
        pass
    left = sorted(path.name for path in tmp_path.glob("*.partial"))
    assert left == ["grown.partial", "young.partial"]


def test_a_damaged_folder_is_set_aside_and_a_whole_one_is_left(tmp_path, caplog):
    target = tmp_path / "folder"
    set_aside(target, lambda _: "never asked")
    for round in ("first", "second"):
        target.mkdir()
        (target / round).touch()
        set_aside(target, lambda _: None)
        assert target.is_dir()
        set_aside(target, lambda _: "a bit flipped")
        assert not target.exists()
        assert [path.name for path in (tmp_path / "folder.damaged").iterdir()] == [round]
    assert caplog.messages == 2 * [
        f"{target}: damaged (a bit flipped); it was set aside as folder.damaged and is made again"
    ]


def test_a_damaged_folder_that_cannot_be_set_aside_is_the_users_to_mend(tmp_path, monkeypatch):
    (tmp_path / "folder").mkdir()

    def refuse(self, target):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(UserError, match="damaged, and cannot be renamed"):
        set_aside(tmp_path / "folder", lambda _: "a bit flipped")


def test_a_full_disk_is_one_clear_line(tmp_path):
    with pytest.raises(UserError, match="disk is full"), build_folder(tmp_path / "folder"):
        raise OSError(errno.ENOSPC, "No space left on device")
    assert not (tmp_path / "folder").exists()


def test_a_file_where_the_cache_belongs_is_one_clear_line(tmp_path):
    (tmp_path / "cache").touch()
    with (
        pytest.raises(UserError, match="cannot be written"),
        build_folder(tmp_path / "cache" / "x"),
    ):
        pass


def test_other_errors_are_passed_on(tmp_path):
    with pytest.raises(OSError, match="unplugged"), build_folder(tmp_path / "folder"):
        raise OSError(errno.EIO, "unplugged")


def test_too_small_a_disk_is_named_with_figures(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=2_000_000_000))
    require_space(tmp_path, 1_000_000_000, "the shards")
    with pytest.raises(UserError, match=r"the shards need about 3\.00 GB and only 2\.00 GB are"):
        require_space(tmp_path, 3_000_000_000, "the shards")


def test_too_little_memory_is_named_with_figures(monkeypatch):
    free = SimpleNamespace(available=2_000_000_000)
    monkeypatch.setattr("psutil.virtual_memory", lambda: free)
    require_memory(1_000_000_000, "the loaders", "use fewer")
    with pytest.raises(
        UserError, match=r"the loaders would hold about 3\.00 GB .* 2\.00 GB are free; use fewer"
    ):
        require_memory(3_000_000_000, "the loaders", "use fewer")


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file()
    }


def make_two(tmp_path):
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).write_text(name)
    return tmp_path / "new", tmp_path / "old"


def test_a_folder_takes_the_place_of_another(tmp_path):
    new, old = make_two(tmp_path)
    replace_folder(new, old)
    assert contents(tmp_path) == {"old/new": "new"}
    replace_folder(old, tmp_path / "free")
    assert contents(tmp_path) == {"free/new": "new"}
    assert [path.name for path in tmp_path.iterdir()] == ["free"]


@pytest.mark.parametrize("failing", [1, 2])
def test_the_other_is_back_when_that_is_interrupted(tmp_path, monkeypatch, failing):
    new, old = make_two(tmp_path)
    rename, calls = Path.rename, []

    def interrupted(path, target):
        calls.append(path)
        if len(calls) == failing:
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", interrupted)
    with pytest.raises(KeyboardInterrupt):
        replace_folder(new, old)
    assert contents(tmp_path) == {"old/old": "old", "new/new": "new"}


def test_a_file_is_not_replaced_by_a_folder(tmp_path):
    new, _ = make_two(tmp_path)
    (tmp_path / "file").write_text("notes")
    with pytest.raises(OSError):
        replace_folder(new, tmp_path / "file")
    assert (tmp_path / "file").read_text() == "notes"
