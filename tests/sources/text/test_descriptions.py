import numpy as np
import pytest

from pokecolor.core.colors import find_color_words
from pokecolor.sources.text.descriptions import describe_several, write_description

PARTS = [("hat", "brown"), ("vest", "red"), ("sand", "yellow"), ("wheels", "black")]


@pytest.mark.parametrize("main", ["green", None])
def test_a_description_names_each_part_with_its_color_and_no_other(main):
    for seed in range(150):
        text = write_description(np.random.default_rng(seed), "cowboy", main, PARTS)
        words = sorted(word.lower() for _, _, word in find_color_words(text))
        assert words == sorted(["brown", "red", "yellow", "black"] + [main] * bool(main)), text
        for name, _ in PARTS:
            assert name in text.lower(), text


def test_clothes_are_worn_and_ground_is_stood_on():
    texts = [
        write_description(np.random.default_rng(seed), "cowboy", None, PARTS).lower()
        for seed in range(150)
    ]
    assert any("in a brown hat and a red vest" in text for text in texts)
    assert any("on yellow sand" in text for text in texts)
    assert any("with black wheels" in text for text in texts)
    assert not any("in black wheels" in text or "wearing black wheels" in text for text in texts)


def test_several_things_have_a_color_each():
    things = [("whale", "blue"), ("octopus", "orange"), ("dolphin", "grey")]
    texts = [describe_several(np.random.default_rng(seed), things) for seed in range(60)]
    assert any("a blue whale, an orange octopus and a grey dolphin" in t.lower() for t in texts)
    for text in texts:
        words = [word.lower() for _, _, word in find_color_words(text)]
        assert words == ["blue", "orange", "grey"], text
