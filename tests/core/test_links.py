import os
import shutil

import pytest

from pokecolor.core import links
from pokecolor.running import run_folders


@pytest.fixture
def windows(monkeypatch):
    """A system on which symbolic links are not allowed, as on Windows."""

    def refuse(*_, **__):
        raise OSError(1314, "A required privilege is not held by the client")

    monkeypatch.setattr(os, "symlink", refuse)
    return refuse


def files(folder):
    checkpoints = [folder / f"step-{step}.ckpt" for step in (1, 2)]
    for number, path in enumerate(checkpoints):
        path.write_text(str(number))
    return checkpoints


def test_a_link_is_moved_to_the_newest(tmp_path):
    first, second = files(tmp_path)
    link = tmp_path / "last.ckpt"
    assert links.point(link, first) and link.resolve() == first
    assert links.point(link, second) and link.resolve() == second
    assert not os.path.isabs(os.readlink(link)), "a run can be moved"


def test_without_symbolic_links_a_file_has_another_name(tmp_path, windows):
    first, second = files(tmp_path)
    link = tmp_path / "last.ckpt"
    assert links.point(link, first) and link.samefile(first)
    assert links.point(link, second) and link.samefile(second)
    second.unlink()  # as old checkpoints are
    assert link.read_text() == "1"


def test_without_any_links_a_file_is_copied(tmp_path, windows, monkeypatch):
    monkeypatch.setattr(os, "link", windows)
    first, second = files(tmp_path)
    link = tmp_path / "last.ckpt"
    links.point(link, first)
    assert links.point(link, second) and link.read_text() == "1"
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "last.ckpt", "step-1.ckpt", "step-2.ckpt",
    ]  # fmt: skip


def test_a_link_that_cannot_be_replaced_is_removed_first(tmp_path, monkeypatch):
    """As Windows has it with links to folders."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir(), second.mkdir()
    link = tmp_path / "latest"
    links.point(link, first)
    rename = os.replace

    def replace(source, target):
        if os.path.lexists(target):
            raise PermissionError(5, "Access is denied")
        rename(source, target)

    monkeypatch.setattr(os, "replace", replace)
    assert links.point(link, second) and link.resolve() == second


def test_where_no_run_can_be_linked_to_its_folder_is_told(tmp_path, windows, caplog):
    run = tmp_path / "runs" / "2026-01-01_00-00-00-mini"
    run.mkdir(parents=True)
    run_folders.link_latest(run, tmp_path / "runs")
    assert caplog.messages == [
        f"{tmp_path / 'runs' / 'latest'}: this system makes no links; the newest run is {run}"
    ]
    shutil.rmtree(run)
