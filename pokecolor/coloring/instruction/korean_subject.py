"""Finds what a Korean sentence is about."""

from __future__ import annotations

from collections.abc import Iterator

from pokecolor.coloring.instruction.color_names import ParsedColor
from pokecolor.coloring.instruction.korean_compounds import PLACES
from pokecolor.coloring.instruction.korean_function_words import TOPIC
from pokecolor.coloring.instruction.korean_lexicon import letters_of
from pokecolor.coloring.instruction.korean_words import Token

PEOPLE = frozenset(
    "man woman girl boy child baby person king queen cowboy clown wizard witch knight pirate"
    " soldier waiter chef doctor teacher farmer dancer ninja angel vampire fairy mermaid".split()
) | {"police officer"}
CLOTHES = frozenset(
    "shirt top vest jacket coat sweater dress skirt pants shorts suit uniform kimono hanbok".split()
)
"""Who has these has hair: "머리" is both head and hair."""
OBJECTS = CLOTHES | set(
    "hat cap helmet crown shoes shoe boots sandals bag backpack umbrella shield mask".split()
)
"""Parts that are drawn alone, too."""

Bound = tuple[Token | None, ParsedColor]


def named_subject(tokens: list[Token], found: list[Bound]) -> str | None:
    """The one thing among the nouns; None where several have colors."""
    things = [token for token in _heads(tokens) if _is_thing(token)]
    colored = {noun.noun.name for noun, _ in found if noun and _is_thing(noun)}
    if len(colored) > 1:
        beside = {tokens[i].noun.name for i in _located(tokens)}
        colored -= beside
        things = [token for token in things if token.noun.name not in beside]
    names = [token.noun.name for token in things]
    people = PEOPLE.intersection(names)
    if len(colored) > 1 or (people and colored and not colored & PEOPLE):
        return None
    found = (name for name in names if not colored or name in colored)
    return next(found, None) if things else _object_with_parts(tokens)


def _object_with_parts(tokens: list[Token]) -> str | None:
    """The last noun, if what is before it is told to be on it: "빨간 띠를 두른 갈색 모자"."""
    nouns = [i for i, token in enumerate(tokens) if token.kind == "noun"]
    if len(nouns) < 2 or tokens[nouns[-1]].noun.name not in OBJECTS:
        return None
    before = tokens[nouns[-2]]
    between = [token for token in tokens[nouns[-2] + 1 : nouns[-1]] if token.kind == "word"]
    is_on = before.noun.name not in OBJECTS and before.particle in ("을", "를", "이", "가")
    verb = letters_of(between[-1].text)[-1:] if between else ""
    return tokens[nouns[-1]].noun.name if is_on and verb == "ᆫ" else None


def _heads(tokens: list[Token]) -> Iterator[Token]:
    """All tokens but the things that a thing behind them is told by: "아기" in "아기 용"."""
    for token, after in zip(tokens, [*tokens[1:], Token("stop")], strict=True):
        if not (_is_thing(token) and _is_thing(after) and not token.particle):
            yield token


def _located(tokens: list[Token]) -> Iterator[int]:
    """Where there are things beside which others are: "덤불 앞에", "모래 위의"."""
    for i, token in enumerate(tokens):
        after = tokens[i + 1].text if i + 1 < len(tokens) else ""
        if _is_thing(token) and PLACES.search(token.particle or after):
            yield i


def has_hair(tokens: list[Token], subject: str | None) -> bool:
    """Whether the sentence is about a person."""
    names = {token.noun.name for token in tokens if token.kind == "noun"}
    things = {token.noun.name for token in tokens if _is_thing(token)}
    return subject in PEOPLE or (bool(names & CLOTHES) and not things - PEOPLE)


def _is_thing(token: Token) -> bool:
    return token.kind == "noun" and token.known and token.noun.kind == "thing"


def unknown_subject(tokens: list[Token], found: list[Bound]) -> Token | None:
    """The noun in no table that is what the drawing shows: nothing else is, and it is the first
    that has a color, or the last behind its color."""
    whole = [noun for noun, _ in found if noun is None or noun.kind == "whole"]
    if not found or whole or any(_is_thing(token) for token in tokens):
        return None
    first, last = found[0][0], found[-1][0]
    if not first.known:
        return first
    return last if not last.known and last.particle not in TOPIC else None
