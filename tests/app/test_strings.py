import re
import string
from pathlib import Path

import pytest

import pokecolor.app
from pokecolor.app.prompts import COLORS, HINT, PARTS
from pokecolor.app.strings import LANGUAGES, TABLE, text
from pokecolor.core.colors import TERMS, name_color, parse_hex

APP = Path(pokecolor.app.__file__).parent
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (*APP.rglob("*.py"), *APP.rglob("*.jinja"))
    if path.name != "strings.py"
)


def fields(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("key", TABLE)
def test_each_text_is_there_in_both_languages_with_the_same_blanks(key):
    texts = TABLE[key]
    assert len(texts) == len(LANGUAGES)
    assert all(words.strip() for words in texts)
    assert len({frozenset(fields(words)) for words in texts}) == 1


def test_korean_is_korean():
    korean = [words for _, words in (*TABLE.values(), *PARTS.values(), *COLORS.values())]
    assert all(re.search("[가-힣]", words) for words in (*korean, HINT["ko"]))


def test_no_text_is_missing_and_none_is_left_over():
    named = re.findall(r"""(?:\bt|\bsay)\(\s*["']([a-z_.]+)["'][,)]""", CODE)
    assert set(named) == set(TABLE)


def test_a_text_is_filled_in():
    assert text("en", "sketch_of", name="Mochi") == "Sketch of Mochi"
    assert text("ko", "sketch_of", name="모찌") == "모찌 스케치"


def test_a_colors_button_has_that_color():
    values = {term: name_color(parse_hex(value)) for term, (value, _) in COLORS.items()}
    assert values == {term: term for term in TERMS}
