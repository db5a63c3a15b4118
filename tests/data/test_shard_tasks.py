import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from tiny_source import TinySource

from pokecolor.core.errors import UserError
from pokecolor.data import shard_tasks
from pokecolor.data.records import decode_meta, decode_prompt
from pokecolor.data.shard_tasks import find_task, prepare_share
from pokecolor.data.shards import ShardFolder

HERE = Path(__file__).resolve().parent.parent


@pytest.fixture(autouse=True)
def small_shards(monkeypatch):
    monkeypatch.setattr(shard_tasks, "SHARD_SAMPLES", 3)


def ids(location):
    folder = ShardFolder(str(location))
    found = {}
    for split in ("train", "val", "test"):
        found[split] = [decode_meta(members)["id"] for members in folder.samples(split)]
        assert [entry["id"] for entry in folder.index(split)] == found[split]
    return found


def test_tasks_make_each_sample_once_and_the_last_one_the_manifest(tmp_path, tiny_shards):
    source = TinySource()
    assert [prepare_share(source, str(tmp_path / "to"), (n, 3)) for n in (2, 0, 1)] == [
        False,
        False,
        True,
    ]
    for split, found in ids(tmp_path / "to").items():
        assert Counter(found) == Counter(each["id"] for each in tiny_shards.index(split))
    assert ShardFolder(str(tmp_path / "to")).manifest.fingerprint == source.fingerprint


def test_the_same_bytes_whatever_the_tasks(tmp_path):
    for count in (1, 2):
        for number in range(count):
            prepare_share(TinySource(), str(tmp_path / str(count)), (number, count))
    one, two = (ShardFolder(str(tmp_path / name)).manifest.digest for name in ("1", "2"))
    assert one == two


def test_a_task_goes_on_where_it_was_stopped(tmp_path, monkeypatch):
    made = []
    real = shard_tasks._make

    def stopping(store, source, part, *others):
        if len(made) == 4:
            raise KeyboardInterrupt
        made.append(part.name)
        return real(store, source, part, *others)

    monkeypatch.setattr(shard_tasks, "_make", stopping)
    with pytest.raises(KeyboardInterrupt):
        prepare_share(TinySource(), str(tmp_path))
    first, made[:] = list(made), ["", "", "", "", ""]
    assert prepare_share(TinySource(), str(tmp_path))
    assert not set(first) & set(made)
    assert sum(map(len, ids(tmp_path).values())) == 80


def test_captions_are_the_prompts_and_stay_in_parquet(tmp_path):
    parquet = pytest.importorskip("pyarrow.parquet")
    calls = []

    def write(images):
        calls.append(len(images))
        return [f"caption {image.mean():.2f}" for image in images]

    prepare_share(TinySource(), str(tmp_path), write=write)
    sample = next(ShardFolder(str(tmp_path)).samples("train"))
    table = parquet.read_table(tmp_path / "captions" / "train-000000.parquet").to_pylist()
    assert table[0]["id"] == decode_meta(sample)["id"]
    assert decode_prompt(sample) == table[0]["caption"] != table[0]["edit_prompt"]
    # of a part that was cut off before its record, the captions are not written again
    (tmp_path / "parts" / "train-000000.json").unlink()
    (tmp_path / "train-000000.tar").unlink()
    calls.clear()
    assert prepare_share(TinySource(), str(tmp_path), write=write)
    assert not calls and (tmp_path / "train-000000.tar").is_file()


def test_what_cannot_be_read_is_named_in_the_manifest(tmp_path):
    prepare_share(TinySource(unreadable=("d3",)), str(tmp_path))
    assert ShardFolder(str(tmp_path)).manifest.skipped == ("d3.png: truncated",)
    assert sum(map(len, ids(tmp_path).values())) == 78


def test_another_data_set_is_not_mixed_in(tmp_path):
    prepare_share(TinySource(), str(tmp_path))
    with pytest.raises(UserError, match="another data set"):
        prepare_share(TinySource(count=48), str(tmp_path))


@pytest.mark.parametrize("other", [{"limit": 2}, {"writer": "another captioner"}])
def test_nor_are_other_captions_or_another_limit(tmp_path, other):
    prepare_share(TinySource(), str(tmp_path), writer="")
    before = sorted(path.name for path in tmp_path.rglob("*"))
    with pytest.raises(UserError, match=r"other settings, limit or captions.*another folder"):
        prepare_share(TinySource(), str(tmp_path), **other)
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("environment", "task"),
    [
        ({}, (0, 1)),
        ({"SLURM_ARRAY_TASK_ID": "4", "SLURM_ARRAY_TASK_COUNT": "8", "SLURM_ARRAY_TASK_MIN": "1"},
         (3, 8)),
        ({"SLURM_ARRAY_TASK_ID": "7", "SLURM_ARRAY_TASK_COUNT": "4", "SLURM_ARRAY_TASK_MIN": "1",
          "SLURM_ARRAY_TASK_STEP": "2"}, (3, 4)),
        ({"SLURM_PROCID": "1", "SLURM_NTASKS": "2"}, (1, 2)),
        ({"RANK": "1", "WORLD_SIZE": "4"}, (1, 4)),
    ],
)  # fmt: skip
def test_launchers_tell_the_task(environment, task):
    assert find_task(environment) == task


@pytest.mark.parametrize(
    "environment",
    [
        {"SLURM_ARRAY_TASK_ID": "9", "SLURM_ARRAY_TASK_COUNT": "3"},  # --array=0,4,9
        {"RANK": "2", "WORLD_SIZE": "2"},
        {"RANK": "one", "WORLD_SIZE": "2"},
    ],
)
def test_tasks_that_would_leave_shares_out_are_refused(environment):
    with pytest.raises(UserError, match="no task of an even range"):
        find_task(environment)


def test_other_urls_are_refused():
    with pytest.raises(UserError, match="not to ftp:"):
        prepare_share(TinySource(), "ftp://somewhere/else")


def test_processes_that_are_killed_lose_nothing(tmp_path):
    command = (
        "import sys; from tiny_source import TinySource; import pokecolor.data.shard_tasks as s;"
        "s.SHARD_SAMPLES = 3;"
        "s.prepare_share(TinySource(count=160), sys.argv[1], (int(sys.argv[2]), 2))"
    )
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(HERE), *sys.path])}

    def start(number):
        call = [sys.executable, "-c", command, str(tmp_path / "to"), str(number)]
        return subprocess.Popen(call, env=environment, stderr=subprocess.DEVNULL)

    first = start(0)
    records = tmp_path / "to" / "parts"
    deadline = time.monotonic() + 60
    while (
        not records.is_dir() or len(list(records.iterdir())) < 5
    ) and time.monotonic() < deadline:
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)
    first.wait()
    assert all(json.loads(path.read_bytes()) for path in records.glob("*.json"))
    for task in [start(0), start(1)]:
        assert task.wait(60) == 0
    found = [sample for split in ids(tmp_path / "to").values() for sample in split]
    assert len(found) == len(set(found)) == 320
