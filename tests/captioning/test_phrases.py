import numpy as np
import pytest
import torch

from pokecolor.captioning.phrases import TABLES, embed_phrases, load_table
from pokecolor.core.colors import TERMS
from pokecolor.core.errors import UserError


class Clip:
    fingerprint = "one"

    def __init__(self):
        self.asked = 0

    def embed_texts(self, texts):
        self.asked += len(texts)
        return torch.tensor([[float(len(text)), 1.0] for text in texts])


@pytest.mark.parametrize("name", sorted(path.stem for path in TABLES.glob("*.txt")))
def test_every_table_has_phrases_each_once(name):
    phrases = load_table(name)
    assert len(phrases) == len(set(phrases)) >= 10
    assert not any("#" in phrase for phrase in phrases)


@pytest.mark.parametrize("name", ["parts", "subjects", "mediums", "artists"])
def test_only_the_noisy_flavors_name_colors(name):
    words = {word for phrase in load_table(name) for word in phrase.split()}
    assert not words & set(TERMS)


def test_a_table_of_ones_own(tmp_path):
    table = tmp_path / "mine.txt"
    table.write_text("# mine\nleft ear # the torn one\n\nright ear\nleft ear\n", encoding="utf-8")
    assert load_table(str(table)) == ["left ear", "right ear"]
    table.write_text("# nothing\n")
    with pytest.raises(UserError, match="no phrases in it"):
        load_table(str(table))


def test_a_table_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(UserError, match="choose artists, flavors, mediums"):
        load_table("celebrities")


def test_embeddings_are_computed_once_for_a_model_and_its_phrases(tmp_path):
    clip = Clip()
    first = embed_phrases(clip, ["a", "bb"], tmp_path)
    assert torch.equal(embed_phrases(clip, ["a", "bb"], tmp_path), first)
    assert clip.asked == 2
    embed_phrases(clip, ["a", "ccc"], tmp_path)
    clip.fingerprint = "another"
    embed_phrases(clip, ["a", "bb"], tmp_path)
    assert clip.asked == 6


@pytest.mark.parametrize("damage", ["cut", "flipped", "pickled"])
def test_a_damaged_cache_is_made_anew(tmp_path, damage, caplog):
    clip = Clip()
    first = embed_phrases(clip, ["a", "bb"], tmp_path)
    (path,) = tmp_path.iterdir()
    data = path.read_bytes()
    place = data.index(first.numpy().tobytes())
    flipped = data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]
    pickled = np.array([{}], dtype=object).dumps()
    path.write_bytes({"cut": data[:40], "flipped": flipped, "pickled": pickled}[damage])
    assert torch.equal(embed_phrases(clip, ["a", "bb"], tmp_path), first)
    assert path.read_bytes() == data
    (record,) = caplog.records
    assert f"{path}: damaged (" in record.getMessage()
