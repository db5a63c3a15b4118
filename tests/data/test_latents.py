import shutil
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from tiny_encoder import TinyEncoder, latents_of
from tiny_source import TinySource

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import to_tensor
from pokecolor.data import records
from pokecolor.data.latents import cache_latents, encode_samples, images_at_a_time
from pokecolor.data.prepare import prepare
from pokecolor.data.shards import ShardFolder


@pytest.fixture(scope="module")
def cached(tiny_shards, tmp_path_factory):
    return cache_latents(tiny_shards, TinyEncoder(), tmp_path_factory.mktemp("cache"), "val")


def folders(cache):
    return [path for path in (cache / "latents").iterdir() if path.is_dir()]


def test_latents_are_fp16_of_both_flips_of_both_images(tiny_shards):
    samples = list(tiny_shards.samples("val"))
    latents = encode_samples(samples, TinyEncoder())
    assert latents.dtype == np.float16
    assert latents.shape == (10, 2, 2, 3, 4, 4)
    for row, members in enumerate(samples):
        for which, image in enumerate(records.decode_images(members)):
            for flip in range(2):
                pixels = to_tensor((image[:, ::-1] if flip else image).copy())[None]
                expected = (1 + which) * latents_of(pixels)[0]
                found = torch.from_numpy(latents[row, flip, which]).float()
                torch.testing.assert_close(found, expected, atol=2e-3, rtol=0)


def test_a_sketch_is_encoded_once_for_all_its_colorings(tiny_shards):
    encoder, done = TinyEncoder(), []
    encode_samples(list(tiny_shards.samples("val")), encoder, done.append)
    assert encoder.sketches_encoded == 2 * 5  # both flips of five drawings
    assert encoder.images_encoded == 2 * 10
    assert sum(done) == pytest.approx(10)


def test_every_sample_keeps_its_place_id_instruction_and_part_map(tiny_shards, cached):
    assert cached.index("val") == tiny_shards.index("val")
    assert cached.manifest.counts() == {"train": 0, "val": 10, "test": 0}
    members = next(cached.samples("val"))
    assert {name for name in members if name[0] != "_"} == {
        records.LATENTS, records.META, records.PROMPT, records.PART_MAP,
    }  # fmt: skip
    assert members[records.PART_MAP] == next(tiny_shards.samples("val"))[records.PART_MAP]


def test_they_are_encoded_once(tiny_shards, tmp_path):
    encoder = TinyEncoder()
    first = cache_latents(tiny_shards, encoder, tmp_path, "train")
    encoded = encoder.images_encoded
    assert cache_latents(tiny_shards, encoder, tmp_path, "train") == first
    assert encoder.images_encoded == encoded == 2 * 60


@pytest.mark.parametrize("half_written", [False, True])
def test_it_goes_on_where_it_was_interrupted(tmp_path, monkeypatch, half_written):
    monkeypatch.setattr("pokecolor.data.shards.SHARD_SAMPLES", 8)
    shards = prepare(TinySource(), tmp_path)
    assert len(shards.manifest.splits["train"].shards) == 8

    class Interrupted(TinyEncoder):
        def encode_edited(self, images):
            if self.images_encoded >= 2 * 8 * 3:  # both flips of three shards
                raise KeyboardInterrupt
            return super().encode_edited(images)

    with pytest.raises(KeyboardInterrupt):
        cache_latents(shards, Interrupted(), tmp_path, "train")
    assert [path.suffix for path in folders(tmp_path)] == [".partial"]
    if half_written:  # as a killed process may leave it
        (partial,) = folders(tmp_path)
        (partial / ".train-000003.tar.here-4711.partial").write_bytes(b"half of it")
    encoder = TinyEncoder()
    resumed = cache_latents(shards, encoder, tmp_path, "train")
    assert encoder.images_encoded == 2 * (60 - 24)
    whole = cache_latents(shards, TinyEncoder(), tmp_path / "other", "train")
    assert resumed.manifest == whole.manifest  # digests and all
    assert not list(folders(tmp_path)[0].glob("*.partial"))


def test_another_encoder_or_other_shards_are_encoded_anew(tiny_shards, tmp_path, monkeypatch):
    first = cache_latents(tiny_shards, TinyEncoder(), tmp_path, "test")
    assert cache_latents(tiny_shards, TinyEncoder("i2"), tmp_path, "test") != first
    assert cache_latents(tiny_shards, TinyEncoder("i1", "t2"), tmp_path, "test") == first


def test_a_damaged_shard_leaves_no_cache(tiny_shards, tmp_path):
    copy = ShardFolder(str(shutil.copytree(tiny_shards.location, tmp_path / "copy")))
    (tmp_path / "copy" / "test-000000.tar").write_bytes(b"")
    with pytest.raises(UserError, match=r"test-000000\.tar: 0 bytes"):
        cache_latents(copy, TinyEncoder(), tmp_path, "test")
    assert folders(tmp_path) == []


@pytest.mark.parametrize("file", ["manifest.json", "val-000000.tar"])
def test_damaged_latents_are_set_aside_and_encoded_again(tiny_shards, tmp_path, file, caplog):
    first = cache_latents(tiny_shards, TinyEncoder(), tmp_path, "val").manifest
    (folder,) = folders(tmp_path)
    data = bytearray((folder / file).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / file).write_bytes(data)
    encoder = TinyEncoder()
    assert cache_latents(tiny_shards, encoder, tmp_path, "val").manifest == first
    assert encoder.images_encoded == 2 * 10
    (record,) = caplog.records
    assert record.getMessage().startswith(f"{folder}: damaged (")


def test_a_damaged_shard_of_an_interrupted_process_is_encoded_again(tmp_path, monkeypatch):
    monkeypatch.setattr("pokecolor.data.shards.SHARD_SAMPLES", 8)
    shards = prepare(TinySource(), tmp_path)

    class Interrupted(TinyEncoder):
        def encode_edited(self, images):
            if self.images_encoded >= 2 * 8 * 3:  # both flips of three shards
                raise KeyboardInterrupt
            return super().encode_edited(images)

    with pytest.raises(KeyboardInterrupt):
        cache_latents(shards, Interrupted(), tmp_path, "train")
    (partial,) = folders(tmp_path)
    tar = partial / "train-000001.tar"
    tar.write_bytes(b"x" * tar.stat().st_size)
    resumed = cache_latents(shards, TinyEncoder(), tmp_path, "train")
    whole = cache_latents(shards, TinyEncoder(), tmp_path / "other", "train")
    assert resumed.manifest == whole.manifest


def test_too_small_a_disk_stops_it(tiny_shards, tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=100_000_010))
    with pytest.raises(UserError, match="the latents need about"):
        cache_latents(tiny_shards, TinyEncoder(), tmp_path, "test")
    assert folders(tmp_path) == []


def test_latents_that_are_not_finite_are_refused(tiny_shards, tmp_path):
    class Broken(TinyEncoder):
        def encode_edited(self, images):
            return super().encode_edited(images) / 0

    with pytest.raises(UserError, match="not finite"):
        cache_latents(tiny_shards, Broken(), tmp_path, "val")
    assert folders(tmp_path) == []


def test_a_gpu_encodes_as_many_pixels_at_a_time_whatever_the_size():
    gpu = torch.device("cuda")
    assert images_at_a_time(gpu, 128 * 128) == 128
    assert images_at_a_time(gpu, 512 * 512) == 8
    assert images_at_a_time(gpu, 4096 * 4096) == 1
    sizes = [images_at_a_time(torch.device("cpu"), side * side) for side in (64, 512)]
    assert sizes[0] == sizes[1], "a CPU's cache holds a few"
