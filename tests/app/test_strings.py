import re
import string
from pathlib import Path

import pytest

import pokecolor.app
from pokecolor.app.prompts import PARTS
from pokecolor.app.refusals import STATUS
from pokecolor.app.strings import LANGUAGES, TABLE, text
from pokecolor.coloring.compositing import LOOKS
from pokecolor.core.colors import TERMS

APP = Path(pokecolor.app.__file__).parent
CODE = "\n".join(
    path.read_text(encoding="utf-8")
    for path in (*APP.rglob("*.py"), *APP.rglob("*.jinja"))
    if path.name != "strings.py"
)
FAMILIES = {
    "refusal": STATUS,
    "part": ("", *PARTS),
    "color": TERMS,
    "result.found": ("yes", "little", "no"),
    "create.look": LOOKS,
}
"""Texts whose keys are put together."""


def fields(template):
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("key", TABLE)
def test_each_text_is_there_in_both_languages_with_the_same_blanks(key):
    texts = TABLE[key]
    assert len(texts) == len(LANGUAGES)
    assert all(words.strip() for words in texts)
    assert len({frozenset(fields(words)) for words in texts}) == 1


def test_korean_is_korean():
    untranslated = {"result.png", "language.other", "language.label"}
    plain = [key for key, (_, korean) in TABLE.items() if not re.search("[가-힣]", korean)]
    assert set(plain) == untranslated


def test_no_text_is_missing_and_none_is_left_over():
    named = set(re.findall(r"""(?:\bt|\btext)\(\s*["']([a-z_.]+)["'][,)]""", CODE))
    built = {f"{family}.{name}" for family, names in FAMILIES.items() for name in names}
    assert named | built | {"refusal.title"} == set(TABLE)


def test_a_text_is_filled_in():
    assert text("en", "page.of", number=2, pages=5) == "Page 2 of 5"
    assert text("ko", "page.of", number=2, pages=5) == "5쪽 중 2쪽"
