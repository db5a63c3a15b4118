"""The Korean names of colors and nouns, and the letters of words."""

from __future__ import annotations

import csv
import functools
import unicodedata
from importlib.resources import files

from pokecolor.coloring.instruction.nouns import Noun, table


def plain(word: str) -> str:
    """The consonant that a word begins with, without its tension: "빨" and "발" have the same."""
    return letters_of(word)[0].translate(str.maketrans("ᄁᄄᄈᄊᄍ", "ᄀᄃᄇᄉᄌ"))


def letters_of(word: str) -> str:
    """The consonants and vowels of a word."""
    return unicodedata.normalize("NFD", word)


@functools.cache
def korean_color_spellings() -> dict[str, tuple[str, str]]:
    """What a misspelled color may be: names of two syllables or more, with and without "색"."""
    found = {}
    for stem, (term, kind) in color_stems().items():
        if kind in ("name", "before") and len(letters_of(stem)) >= 5:
            found[stem] = (term, kind)
        if kind != "said":
            found[f"{stem}색"] = (term, "name")
    return {known: found[known] for known in found if len(letters_of(known)) >= 5}


@functools.cache
def color_stems() -> dict[str, tuple[str, str]]:
    """All beginnings of colors: English name, and "name", "before", "said" or "with"."""
    text = files(__package__).joinpath("korean_colors.tsv").read_text(encoding="utf-8")
    found: dict[str, tuple[str, str]] = {}
    columns = {"with 색": "with", "predicates": "said", "before nouns": "before", "names": "name"}
    rows = list(csv.DictReader(text.splitlines(), delimiter="\t", restval=""))
    for column, kind in columns.items():
        for row in rows:
            for stem in row[column].split():
                found[stem] = (row["color"], kind)
    return found


@functools.cache
def korean_nouns() -> dict[str, Noun]:
    """The nouns of the table by their Korean names, with and without spaces."""
    found: dict[str, Noun] = {}
    for row in table():
        for word in row.korean:
            for written in (word, word.replace(" ", "")):
                found.setdefault(written, Noun(row.name, row.kind, row.name))
    return found
