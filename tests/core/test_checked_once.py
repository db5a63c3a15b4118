import os

from pokecolor.core.checked_once import check_again, checked_once


def test_a_whole_folder_is_checked_once_and_again_when_a_file_has_changed(tmp_path):
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "a").write_text("one")
    checks = []
    find = checked_once(lambda path: checks.append(path))
    for _ in range(3):
        assert find(folder) is None
    assert len(checks) == 1
    (folder / "a").write_text("two")
    os.utime(folder / "a", ns=(1, 1))
    find(folder)
    (folder / "b").touch()
    find(folder)
    (folder / "b").unlink()
    find(folder)
    check_again(folder)
    find(folder)
    assert len(checks) == 5
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "folder.checked"]


def test_a_damaged_folder_is_checked_each_time(tmp_path):
    checks = []
    find = checked_once(lambda path: checks.append(path) or "a bit flipped")
    assert find(tmp_path / "gone") == find(tmp_path / "gone") == "a bit flipped"
    assert len(checks) == 2
    assert not list(tmp_path.iterdir())


def test_a_note_that_cannot_be_written_or_read_only_costs_time(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.checked").mkdir()
    assert checked_once(lambda _: None)(tmp_path / "folder") is None
    check_again(tmp_path / "folder")
