import dataclasses
import functools
import hashlib
import importlib.util
import io
import json
import pickle
import shutil
import tarfile
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import webdataset

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import encode_png
from pokecolor.data import records, shards
from pokecolor.data.datamodule import TripletDataModule
from pokecolor.data.shards import ShardFolder, SplitWriter, find_shard_damage


@pytest.fixture
def copy(tiny_shards, tmp_path):
    """A folder of shards that a test may damage."""
    return ShardFolder(str(shutil.copytree(tiny_shards.location, tmp_path / "copy")))


def first_shard(folder):
    return folder.manifest.splits["train"].shards[0]


def test_samples_come_back_in_order_over_several_shards(tiny_source, tmp_path, monkeypatch):
    monkeypatch.setattr(shards, "SHARD_SAMPLES", 3)
    written = [records.encode_triplet(t) for i in range(4) for t in tiny_source.triplets(f"d{i}")]
    writer = SplitWriter(tmp_path, "train")
    for members in written:
        writer.write(members)
    files = writer.close()
    assert [shard.samples for shard in files.shards] == [3, 3, 2]
    assert files.samples == files.index.samples == 8
    read = [sample for shard in files.shards for sample in ShardFolder(str(tmp_path)).read(shard)]
    assert [{k: v for k, v in s.items() if k[0] != "_"} for s in read] == written
    assert [s["__key__"] for s in read] == [f"{i:09d}" for i in range(8)]


def test_an_empty_split_has_no_shards(tmp_path):
    assert SplitWriter(tmp_path, "test").close().shards == ()


# webdataset leaves the tar open
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_webdataset_reads_them(tiny_shards):
    url = f"{tiny_shards.location}/{first_shard(tiny_shards).name}"
    samples = list(webdataset.WebDataset(url, shardshuffle=False))
    assert len(samples) == 60
    assert samples[0]["edit_prompt.txt"].decode().startswith("Turn it into a réd d")


def test_the_index_lists_the_samples_in_order(tiny_shards):
    index = tiny_shards.index("val")
    metas = [records.decode_meta(sample) for sample in tiny_shards.samples("val")]
    assert [entry["id"] for entry in index] == [meta["id"] for meta in metas]
    assert index[0]["edit_prompt"] == f"Turn it into a réd {index[0]['drawing_id']}."


def test_a_truncated_shard_is_named(copy, tmp_path):
    shard = first_shard(copy)
    path = tmp_path / "copy" / shard.name
    path.write_bytes(path.read_bytes()[: shard.bytes // 2])
    with pytest.raises(UserError, match=rf"{shard.name}: \d+ bytes, but the manifest says"):
        copy.read(shard)


def test_a_changed_shard_is_named(copy, tmp_path):
    shard = first_shard(copy)
    path = tmp_path / "copy" / shard.name
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(UserError, match=rf"{shard.name}: its SHA-256"):
        copy.read(shard)


def test_a_wrong_count_is_named(copy):
    shard = dataclasses.replace(first_shard(copy), samples=61)
    with pytest.raises(UserError, match="60 samples, but the manifest says 61"):
        copy.read(shard)


def test_a_missing_shard_is_named(copy, tmp_path):
    shard = first_shard(copy)
    (tmp_path / "copy" / shard.name).unlink()
    with pytest.raises(UserError, match=rf"{shard.name}: no such file"):
        copy.read(shard)


def test_a_whole_folder_has_no_damage(copy):
    assert find_shard_damage(Path(copy.location)) is None


def test_foreign_shards_that_are_damaged_are_refused_and_stay(copy):
    path = Path(copy.location) / "val-000000.tar"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    assert "val-000000.tar: its SHA-256" in find_shard_damage(Path(copy.location))
    before = sorted(Path(copy.location).parent.iterdir())
    data = TripletDataModule(shards=copy.location, cache_dir=Path(copy.location).parent / "cache")
    data.prepare_data()
    with pytest.raises(UserError, match=r"val-000000\.tar: its SHA-256 is not the manifest's"):
        list(data.val_dataloader())
    assert sorted(Path(copy.location).parent.iterdir()) == before


@pytest.mark.parametrize("name", ["pyd", "pickle", "pth", "pkl", "latents.npy", "meta.json"])
def test_no_member_of_a_shard_is_unpickled(tmp_path, name):
    class Code:
        def __reduce__(self):
            return open, (str(tmp_path / "ran"), "w")

    meta = {"id": "a", "drawing_id": "a", "parts": []}
    good = {
        "original_image.png": encode_png(np.zeros((8, 8, 3), np.uint8)),
        "edited_image.png": encode_png(np.zeros((8, 8, 3), np.uint8)),
        "edit_prompt.txt": b"red",
        "meta.json": json.dumps(meta).encode(),
    }
    writer = SplitWriter(tmp_path, "train")
    writer.write(good)
    files = writer.close()
    tar = tmp_path / files.shards[0].name
    with tarfile.open(tar, "w") as archive:
        for member, data in {**good, name: pickle.dumps(Code())}.items():
            info = tarfile.TarInfo(f"000000000.{member}")
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    shard = dataclasses.replace(
        files.shards[0],
        bytes=tar.stat().st_size,
        sha256=hashlib.sha256(tar.read_bytes()).hexdigest(),
    )
    for decode in (records.decode_triplet, records.decode_latents):
        try:
            (members,) = ShardFolder(str(tmp_path)).read(shard)
            decode(members)
        except (UserError, ValueError) as error:
            assert name in ("latents.npy", "meta.json") or "latents.npy" in str(error)
    assert not (tmp_path / "ran").exists()


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(UserError, match=r"nowhere/manifest\.json: no such file"):
        _ = ShardFolder(str(tmp_path / "nowhere")).manifest


@pytest.mark.parametrize("location", ["pipe:touch {}/ran; echo", "sftp://host/x"])
def test_other_schemes_are_refused(location, tmp_path):
    with pytest.raises(UserError, match="shards are read from a path or from file, http"):
        _ = ShardFolder(location.format(tmp_path)).manifest
    assert not (tmp_path / "ran").exists()


def test_a_file_url_is_read(tiny_shards):
    folder = ShardFolder(f"file://{tiny_shards.location}")
    assert len(folder.read(first_shard(folder))) == 60


@pytest.fixture
def server(tiny_shards):
    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            """Keep the test's output clean."""

    handler = functools.partial(Handler, directory=tiny_shards.location)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as http:
        threading.Thread(target=http.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{http.server_port}"
        http.shutdown()


def test_a_server_is_read(server):
    folder = ShardFolder(server)
    assert sum(1 for _ in folder.samples("train")) == 60
    with pytest.raises(UserError, match=r"/missing/manifest\.json: no such file"):
        _ = ShardFolder(f"{server}/missing").manifest


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("http://127.0.0.1:1", "cannot be read"),
        ("gs://bucket/shards", "install gcsfs"),
        ("hf://datasets/owner/shards", "cannot be read"),
    ],
)
def test_what_cannot_be_reached_is_said_in_one_line(location, message):
    if importlib.util.find_spec("gcsfs") and location.startswith("gs"):
        pytest.skip("gcsfs is here")
    with pytest.raises(UserError, match=message) as caught:
        _ = ShardFolder(location).manifest
    assert str(caught.value).startswith(f"{location}/manifest.json: ")
    assert "\n" not in str(caught.value)
