import time

import pytest

from pokecolor.app.prompts import HINT, MANY, names_of, understand, words_of
from pokecolor.core.colors import TERMS


@pytest.mark.parametrize(
    ("prompt", "understood", "parts"),
    [
        ("a blue fox with red eyes", "fox blue, eyes red", [("", "blue"), ("eyes", "red")]),
        ("make it green", "body green", [("", "green")]),
        ("파란 몸, 빨간 눈", "body blue, eyes red", [("", "blue"), ("eyes", "red")]),
        ("a grene dog", None, [("", "green")]),
        ("its tail in navy", None, [("tail", "navy")]),
    ],
)
def test_what_is_asked_for_is_told_by_part(prompt, understood, parts):
    read = understand(prompt)
    assert [(asked.part, asked.color) for asked in read.parts] == parts
    assert understood is None or read.understood == understood
    assert read.warnings == ()


def test_a_color_by_value_is_that_value():
    (asked,) = understand("a #3fa7d6 fox").parts
    assert asked.hex == "#3fa7d6"


@pytest.mark.parametrize("prompt", ["", "Turn it into a fox", "예쁘게 칠해 줘", "🦊"])
def test_that_no_color_was_named_is_told_before_painting(prompt):
    read = understand(prompt)
    assert read.parts == () and read.warnings == ("no_color",) and read.understood == ""


def test_a_small_model_does_not_keep_many_colors_apart():
    many = "a red fox with blue eyes, a green tail, yellow ears and pink feet"
    assert len(understand(many).parts) > MANY
    assert understand(many, small=True).warnings == ("many",)
    assert understand(many).warnings == ()


def test_parts_are_called_by_both_languages_where_that_is_known():
    assert names_of("belly") == {"en": "belly", "ko": "배"}
    assert names_of("beak") == {"en": "beak", "ko": "부리"}
    assert names_of("") == {"en": "whole", "ko": "전체"}
    assert names_of("flux capacitor") == {"en": "flux capacitor"}


def test_the_words_of_a_color_begin_with_its_term():
    assert words_of("yellow")[:3] == ["yellow", "gold", "golden"]
    assert all(words_of(term)[0] == term for term in TERMS)


def test_understanding_is_quick():
    understand("warm up")
    start = time.perf_counter()
    for number in range(20):
        understand(f"a green frog number {number} with yellow eyes and a red hat")
    assert time.perf_counter() - start < 20 * 0.02


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_noun_that_no_model_is_told_is_named(language):
    assert "이너" in understand("재킷은 검정 이너는 흰색").hint(language)
    assert understand("재킷은 검정").hint(language) is None
    assert understand("재킷").hint(language) == HINT[language]
