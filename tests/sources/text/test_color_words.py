from itertools import chain

import numpy as np
import pytest

from pokecolor.core.colors import (
    EXEMPLARS,
    SYNONYMS,
    TERMS,
    find_color_words,
    name_color,
    parse_hex,
)
from pokecolor.core.errors import UserError
from pokecolor.sources.text.color_words import (
    LOOKS,
    SHADES,
    TYPICAL,
    color_word,
    color_words,
    require_palette,
    typical_color,
)


@pytest.mark.parametrize(
    ("rgb", "expected"),
    [
        ((0x0D, 0x40, 0x18), "dark green"),
        ((0xA5, 0xD6, 0xA7), "light green"),
        ((0x8B, 0x00, 0x00), "dark red"),
        ((0x0A, 0x1A, 0x6E), "navy"),
        ((0xFF, 0xD7, 0x00), "gold"),
        ((0xE5, 0x39, 0x35), "red"),
    ],
)
def test_known_words(rgb, expected):
    assert expected in chain(*color_words(rgb).values())


def test_a_bright_color_is_never_called_dark():
    assert not any("dark" in word for word in color_words((0xFF, 0x00, 0x00))["shade"])


def test_every_word_counts_as_the_name_of_the_color():
    rng = np.random.default_rng(0)
    for rgb in rng.integers(0, 256, (300, 3)):
        rgb = tuple(int(value) for value in rgb)
        for word in chain(*color_words(rgb).values()):
            assert [term for _, _, term in find_color_words(word)] == [name_color(rgb)], word


def test_each_synonym_has_a_look_that_bears_its_name():
    assert set(LOOKS) == set(SYNONYMS)
    for word, look in LOOKS.items():
        assert word in color_words(parse_hex(look))["other"], word


def test_plain_words_are_the_most_frequent():
    rng = np.random.default_rng(1)
    plain = 0
    for _ in range(20):
        for term, looks in EXEMPLARS.items():
            plain += sum(color_word(parse_hex(look), rng) == term for look in looks)
    assert 0.7 < plain / (20 * sum(map(len, EXEMPLARS.values()))) < 0.9


def test_each_typical_color_bears_its_word():
    for word, color in TYPICAL.items():
        assert word in chain(*color_words(parse_hex(color)).values()), word


def test_every_shade_that_colors_are_called_has_its_typical_one():
    rng = np.random.default_rng(0)
    for rgb in rng.integers(0, 256, (2000, 3)):
        for shade in color_words(tuple(int(value) for value in rgb))["shade"]:
            assert shade in TYPICAL, shade
    assert {word.split()[-1] for word in TYPICAL} == {*TERMS, *SHADES}


def test_a_word_has_one_typical_color_whoever_asks():
    rng = np.random.default_rng(0)
    found = {}
    for term in TERMS:
        for _ in range(300):
            word, rgb = typical_color(term, rng)
            assert name_color(rgb) == term and find_color_words(word)[0][2] == term
            found.setdefault(word, set()).add(rgb)
    assert all(len(colors) == 1 for colors in found.values())
    assert set(found) == {*TYPICAL, *LOOKS}


def test_the_plain_term_is_the_most_frequent_typical_word():
    rng = np.random.default_rng(0)
    words = [typical_color("blue", rng)[0] for _ in range(400)]
    assert 0.53 < words.count("blue") / 400 < 0.67
    assert typical_color("blue", rng, plain=1.0) == ("blue", parse_hex(TYPICAL["blue"]))


def test_an_unknown_palette_is_named_with_those_that_exist():
    with pytest.raises(UserError, match="'pastel' is unknown; use varied or typical"):
        require_palette("pastel")
