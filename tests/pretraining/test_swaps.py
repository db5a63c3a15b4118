import random

import pytest

from pokecolor.core.colors import find_color_words
from pokecolor.pretraining.swaps import swap_one_color

CAPTION = "Turn it into a green creature with red eyes and a white belly."


def colors(text):
    return [term for _, _, term in find_color_words(text)]


def test_neighbors_differ_in_exactly_one_color_word():
    neighbors = swap_one_color(CAPTION, 30, random.Random(0))
    assert len(set(neighbors)) == 30 and CAPTION not in neighbors
    for neighbor in neighbors:
        changed = [a != b for a, b in zip(colors(CAPTION), colors(neighbor), strict=True)]
        assert sum(changed) == 1


def test_all_thirty_neighbors_come_before_any_with_two_swaps():
    neighbors = swap_one_color(CAPTION, 35, random.Random(0))
    assert len(set(neighbors)) == 35 and CAPTION not in neighbors
    swaps = [
        sum(a != b for a, b in zip(colors(CAPTION), colors(text), strict=True))
        for text in neighbors
    ]
    assert swaps == [1] * 30 + [2] * 5


def test_one_word_has_only_ten_neighbors():
    assert len(swap_one_color("a red fox", 31, random.Random(0))) == 10


def test_synonym_is_replaced_by_another_term():
    assert "a yellow fox" not in swap_one_color("a golden fox", 10, random.Random(0))


def test_caption_without_color_is_refused():
    with pytest.raises(ValueError, match="no color word"):
        swap_one_color("a fox", 1, random.Random(0))
