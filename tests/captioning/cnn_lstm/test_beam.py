import pytest
import torch

from pokecolor.captioning.cnn_lstm.beam import beam_search

START, END, A, B, C = range(5)
NEXT = {
    START: {A: 0.6, B: 0.4},
    A: {A: 0.35, C: 0.33, END: 0.32},  # whatever follows A is unlikely
    B: {C: 1.0},
    C: {END: 1.0},
}


def step(words, state, cells):
    """Scores what follows a word; `cells` may forbid B as a first word, and the state counts."""
    logits = torch.full((len(words), 5), -30.0)
    for row, word in enumerate(words.tolist()):
        for following, share in NEXT.get(word, {END: 1.0}).items():
            logits[row, following] = torch.tensor(share).log()
    forbidden = (cells[:, 0, 0] > 0) & (words == START)
    logits[forbidden, B] = -30.0
    return logits, (state[0] + 1, state[1])


def search(width, forbid=(0.0,), max_words=6, banned=(START,)):
    cells = torch.tensor(forbid).view(-1, 1, 1)
    state = (torch.zeros(len(forbid), 1), torch.zeros(len(forbid), 1))
    found = beam_search(step, state, cells, START, END, banned, width, max_words)
    return [row[: row.index(END)] if END in row else row for row in found.tolist()]


def test_one_beam_takes_the_likeliest_word_each_time():
    assert search(1, max_words=4) == [[A, A, A, A]]


def test_more_beams_find_the_likelier_sentence():
    assert search(3) == [[B, C]]


def test_images_are_searched_each_for_itself():
    together = search(3, forbid=(0.0, 1.0, 0.0))
    assert together == [search(3, forbid=(f,))[0] for f in (0.0, 1.0, 0.0)]
    assert together[1][0] == A


def test_banned_words_are_never_written():
    assert B not in search(3, banned=(START, B))[0]


@pytest.mark.parametrize("width", [1, 3])
def test_a_sentence_is_cut_at_the_limit(width):
    assert len(search(width, forbid=(1.0,), max_words=2)[0]) <= 2
