import multiprocessing
import os
import pickle
import shutil
import signal

import pytest

from pokecolor.core.errors import UserError
from pokecolor.data.batches import BatchMaker
from pokecolor.data.manifest import File
from pokecolor.data.order import LANES, WINDOW, BatchOrder
from pokecolor.data.shards import ShardFolder
from pokecolor.data.stream import BatchStream, EpochLoader, every_epoch, held_bytes


def stream_of(folder, batch_size=7, shuffle=True):
    shards = folder.manifest.splits["train"].shards
    counts = tuple(shard.samples for shard in shards)
    order = BatchOrder(counts, batch_size, ranks=1, seed=0, shuffle=shuffle)
    make_batch = BatchMaker(latents=False, flip_seed=None, caption=None, text=None)
    return BatchStream(folder, shards, order, 0, make_batch)


def ids(loader):
    return [batch["id"] for batch in loader]


@pytest.mark.parametrize("num_workers", [1, 2])
def test_workers_change_nothing(many_shards, num_workers):
    alone = EpochLoader(stream_of(many_shards), 0, every_epoch())
    workers = EpochLoader(stream_of(many_shards), num_workers, every_epoch())
    for _ in range(2):
        assert ids(workers) == ids(alone)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_all_processes_leaves_the_workers_to_the_trainer(many_shards, told):
    loader = EpochLoader(stream_of(many_shards), 2, lambda: (0, 0))
    batches = iter(loader)
    for _ in range(2):  # one of each worker, so that both have begun
        next(batches)
    workers = multiprocessing.active_children()
    for worker in workers:
        os.kill(worker.pid, told)
    assert len(workers) == 2
    assert len(list(batches)) == len(loader) - 2


def test_epochs_differ(many_shards):
    loader = EpochLoader(stream_of(many_shards), 0, every_epoch())
    assert ids(loader) != ids(loader)


def test_a_stream_can_be_sent_to_a_new_process(many_shards):
    stream = stream_of(many_shards)
    sent = pickle.loads(pickle.dumps(stream))
    assert sent[(1, 2)]["id"] == stream[(1, 2)]["id"]


@pytest.mark.parametrize("num_workers", [0, 2])
def test_any_place_can_be_jumped_to(many_shards, num_workers):
    stream = stream_of(many_shards)
    whole = ids(EpochLoader(stream, 0, lambda: (5, 0)))
    for start in (0, 1, 5, len(whole) - 1, len(whole)):
        assert ids(EpochLoader(stream, num_workers, lambda k=start: (5, k))) == whole[start:]


def test_progress_is_asked_when_the_first_batch_is(many_shards):
    asked = []
    loader = EpochLoader(stream_of(many_shards), 0, lambda: asked.append(1) or (0, 0))
    batches = iter(loader)  # Lightning does so before it knows the epoch
    assert not asked
    next(batches)
    assert asked


def test_an_epoch_reads_a_shard_again_only_where_lanes_meet(many_shards, monkeypatch):
    read = []
    original = ShardFolder.read
    monkeypatch.setattr(ShardFolder, "read", lambda s, f: read.append(f.name) or original(s, f))
    for _ in EpochLoader(stream_of(many_shards, batch_size=3), 0, lambda: (0, 0)):
        pass
    assert len(set(read)) == 20
    assert len(read) <= 20 + (LANES - 1) * WINDOW


@pytest.mark.parametrize("num_workers", [0, 2])
def test_a_damaged_shard_is_one_line_that_names_it(many_shards, tmp_path, num_workers):
    folder = ShardFolder(str(shutil.copytree(many_shards.location, tmp_path / "copy")))
    path = tmp_path / "copy" / "train-000003.tar"
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(UserError, match=r"^\S+train-000003\.tar: 1000 bytes, .*again$"):
        ids(EpochLoader(stream_of(folder), num_workers, every_epoch()))


def test_a_resumed_run_with_another_order_is_warned_of(many_shards, caplog):
    state = EpochLoader(stream_of(many_shards), 0, every_epoch()).state_dict()
    EpochLoader(stream_of(many_shards), 0, every_epoch()).load_state_dict(state)
    assert not caplog.records
    EpochLoader(stream_of(many_shards, batch_size=5), 0, every_epoch()).load_state_dict(state)
    assert "batch_size 7 -> 5" in caplog.text


def test_memory_is_that_of_the_largest_shards_in_every_process():
    shards = [File(f"train-{i}", 1, 100 * (i + 1), "") for i in range(20)]
    largest = [2000 - 100 * i for i in range(20)]
    assert held_bytes(shards, 0) == held_bytes(shards, 1) == sum(largest[: (LANES + 1) * WINDOW])
    assert held_bytes(shards, 4) == 4 * sum(largest[: 2 * WINDOW])
    assert held_bytes(shards[:1], 2) == 200  # both hold it
