"""Batches of one shape each, from a source of several, through the data module."""

import json
import logging
from pathlib import Path

import numpy as np
import pytest
import torch
from recorder import Recorder, trainer
from tiny_source import TinySource

from pokecolor.core.errors import UserError
from pokecolor.data import records
from pokecolor.data.bucket_order import order_by_shape
from pokecolor.data.datamodule import TripletDataModule
from pokecolor.data.manifest import File
from pokecolor.data.order import BatchOrder
from pokecolor.data.prepare import prepare

SHAPES = (None, (8, 16), (16, 8))


def shards(counts):
    return [
        File(f"train-{i:06d}.tar", count, 1, "", SHAPES[i % 3]) for i, count in enumerate(counts)
    ]


def test_squares_alone_have_the_order_that_they_always_had():
    squares = [File("train-000000.tar", 9, 1, ""), File("train-000001.tar", 7, 1, "")]
    assert order_by_shape(squares, 4, 2, 3, True) == BatchOrder((9, 7), 4, 2, 3, True)


@pytest.mark.parametrize("ranks", [1, 2])
def test_training_batches_are_full_of_one_shape_and_differ_by_epoch(ranks):
    found = shards([40, 23, 31, 17])
    order = order_by_shape(found, 4, ranks, seed=1, shuffle=True)
    epochs = []
    for epoch in range(2):
        seen = []
        kinds = []
        for rank in range(ranks):
            batches = [order.batch(epoch, rank, i) for i in range(order.length(rank))]
            for batch in batches:
                assert len(batch) == 4 and len({found[shard].shape for shard, _ in batch}) == 1
            kinds.append([found[batch[0][0]].shape for batch in batches])
            seen += [sample for batch in batches for sample in batch]
        assert len(set(seen)) == len(seen) >= sum((40, 23, 31, 17)) - 3 * 4 * ranks
        assert all(each == kinds[0] for each in kinds)  # no rank waits for another
        assert len(set(kinds[0][:10])) > 1  # shapes come among one another
        epochs.append(seen)
    assert epochs[0] != epochs[1]
    again = order_by_shape(found, 4, ranks, seed=1, shuffle=True)
    assert again.batch(1, 0, 2) == order.batch(1, 0, 2)


@pytest.mark.parametrize("ranks", [1, 3])
def test_every_sample_is_validated_once(ranks):
    found = shards([5, 1, 4, 2])
    order = order_by_shape(found, 2, ranks, seed=1, shuffle=False)
    seen = [
        sample
        for rank in range(ranks)
        for i in range(order.length(rank))
        for sample in order.batch(0, rank, i)
    ]
    assert sorted(seen) == [(s, p) for s, count in enumerate([5, 1, 4, 2]) for p in range(count)]


def test_pictures_too_few_to_fill_a_batch_are_told(caplog):
    with caplog.at_level(logging.WARNING):
        order_by_shape(shards([40, 3, 8]), 4, 2, seed=1, shuffle=True)
    assert "3 pictures are not trained on" in caplog.text and "8x16: 3" in caplog.text


class Wide(TinySource):
    """Every second drawing is twice as wide, every fifth twice as high."""

    size = 8
    buckets = True

    def triplets(self, drawing_id):
        number = int(drawing_id[1:])
        tall, wide = 1 + (number % 5 == 0), 1 + (number % 2 == 0 and number % 5 != 0)
        for triplet in super().triplets(drawing_id):
            changed = {
                name: np.tile(getattr(triplet, name), (tall, wide, 1))
                for name in ("original_image", "edited_image")
            }
            changed["part_map"] = np.tile(triplet.part_map, (tall, wide))
            yield triplet.__class__(**{**vars(triplet), **changed})


def test_a_shard_holds_one_shape_and_the_manifest_says_which(tmp_path):
    folder = prepare(Wide(), tmp_path)
    assert folder.manifest.size == 8
    found = set()
    for files in folder.manifest.splits.values():
        for shard in files.shards:
            shapes = {
                tuple(triplet.edited_image.shape[:2])
                for triplet in map(records.decode_triplet, folder.read(shard))
            }
            assert shapes == {shard.shape or (8, 8)}
            found |= shapes
    assert found == {(8, 8), (8, 16), (16, 8)}
    again = prepare(TinySource(), tmp_path / "squares")  # squares alone: a manifest as before
    manifest = json.loads((Path(again.location) / "manifest.json").read_text())
    assert "shape" not in manifest["splits"]["train"]["shards"][0]


@pytest.mark.parametrize("latents", [False, True])
def test_a_trainer_gets_batches_of_each_shape(tmp_path, latents):
    module = Recorder()
    data = TripletDataModule(Wide(), cache_dir=tmp_path, batch_size=4, eval_batch_size=4,
                             cache_latents=latents)  # fmt: skip
    trainer(tmp_path).fit(module, datamodule=data)
    name = "edited_latents" if latents else "edited_image"
    ratios = set()
    for batch in module.batches:
        assert isinstance(batch[name], torch.Tensor)
        ratios.add(batch[name].shape[-1] / batch[name].shape[-2])
    assert ratios == {0.5, 1.0, 2.0}


@pytest.mark.parametrize("multiple", [None, 48])
def test_a_model_that_takes_squares_alone_is_told_before_anything_is_rendered(tmp_path, multiple):
    module = Recorder()
    if multiple is None:
        module.encoder = None
    else:
        module.encoder.cell = multiple
    data = TripletDataModule(Wide(), cache_dir=tmp_path, batch_size=4)
    with pytest.raises(UserError, match="this model takes squares alone"):
        trainer(tmp_path).fit(module, datamodule=data)
    assert not (tmp_path / "shards").exists()
