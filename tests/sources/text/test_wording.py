import numpy as np
import pytest

from pokecolor.core.colors import TERMS, find_color_words
from pokecolor.sources.text.wording import write_instruction

PARTS = ["eyes", "belly", "tail", "inner ears", "feet", "horn", "hair", "left wing"]


def random_request(rng):
    main = TERMS[rng.integers(11)] if rng.random() < 0.8 else None
    count = int(rng.integers(0 if main else 1, 5))
    names = [PARTS[i] for i in rng.permutation(len(PARTS))[:count]]
    return main, [(name, TERMS[rng.integers(11)]) for name in names]


def test_every_color_is_told_and_no_other():
    rng = np.random.default_rng(0)
    for _ in range(2000):
        main, parts = random_request(rng)
        text = write_instruction(rng, "fox face", main, parts)
        told = {term for _, _, term in find_color_words(text)}
        assert told == {color for _, color in parts} | ({main} if main else set()), text
        assert all(name in text.lower() for name, _ in parts), text


def test_distinct_colors_come_in_the_given_order_after_the_main_color():
    rng = np.random.default_rng(1)
    parts = [("eyes", "red"), ("belly", "white"), ("tail", "blue")]
    for _ in range(300):
        text = write_instruction(rng, "creature", "green", parts)
        told = [term for _, _, term in find_color_words(text)]
        assert told == ["green", "red", "white", "blue"], text


def test_a_shade_stays_whole():
    rng = np.random.default_rng(2)
    texts = [write_instruction(rng, "cat", "dark green", [("eyes", "gold")]) for _ in range(100)]
    assert all("dark green" in text.lower() and "gold" in text for text in texts)


def test_wordings_vary_and_most_turn_it_into_something():
    rng = np.random.default_rng(3)
    parts = [("eyes", "red"), ("belly", "white")]
    texts = [write_instruction(rng, "creature", "green", parts) for _ in range(1000)]
    known = "turn it into a green creature with red eyes and a white belly"
    assert 0.5 < np.mean([text.lower().rstrip(".") == known for text in texts]) < 0.7
    assert len({text.lower().rstrip(".") for text in texts}) > 20


@pytest.mark.parametrize(
    "known",
    [
        "eyes: red, belly: white",
        "use red for the eyes and white for the belly",
        "the eyes should be red and the belly white",
        "its eyes are red and its belly is white",
        "paint the eyes in red and the belly in white",
    ],
)
def test_parts_alone_are_told_with_the_color_before_and_behind(known):
    rng = np.random.default_rng(4)
    parts = [("eyes", "red"), ("belly", "white")]
    texts = {write_instruction(rng, "fox", None, parts).lower().rstrip(".") for _ in range(1000)}
    assert known in texts


def test_the_same_generator_gives_the_same_text():
    texts = [
        write_instruction(np.random.default_rng(5), "cat", "red", [("tail", "blue")])
        for _ in range(2)
    ]
    assert texts[0] == texts[1]


def test_nothing_to_tell_is_an_error():
    with pytest.raises(ValueError, match="at least one color"):
        write_instruction(np.random.default_rng(0), "cat", None, [])
