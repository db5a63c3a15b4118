import pytest

from pokecolor.core.grammar import is_plural, join, with_article


@pytest.mark.parametrize(
    ("phrase", "name", "expected"),
    [
        ("green tail", "tail", "a green tail"),
        ("orange beak", "beak", "an orange beak"),
        ("red eyes", "eyes", "red eyes"),
        ("blue feet", "feet", "blue feet"),
        ("black hair", "hair", "black hair"),
        ("blue head and body", "head and body", "a blue head and body"),
        ("white cross", "cross", "a white cross"),
        ("octopus", "octopus", "an octopus"),
        ("unicorn face", "unicorn face", "a unicorn face"),
    ],
)
def test_articles(phrase, name, expected):
    assert with_article(phrase, name) == expected


def test_plurals():
    assert [is_plural(n) for n in ("inner ears", "antennae", "head and body")] == [True] * 3
    assert [is_plural(n) for n in ("octopus", "gas", "hair", "belly", "cross")] == [False] * 5


def test_join():
    assert join(["a"]) == "a"
    assert join(["a", "b", "c"]) == "a, b and c"
