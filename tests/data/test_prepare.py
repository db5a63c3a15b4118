import dataclasses
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
from broken_files import flip_silently
from rich.progress import Progress
from tiny_source import TinySource

from pokecolor.core.errors import UserError
from pokecolor.data import prepare as module
from pokecolor.data.prepare import prepare, shards_path
from pokecolor.data.shards import ShardFolder


def folders(cache):
    return [path.name for path in (cache / "shards").iterdir() if path.is_dir()]


def test_every_triplet_is_in_the_split_of_its_drawing(tiny_shards, tiny_source):
    for split in ("train", "val", "test"):
        found = Counter(entry["id"] for entry in tiny_shards.index(split))
        drawings = [d for d in tiny_source.drawings() if tiny_source.split_of(d) == split]
        assert found == Counter(t.id for d in drawings for t in tiny_source.triplets(d))


def test_colorings_of_a_drawing_stay_together_and_like_drawings_do_not(tiny_shards):
    drawings = [entry["drawing_id"] for entry in tiny_shards.index("train")]
    assert drawings[::2] == drawings[1::2]
    assert drawings[::2] != sorted(drawings[::2], key=lambda name: int(name[1:]))


def test_the_manifest_says_where_the_shards_come_from(tiny_shards, tiny_source):
    manifest = tiny_shards.manifest
    assert (manifest.source, manifest.fingerprint) == ("tiny", tiny_source.fingerprint)
    assert manifest.size == 8


def test_the_same_source_gives_the_same_bytes(tiny_shards, tmp_path):
    again = prepare(TinySource(), tmp_path, processes=2)
    assert again.manifest.digest == tiny_shards.manifest.digest


def test_it_is_done_once(tmp_path, monkeypatch):
    first = prepare(TinySource(), tmp_path)
    monkeypatch.setattr(module, "render", None)
    assert prepare(TinySource(), tmp_path) == first


def lose(path):
    path.unlink()


def cut(path):
    path.write_bytes(path.read_bytes()[:-1])


def flip(path):
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.parametrize("damage", [lose, cut, flip])
@pytest.mark.parametrize("file", ["manifest.json", "train-000000.tar", "test.jsonl"])
def test_damaged_shards_are_set_aside_and_rendered_again(tmp_path, file, damage, caplog):
    shards = prepare(TinySource(), tmp_path)
    folder = Path(shards.location)
    whole = {path.name: path.read_bytes() for path in folder.iterdir()}
    damage(folder / file)
    prepare(TinySource(), tmp_path)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == whole
    (record,) = caplog.records
    assert record.getMessage().startswith(f"{folder}: damaged (")
    assert record.getMessage().count(";") == 1, "no advice to the user, who need do nothing"
    assert sorted(folders(tmp_path)) == [folder.name, f"{folder.name}.damaged"]
    flip(folder / "val-000000.tar")  # a second time
    prepare(TinySource(), tmp_path)
    assert sorted(folders(tmp_path)) == [folder.name, f"{folder.name}.damaged"]


def test_a_bit_that_the_disk_lost_is_named_where_it_is_read_and_mended_by_a_start(tmp_path):
    shards = prepare(TinySource(), tmp_path)
    prepare(TinySource(), tmp_path)  # they are known to be whole
    flip_silently(Path(shards.location) / "train-000000.tar")
    list(prepare(TinySource(), tmp_path).samples("val"))
    with pytest.raises(UserError, match=r"train-000000\.tar: its SHA-256 .*; start again"):
        list(shards.samples("train"))
    assert list(prepare(TinySource(), tmp_path).samples("train"))


def test_whole_shards_are_read_once_to_check_them(tmp_path, monkeypatch):
    for _ in range(2):
        prepare(TinySource(), tmp_path)
    reads, fetch = [], ShardFolder._fetch

    def note(self, name):
        reads.append(name)
        return fetch(self, name)

    monkeypatch.setattr(ShardFolder, "_fetch", note)
    prepare(TinySource(), tmp_path)
    assert set(reads) == {"manifest.json"}


def test_another_fingerprint_is_prepared_anew(tmp_path):
    prepare(TinySource(), tmp_path)
    assert prepare(TinySource(colorings=1), tmp_path).manifest.counts()["train"] == 30


def test_a_limit_holds_for_each_split(tmp_path):
    folder = prepare(TinySource(), tmp_path, limit=3)
    assert folder.manifest.counts() == {"train": 6, "val": 6, "test": 6}
    assert folder != prepare(TinySource(), tmp_path)


def test_unreadable_drawings_are_skipped_and_listed(tmp_path, caplog):
    folder = prepare(TinySource(unreadable=("d0", "d9")), tmp_path)
    assert folder.manifest.counts()["train"] == 56
    assert sorted(folder.manifest.skipped) == ["d0.png: truncated", "d9.png: truncated"]
    assert "2 of 40 drawings cannot be read and were skipped" in caplog.text


def test_they_are_told_each_time(tmp_path, caplog):
    source = TinySource(unreadable=("d9",))
    for _ in range(2):
        caplog.clear()
        prepare(source, tmp_path, limit=20)
        assert "tiny: 1 of 30 drawings cannot be read and were skipped, such as d9" in caplog.text


@pytest.mark.parametrize("processes", [1, 2])
def test_ctrl_c_while_rendering_leaves_nothing_and_the_next_run_is_whole(
    tmp_path, monkeypatch, processes
):
    advance, calls = Progress.advance, []

    def interrupted(*given):
        calls.append(given)
        if len(calls) == 20:
            raise KeyboardInterrupt
        advance(*given)

    monkeypatch.setattr(Progress, "advance", interrupted)
    with pytest.raises(KeyboardInterrupt):
        prepare(TinySource(), tmp_path / "one", processes=processes)
    assert folders(tmp_path / "one") == []
    again = prepare(TinySource(), tmp_path / "one", processes=1)
    assert again.manifest == prepare(TinySource(), tmp_path / "two", processes=1).manifest


def test_too_many_unreadable_drawings_stop_it(tmp_path):
    with pytest.raises(UserError, match=r"more than 5% of its 40 drawings .* d\d+\.png: truncated"):
        prepare(TinySource(unreadable=("d0", "d1", "d2")), tmp_path)
    assert folders(tmp_path) == []


@pytest.mark.parametrize(
    ("count", "message"),
    [
        (0, r"nothing to train on \(train 0, val 0, test 0\)"),
        (6, r"nothing to validate with \(train 6, val 0, test 0\)"),
    ],
)
def test_an_empty_split_is_named_with_the_counts(tmp_path, count, message):
    with pytest.raises(UserError, match=message):
        prepare(TinySource(count=count), tmp_path)
    assert folders(tmp_path) == []


@dataclasses.dataclass(frozen=True)
class OneSplit(TinySource):
    """All drawings are of one split."""

    split: str = "train"

    def split_of(self, drawing_id):
        return self.split


@pytest.mark.parametrize("split", ["train", "val"])
@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_drawings_are_trained_on_and_validated_with(tmp_path, caplog, count, split):
    for _ in range(2):  # said each time, though the shards are there
        caplog.clear()
        folder = prepare(OneSplit(count=count, split=split), tmp_path)
        assert folder.manifest.counts() == {"train": 2 * count, "val": 2 * count, "test": 0}
        (record,) = caplog.records
        names = " and ".join(f"d{number}" for number in range(count))
        assert record.getMessage().endswith(f"validation uses the training drawings, {names}")


def test_a_few_drawings_to_test_with_are_not_trained_on(tmp_path, caplog):
    folder = prepare(OneSplit(count=2, split="test"), tmp_path, needed=("test",))
    assert folder.manifest.counts() == {"train": 0, "val": 0, "test": 4}
    assert not caplog.records


def test_a_limit_makes_no_source_small(tmp_path):
    with pytest.raises(UserError, match="nothing to validate with"):
        prepare(OneSplit(count=3), tmp_path, limit=1)


def test_drawings_without_triplets_leave_an_empty_split(tmp_path):
    with pytest.raises(UserError, match=r"nothing to train on \(train 0, val 0, test 0\)"):
        prepare(TinySource(colorings=0), tmp_path)


def test_too_small_a_disk_stops_it_before_writing(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100_000_010))
    monkeypatch.setattr(module.SplitWriter, "write", lambda *_: pytest.fail("it wrote"))
    with pytest.raises(UserError, match="the shards need about"):
        prepare(TinySource(), tmp_path)
    assert folders(tmp_path) == []


@dataclasses.dataclass(frozen=True)
class SlowSource(TinySource):
    def triplets(self, drawing_id):
        time.sleep(0.05)
        return super().triplets(drawing_id)


def test_a_killed_process_leaves_nothing_misleading(tmp_path):
    code = (
        "from pathlib import Path; from test_prepare import SlowSource, prepare;"
        f"prepare(SlowSource(), Path({str(tmp_path)!r}), processes=2)"
    )
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env=os.environ | {"PYTHONPATH": path},
        stdout=subprocess.DEVNULL,
    )
    partial = shards_path(SlowSource(), tmp_path).with_suffix(".partial")
    deadline = time.monotonic() + 60
    while not partial.exists() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert folders(tmp_path) == [partial.name]
    folder = prepare(SlowSource(), tmp_path, processes=1)
    assert isinstance(folder, ShardFolder)
    assert folder.manifest.counts()["train"] == 60
    assert folders(tmp_path) == [partial.stem]
