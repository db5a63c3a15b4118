"""Sentences as people type them: endings, particles and spaces left out, mistakes, two languages.

The tables beside give each sentence its parts, "noun/another:color/another;...", where any of the
nouns and any of the colors is right; * is the whole drawing. They were written before the parser
was mended, and one in two of their sentences was never looked at while that was done.
"""

from pathlib import Path

import pytest

from pokecolor.coloring.instruction import WHOLE, read_instruction
from pokecolor.coloring.instruction.color_names import read_name
from pokecolor.coloring.instruction.korean import is_korean
from pokecolor.coloring.instruction.nouns import find_noun
from pokecolor.core.colors import SYNONYMS, TERMS

FOLDER = Path(__file__).parent


def sentences(language):
    text = (FOLDER / f"{language}_sentences.tsv").read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]


def nouns(written, subject):
    known = {found.name if (found := find_noun(name)) else name for name in written.split("/")}
    return known | {WHOLE, subject} if "*" in known else known


def is_color(pair, written):
    names = written.split("/")
    words = {color.word for name in names if (color := read_name(name))} | set(names)
    last = pair.color.split()[-1]
    return pair.color in words or (
        pair.exact is not None and SYNONYMS.get(last, last) in words & set(TERMS)
    )


def right(text, expected):
    """How many of the parts that are expected were read, and how many there are."""
    read = read_instruction(text)
    left = list(read.pairs)
    wanted = [part.split(":") for part in expected.split(";")]
    for noun, color in wanted:
        names = nouns(noun, read.subject)
        found = next((p for p in left if p.noun in names and is_color(p, color)), None)
        if found:
            left.remove(found)
    return len(read.pairs) - len(left), len(wanted)


@pytest.mark.parametrize(
    ("language", "share", "least"), [("korean", 0.95, 370), ("english", 0.88, 110)]
)
def test_nearly_all_parts_get_their_color(language, share, least):
    found = [right(text, expected) for text, expected in sentences(language)]
    assert len(found) >= least
    assert sum(parts for parts, _ in found) >= share * sum(wanted for _, wanted in found)


def test_no_hangul_reaches_the_model():
    for text, _ in sentences("korean"):
        read = read_instruction(text)
        assert not is_korean(read.model_prompt + read.value_prompt), text
