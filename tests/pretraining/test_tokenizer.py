import pytest
from transformers import CLIPTokenizer

from pokecolor.pretraining.tokenizer import END, START, train_tokenizer


@pytest.fixture(scope="module")
def tokenizer():
    texts = ["Turn it into a green creature with red eyes.", "make its tail dark blue"] * 4
    return train_tokenizer(texts, merges=100)


def test_frequent_words_become_one_token(tokenizer):
    tokens = tokenizer.tokenize("turn it into a green creature")
    assert tokens == ["turn</w>", "it</w>", "into</w>", "a</w>", "green</w>", "creature</w>"]


@pytest.mark.parametrize("text", ["a red fox", "초록색 몸과 빨간 눈", "赤い目 ✨", "äöü 42%"])
def test_any_script_survives_a_round_trip(tokenizer, text):
    ids = tokenizer(text)["input_ids"]
    assert tokenizer.decode(ids, skip_special_tokens=True).replace(" ", "") == text.replace(" ", "")


def test_texts_are_framed_and_cut_at_the_limit(tokenizer):
    ids = tokenizer("green " * 200, truncation=True)["input_ids"]
    assert len(ids) == 77
    assert tokenizer.convert_ids_to_tokens([ids[0], ids[-1]]) == [START, END]


def test_saved_tokenizer_reads_back_the_same(tokenizer, tmp_path):
    tokenizer.save_pretrained(tmp_path)
    again = CLIPTokenizer.from_pretrained(tmp_path)
    assert (
        again("Make its tail dark blue")["input_ids"]
        == (tokenizer("make its tail dark blue")["input_ids"])
    )
