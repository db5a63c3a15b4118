import json
import pickle

import pytest
import torch
from broken_files import flip_silently
from tiny_encoder import TinyEncoder, embeddings_of

from pokecolor.core.errors import UserError
from pokecolor.data.text_table import TextTable, cache_text

PROMPTS = [f"Turn it into a {color} créature." for color in ("red", "blue", "red", "green")]


def test_embeddings_come_back_by_prompt_in_float16(tmp_path):
    table = cache_text(PROMPTS, TinyEncoder(), tmp_path)
    asked = [PROMPTS[3], "", PROMPTS[0], PROMPTS[3]]
    found = table.embeddings(asked)
    assert found.dtype == torch.float16
    torch.testing.assert_close(found.float(), embeddings_of(asked))


def test_each_prompt_is_encoded_once(tmp_path):
    encoder = TinyEncoder()
    first = cache_text(PROMPTS, encoder, tmp_path)
    assert encoder.prompts_encoded == 4  # three prompts and ""
    assert cache_text(reversed(PROMPTS), encoder, tmp_path) == first
    assert encoder.prompts_encoded == 4


def test_another_encoder_or_prompt_is_another_table(tmp_path):
    first = cache_text(PROMPTS, TinyEncoder(), tmp_path)
    assert cache_text(PROMPTS, TinyEncoder(text_fingerprint="t2"), tmp_path) != first
    assert cache_text([*PROMPTS, "more"], TinyEncoder(), tmp_path) != first
    assert cache_text(PROMPTS, TinyEncoder(image_fingerprint="i2"), tmp_path) == first


def test_an_unknown_prompt_is_an_error(tmp_path):
    with pytest.raises(KeyError, match="unknown"):
        cache_text(PROMPTS, TinyEncoder(), tmp_path).embeddings(["unknown"])


def test_other_processes_get_the_path_not_the_values(tmp_path):
    table = cache_text([str(i) for i in range(1000)], TinyEncoder(), tmp_path)
    table.embeddings(["1"])
    assert len(pickle.dumps(table)) < 1000


def test_a_truncated_table_is_named(tmp_path):
    folder = cache_text(PROMPTS, TinyEncoder(), tmp_path).folder
    values = folder / "embeddings.bin"
    values.write_bytes(values.read_bytes()[:-2])
    with pytest.raises(UserError, match=r"embeddings\.bin: truncated"):
        TextTable(folder).embeddings([""])


@pytest.mark.parametrize("file", ["embeddings.bin", "index.json"])
@pytest.mark.parametrize("damage", ["cut", "flipped", "lost"])
def test_a_damaged_table_is_set_aside_and_built_again(tmp_path, file, damage, caplog):
    encoder = TinyEncoder()
    folder = cache_text(PROMPTS, encoder, tmp_path).folder
    data = (folder / file).read_bytes()
    if damage == "lost":
        (folder / file).unlink()
    else:
        flipped = data[:1] + bytes([data[1] ^ 1]) + data[2:]
        (folder / file).write_bytes(data[:-2] if damage == "cut" else flipped)
    table = cache_text(PROMPTS, encoder, tmp_path)
    assert (table.folder / file).read_bytes() == data
    assert encoder.prompts_encoded == 8
    (record,) = caplog.records
    assert record.getMessage().startswith(f"{folder}: damaged (")


def test_a_value_that_the_disk_lost_is_named_where_it_is_read_and_mended_by_a_start(
    tmp_path,
):
    encoder = TinyEncoder()
    table = cache_text(PROMPTS, encoder, tmp_path)
    cache_text(PROMPTS, encoder, tmp_path)  # it is known to be whole
    flip_silently(table.folder / "embeddings.bin")
    table = cache_text(PROMPTS, encoder, tmp_path)
    assert encoder.prompts_encoded == 4
    table.embeddings([PROMPTS[0]])
    with pytest.raises(UserError, match=r"embeddings\.bin: damaged; start again"):
        table.embeddings(["", *PROMPTS])
    found = cache_text(PROMPTS, encoder, tmp_path).embeddings(PROMPTS)
    torch.testing.assert_close(found.float(), embeddings_of(PROMPTS))


def test_a_table_of_before_there_were_digests_is_kept(tmp_path):
    encoder = TinyEncoder()
    folder = cache_text(PROMPTS, encoder, tmp_path).folder
    index = json.loads((folder / "index.json").read_text())
    del index["crc32"]
    (folder / "index.json").write_text(json.dumps(index))
    cache_text(PROMPTS, encoder, tmp_path)
    assert encoder.prompts_encoded == 4


def test_ctrl_c_leaves_no_table_and_the_next_run_writes_it(tmp_path, monkeypatch):
    class Interrupted(TinyEncoder):
        def encode_prompt(self, prompts):
            if self.prompts_encoded:
                raise KeyboardInterrupt
            return super().encode_prompt(prompts)

    monkeypatch.setattr("pokecolor.data.text_table.BATCH_SIZE", 2)
    with pytest.raises(KeyboardInterrupt):
        cache_text(PROMPTS, Interrupted(), tmp_path)
    assert not [path for path in (tmp_path / "text").iterdir() if path.is_dir()]
    found = cache_text(PROMPTS, TinyEncoder(), tmp_path).embeddings(PROMPTS)
    torch.testing.assert_close(found.float(), embeddings_of(PROMPTS))


def test_embeddings_that_are_not_finite_are_refused(tmp_path):
    class Broken(TinyEncoder):
        def encode_prompt(self, prompts):
            return super().encode_prompt(prompts) / 0

    with pytest.raises(UserError, match="not finite"):
        cache_text(PROMPTS, Broken(), tmp_path)
    assert [path for path in (tmp_path / "text").iterdir() if path.is_dir()] == []
