from collections import Counter

import numpy as np
import pytest

from pokecolor.captioning.shuffled import ShuffledCaptions
from pokecolor.core.errors import UserError
from pokecolor.core.schema import ColorImage

COUNTS = {"train": 20, "val": 3, "test": 2}
SAMPLES = [
    ColorImage(f"{split}-{i}", np.zeros((2, 2, 3), np.uint8), f"caption {i % 7} of {split}", split)
    for split, count in COUNTS.items()
    for i in range(count)
]


def shuffled(tmp_path, samples=SAMPLES, **settings):
    caption, told = ShuffledCaptions(tmp_path, **settings), []
    ids = [sample.id for sample in samples]
    caption.prepare("data", ids, lambda: iter(samples), lambda *what: told.append(what))
    caption.load("data", ids)
    return {sample.id: caption.prompt(sample.id, sample.caption) for sample in samples}


def test_captions_are_given_to_others_of_the_same_split(tmp_path):
    given = shuffled(tmp_path)
    for split in COUNTS:
        own = [sample.caption for sample in SAMPLES if sample.split == split]
        now = [given[sample.id] for sample in SAMPLES if sample.split == split]
        assert Counter(now) == Counter(own)
    assert given["test-0"] == "caption 1 of test" and given["test-1"] == "caption 0 of test"
    assert sum(given[sample.id] == sample.caption for sample in SAMPLES) < 8


def test_the_shuffle_is_kept_and_depends_on_its_seed(tmp_path):
    first = shuffled(tmp_path)
    assert shuffled(tmp_path, samples=SAMPLES) == first
    assert shuffled(tmp_path, seed=1) != first
    assert len(list(tmp_path.glob("*.csv"))) == 2


def test_a_shuffle_that_is_complete_may_lie_on_a_disk_that_is_read_only(tmp_path, monkeypatch):
    first = shuffled(tmp_path)
    monkeypatch.setattr("pokecolor.captioning.shuffled.FileLock", None)  # a lock cannot be written
    assert shuffled(tmp_path) == first


def test_a_single_sample_has_nobody_to_change_with(tmp_path):
    with pytest.raises(UserError, match="a split of 1 sample"):
        shuffled(tmp_path, SAMPLES[:1])


def test_a_split_that_is_asked_for_later_joins_the_others(tmp_path):
    trained = [sample for sample in SAMPLES if sample.split != "test"]
    before, after = shuffled(tmp_path, trained), shuffled(tmp_path)
    assert set(after) - set(before) == {"test-0", "test-1"}
    assert {key: after[key] for key in before} == before
