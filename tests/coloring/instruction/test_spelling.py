import pytest

from pokecolor.coloring.instruction.spelling import closest, distance, english_words


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [("", "abc", 3), ("green", "green", 0), ("grene", "green", 1), ("yelow", "yellow", 1),
     ("purpel", "purple", 1), ("kitten", "sitting", 3)],
)  # fmt: skip
def test_distance_counts_letters_and_exchanges(a, b, expected):
    assert distance(a, b) == distance(b, a) == expected


def test_the_closest_known_word_is_meant():
    assert closest("yelow", ["yellow", "green"]) == "yellow"
    assert closest("turqoise", ["turquoise"]) == "turquoise"
    assert closest("xyzzy", ["yellow", "green"]) is None


def test_english_words_are_not_corrected():
    assert {"read", "think", "align"} <= english_words()
    assert closest("read", ["red", "reed"], shortest=3) is None
