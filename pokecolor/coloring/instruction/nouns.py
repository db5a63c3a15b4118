"""Maps nouns and synonyms to the nouns that mini knows."""

from __future__ import annotations

import csv
import functools
from importlib.resources import files
from typing import Literal, NamedTuple

from pokecolor.coloring.instruction.spelling import closest
from pokecolor.core.grammar import is_plural

IRREGULAR = {
    "women": "woman", "men": "man", "children": "child", "mice": "mouse", "geese": "goose",
    "knives": "knife", "wolves": "wolf", "scarves": "scarf", "people": "person", "dice": "dice",
    "calves": "calf", "elves": "elf", "loaves": "loaf", "shelves": "shelf",
}  # fmt: skip
"""Irregular plurals."""

SPELLED_FROM = 5
"""Shorter nouns are not candidates for misspelled words."""


class Noun(NamedTuple):
    """A noun of an instruction."""

    name: str
    """The noun that mini knows."""
    kind: Literal["part", "thing"]
    """Whether it is usually a part of something, or a thing of its own."""
    text: str
    """Its replacement in the model's prompt: the name, or the written word if mini knows it."""


class NounRow(NamedTuple):
    """A row of the table of nouns."""

    name: str
    kind: Literal["part", "thing"]
    synonyms: tuple[str, ...]
    korean: tuple[str, ...]


@functools.cache
def table() -> tuple[NounRow, ...]:
    """The table of all known nouns with their synonyms and Korean names."""
    text = files(__package__).joinpath("nouns.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return tuple(
        NounRow(row["canonical"], row["kind"], _listed(row["synonyms"]), _listed(row["korean"]))
        for row in rows
    )


@functools.cache
def find_noun(phrase: str) -> Noun | None:
    """The noun that a phrase names, perhaps by a synonym or a plural.

    Args:
        phrase: lowercase words with one space between them, no hyphens: "t shirt".
    """
    known = _known()
    if phrase in known:
        row = known[phrase]
        return Noun(row.name, row.kind, _put(phrase, row.name))
    singular = next((one for one in _singulars(phrase) if one in known), None)
    if singular is None:
        return None
    row = known[singular]
    plural = row.name if singular == row.name or is_plural(row.name) else pluralize(row.name)
    return Noun(row.name, row.kind, phrase if singular == row.name else plural)


def spelled_like(word: str) -> str | None:
    """The known word nearest to a misspelled one: "trousers" for "trowsers"."""
    return closest(word, _spellings(), SPELLED_FROM) if len(word) >= SPELLED_FROM else None


def pluralize(name: str) -> str:
    """ "shirt" to "shirts", "dress" to "dresses", "body" to "bodies"."""
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return f"{name[:-1]}ies"
    return f"{name}es" if name.endswith(("s", "x", "z", "ch", "sh")) else f"{name}s"


def _put(phrase: str, name: str) -> str:
    """The name in the number of a synonym; inflections of the name itself stay."""
    if phrase in IRREGULAR or phrase == pluralize(name):
        return phrase
    if is_plural(phrase) and not is_plural(name) and not phrase.endswith("ss"):
        return pluralize(name)
    return name


def _singulars(phrase: str) -> list[str]:
    """Possible singulars of a plural or a diminutive: "bodies", "foxes", "cats", "doggies"."""
    found = []
    if phrase.endswith("ies"):
        found.append(f"{phrase[:-3]}y")
    if phrase.endswith("es"):
        found.append(phrase[:-2])
    if phrase.endswith("s"):
        found.append(phrase[:-1])
    if phrase.endswith(("ie", "ies")):
        found.append(phrase.removesuffix("s").removesuffix("ie"))
    return [word for word in found if len(word) > 2]


def _listed(cell: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in cell.split(",") if item.strip())


@functools.cache
def _known() -> dict[str, NounRow]:
    found = {}
    for row in table():
        for word in (row.name, *row.synonyms):
            found.setdefault(word.replace("-", " "), row)
    return found


@functools.cache
def _spellings() -> tuple[str, ...]:
    return tuple(word for word in _known() if " " not in word)
