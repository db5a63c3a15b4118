import dataclasses
import hashlib
import io
import json
import tarfile

import pytest

from pokecolor.core.errors import UserError
from pokecolor.data import manifest, records
from pokecolor.data.shards import ShardFolder
from pokecolor.data.stream import BatchStream
from pokecolor.data.tar_samples import read_samples


def tar(files):
    """A tar of (name, bytes), or of links where there are no bytes."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as written:
        for name, content in files:
            entry = tarfile.TarInfo(name)
            if content is None:
                entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
                written.addfile(entry)
            else:
                entry.size = len(content)
                written.addfile(entry, io.BytesIO(content))
    return buffer.getvalue()


@pytest.fixture
def samples(tiny_source):
    """Four samples by key."""
    triplets = [triplet for i in range(2) for triplet in tiny_source.triplets(f"d{i}")]
    return {f"{i:03d}": records.encode_triplet(t) for i, t in enumerate(triplets)}


def files(samples):
    return [(f"{key}.{name}", data) for key, ms in samples.items() for name, data in ms.items()]


def refused(data):
    with pytest.raises(UserError) as told:
        read_samples(data, "train-000000.tar")
    message = str(told.value)
    assert message.startswith("train-000000.tar: ") and "\n" not in message
    return message


def test_whole_samples_come_back_with_where_they_are_from(samples):
    found = read_samples(tar([("__notes__", b"x"), *files(samples)]), "a.tar")
    assert [sample.pop("__key__") for sample in found] == list(samples)
    assert {sample.pop("__url__") for sample in found} == {"a.tar"}
    assert found == list(samples.values())


def break_meta(key, value):
    def change(members):
        meta = json.loads(members[records.META])
        members[records.META] = json.dumps(meta | {key: value}).encode()

    return change


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: m.update({records.PROMPT: "새".encode("cp949")}), "edit_prompt.txt that is not"),
        (lambda m: m.update({records.META: b'{"id": "x"'}), "meta.json that is broken JSON"),
        (lambda m: m.update({records.META: b'\xff\xfe{"id"'}), "meta.json that is not UTF-8"),
        (lambda m: m.update({records.META: b"[]"}), "meta.json without id, drawing_id and parts"),
        (break_meta("id", 7), "meta.json without id, drawing_id and parts"),
        (break_meta("parts", [{"name": "wing"}]), "meta.json without id, drawing_id and parts"),
        (lambda m: m.pop(records.PROMPT), "sample without edit_prompt.txt"),
        (lambda m: m.pop(records.ORIGINAL), "sample without original_image.png"),
        (lambda m: m.pop(records.EDITED), "sample without edited_image.png"),
    ],
)
def test_what_is_wrong_with_a_sample_is_named_with_its_key(samples, change, said):
    change(samples["002"])
    message = refused(tar(files(samples)))
    assert f"1 fault in 4 samples: 1 x {said}" in message and "(002)" in message


def test_faults_are_counted_by_kind(samples):
    for key in ("000", "002"):
        samples[key][records.PROMPT] = b"\xb1\xd7"
    samples["003"][records.META] = b"{"
    message = refused(tar(files(samples)))
    assert "3 faults in 4 samples: 2 x edit_prompt.txt that is not UTF-8 (000, ...), " in message
    assert "1 x meta.json that is broken JSON (003)" in message


@pytest.mark.parametrize("again", ["000", "003"])
def test_a_key_that_comes_twice_is_no_second_sample_and_no_part_of_the_first(samples, again):
    twice = [*files(samples), *files({again: samples["001"]})]
    assert f"5 x key that comes twice ({again}, ...)" in refused(tar(twice))


def test_files_that_are_no_members_are_not_dropped(samples):
    message = refused(tar([*files(samples), ("README", b"hi"), ("004.meta.json", None)]))
    assert "2 x file that is no member of a sample (README, ...)" in message


def test_bare_sketches_need_no_truth_and_latents_no_pictures(samples):
    for members in samples.values():
        del members[records.EDITED]
    assert len(read_samples(tar(files(samples)), "a.tar")) == 4
    for members in samples.values():
        del members[records.ORIGINAL]
        members[records.LATENTS] = b""
    assert len(read_samples(tar(files(samples)), "a.tar")) == 4


def folder_of(path, data, index, count):
    """A folder of one shard of training samples, as a stranger may have made it."""

    def file(name, content):
        (path / name).write_bytes(content)
        return manifest.File(name, count, len(content), hashlib.sha256(content).hexdigest())

    none = dataclasses.replace(file("val.jsonl", b""), samples=0)
    empty = manifest.SplitFiles(0, (), none)
    train = manifest.SplitFiles(
        count, (file("train-000000.tar", data),), file("train.jsonl", index)
    )
    splits = {"train": train, "val": empty, "test": dataclasses.replace(empty)}
    text = manifest.Manifest("strangers", "0", 16, splits).to_json()
    (path / manifest.NAME).write_text(text, encoding="utf-8")
    return ShardFolder(str(path))


def test_a_loader_ends_with_the_line(samples, tmp_path):
    samples["001"][records.PROMPT] = b"\xb1"
    folder = folder_of(tmp_path, tar(files(samples)), b"", 4)

    class Order:
        def batch(self, epoch, rank, index):
            return [(0, 0)]

    stream = BatchStream(folder, folder.manifest.splits["train"].shards, Order(), 0, None)
    error = stream[0, 0]
    assert isinstance(error, UserError)
    assert str(error).startswith(f"{tmp_path}/train-000000.tar: 1 fault in 4 samples")


def test_a_broken_picture_is_named_by_shard_and_key(samples, tmp_path):
    for name in (records.ORIGINAL, records.EDITED, records.PART_MAP):
        broken = {key: dict(members) for key, members in samples.items()}
        broken["001"][name] = broken["001"][name][:-30]
        found = read_samples(tar(files(broken)), "a.tar")
        with pytest.raises(UserError, match=rf"a\.tar: sample 001: {name}"):
            records.decode_triplet(found[1])


def test_lines_of_an_index_that_are_none_are_counted(samples, tmp_path):
    good = b'{"id": "a", "drawing_id": "d", "edit_prompt": "red\xe2\x80\xa8"}'
    folder = folder_of(tmp_path, tar(files(samples)), good + b"\n" + good + b"\n", 4)
    assert [entry["edit_prompt"] for entry in folder.index("train")] == ["red\u2028"] * 2
    lines = [good, b'{"id": "a"}', b'{"id": 7, "drawing_id": "d", "edit_prompt": ""}', b"\xb1", b""]
    folder = folder_of(tmp_path, tar(files(samples)), b"\n".join([*lines, good, b""]), 4)
    with pytest.raises(UserError) as told:
        folder.index("train")
    assert "train.jsonl: 4 x line that is not id, drawing_id and edit_prompt (line 2, ...)" in str(
        told.value
    )
