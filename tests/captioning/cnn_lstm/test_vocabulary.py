import torch

from pokecolor.captioning.cnn_lstm.vocabulary import END, PAD, START, UNK, Vocabulary

CAPTIONS = ["Turn it into a red fox.", "turn it into a green fox", "a fox, 빨간 fox"]


def test_words_are_kept_by_their_frequency():
    assert Vocabulary.of(CAPTIONS, 2).words[4:] == ["fox", "a", "into", "it", "turn"]
    assert "빨간" in Vocabulary.of(CAPTIONS, 1).words


def test_texts_become_indices_and_texts_again():
    vocabulary = Vocabulary.of(CAPTIONS, 1)
    encoded = vocabulary.encode(["a red fox.", "A fox, 빨간"], max_words=8)
    assert encoded[0, 0] == START and encoded[0, 5] == END
    assert [vocabulary.decode(row.tolist()) for row in encoded] == ["a red fox.", "a fox, 빨간"]


def test_rare_words_are_unknown_long_texts_cut_and_short_ones_padded():
    vocabulary = Vocabulary.of(CAPTIONS, 2)
    encoded = vocabulary.encode(["a red fox and a fox", "fox"], max_words=4)
    a, fox = vocabulary.words.index("a"), vocabulary.words.index("fox")
    expected = [[START, a, UNK, fox, UNK, END], [START, fox, END, PAD, PAD, PAD]]
    assert torch.equal(encoded, torch.tensor(expected))
    assert vocabulary.decode(expected[0]) == "a <unk> fox <unk>"
