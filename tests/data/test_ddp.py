"""Two processes on the CPU share the samples of an epoch."""

import json
import os
import subprocess
import sys
from collections import Counter
from itertools import chain
from pathlib import Path

import pytest
from tiny_source import TinySource

BATCHES = 6  # of five samples on each of two ranks: all 60 of an epoch


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What each rank of each run saw."""
    folder = tmp_path_factory.mktemp("ddp")
    here = Path(__file__).parent
    paths = f"{here.parents[1]}{os.pathsep}{here.parent}"
    environment = {**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, here / "ddp_run.py", folder]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    return {
        run: [json.loads((folder / f"{run}-rank{rank}.json").read_text()) for rank in range(2)]
        for run in ("whole", "resumed")
    }


def ids_of(split):
    source = TinySource()
    drawings = [d for d in source.drawings() if source.split_of(d) == split]
    return Counter(triplet.id for d in drawings for triplet in source.triplets(d))


def test_each_sample_of_an_epoch_is_seen_once(seen):
    for epoch in range(2):
        batches = slice(epoch * BATCHES, (epoch + 1) * BATCHES)
        ranks = [list(chain.from_iterable(rank["trained"][batches])) for rank in seen["whole"]]
        assert [len(ids) for ids in ranks] == [30, 30]
        assert Counter(chain(*ranks)) == ids_of("train")


def test_validation_sees_each_sample_once_in_equal_numbers_of_batches(seen):
    for epoch in range(2):
        batches = [rank["validated"][2 * epoch : 2 * epoch + 2] for rank in seen["whole"]]
        assert Counter(chain.from_iterable(chain(*batches))) == ids_of("val")


def test_a_resumed_run_goes_on_where_each_rank_stood(seen):
    for whole, resumed in zip(seen["whole"], seen["resumed"], strict=True):
        assert resumed["trained"] == whole["trained"][4:]
