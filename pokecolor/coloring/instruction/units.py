"""Splits an English sentence into color words, nouns, and function words."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from pokecolor.coloring.instruction.color_names import (
    SHADES,
    VALUE,
    ParsedColor,
    color_spellings,
    mixed,
    read_name,
    read_value,
)
from pokecolor.coloring.instruction.function_words import COMPLEXION, HAS, KINDS, Kind
from pokecolor.coloring.instruction.nouns import Noun, find_noun, spelled_like
from pokecolor.coloring.instruction.record import REST
from pokecolor.coloring.instruction.spelling import closest
from pokecolor.core.colors import parse_hex

LONGEST = 5
"""Number of words of the longest phrase in the tables."""

_TOKEN = re.compile(
    VALUE.pattern + r"|['’]s\b|->|[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)?|\d+|[^\w\s]|\n", re.IGNORECASE
)
_RESTS = re.compile(
    r"\b(?:all (?:of )?)?(?:the |its )?(?:everything else|anything else|all else|elsewhere|others"
    r"|(?:other|remaining|leftover) (?:part|area|bit|place|region|section|piece|thing)s?"
    r"|(?:rest|remainder)(?! of the)(?: of (?:it|them|him|her))?(?! of\b)"
    r"|(?:rest|remainder) of the (?:drawing|picture|image|sketch|creature|animal|character)"
    r")\b",
    re.IGNORECASE,
)
"""What stands for all that has no color yet: "the rest", "everything else", "other parts"."""
_OWNER = re.compile(r"\b(?:its|his|her|their|your|my)\b")


@dataclass(frozen=True)
class Unit:
    """A word or phrase of a sentence."""

    kind: Kind
    start: int
    """Its start in the text."""
    end: int
    text: str
    """Lowercase, one space between its words."""
    color: ParsedColor | None = None
    noun: Noun | None = None
    spelled: bool = False
    """Whether its spelling was corrected."""
    known: bool = True
    """Whether the noun is in the table."""


def read_units(text: str) -> list[Unit]:
    """The units of a sentence, in order; unrelated words have the kind "word"."""
    tokens = [
        (found.start(), found.end(), found.group().lower()) for found in _TOKEN.finditer(text)
    ]
    rests = {found.start(): found.end() for found in _RESTS.finditer(text)}
    units: list[Unit] = []
    position = 0
    while position < len(tokens):
        start = tokens[position][0]
        if start in rests:
            end = rests[start]
            noun = Noun(REST, "part", text[start:end].lower())
            units.append(Unit("noun", start, end, noun.text, noun=noun))
            position += sum(start <= token[0] < end for token in tokens)
            continue
        unit, count = _phrase(tokens, position, text) or (_single(tokens[position]), 1)
        units.append(unit)
        position += count
    units = [unit for unit in units if unit.text != "-"]
    for step in (_settle, _shades, _adjacent_colors, _complexions):
        units = step(units)
    return units


def _phrase(
    tokens: list[tuple[int, int, str]], position: int, text: str
) -> tuple[Unit, int] | None:
    """The longest phrase of the tables at a position, and its number of tokens."""
    start = tokens[position][0]
    if color := _value(tokens[position][2]):
        return Unit("color", start, tokens[position][1], tokens[position][2], color=color), 1
    words: list[str] = []
    best = None
    for count, (_, end, token) in enumerate(tokens[position : position + 2 * LONGEST], 1):
        if token == "-" and words and tokens[position + count - 2][1] == end - 1:
            continue
        if not token[0].isalpha() or len(words) == LONGEST:
            break
        words.append(token)
        phrase = " ".join(words)
        noun = find_noun(phrase) or find_noun(_OWNER.sub("the", phrase))
        color = read_name(phrase)
        if color and phrase not in SHADES and len(words) > 1 and words[0] in SHADES:
            noun = None  # "light blue" may be a phrase, "light" a lamp
        if noun and len(words) == 1 and phrase in KINDS:
            noun = None
        if noun or color:
            kind: Kind = "both" if noun and color else "noun" if noun else "color"
            best = Unit(kind, start, end, phrase, color, noun), count
    return best


def _value(token: str) -> ParsedColor | None:
    return read_value(token) if VALUE.fullmatch(token) else None


def _single(token: tuple[int, int, str]) -> Unit:
    start, end, word = token
    if word in SHADES:
        return Unit("shade", start, end, word)
    if word in HAS:
        return Unit("ed", start, end, word, noun=find_noun(HAS[word]))
    if word in KINDS:
        return Unit(KINDS[word], start, end, word)
    if word == "->":
        return Unit("colon", start, end, word)
    if not word.isalpha():
        return Unit("word" if word == "-" or word.isdigit() else "stop", start, end, word)
    if len(word) > 3 and (meant := closest(word, color_spellings())):
        return Unit("color", start, end, word, color=read_name(meant), spelled=True)
    if meant := spelled_like(word):
        return Unit("noun", start, end, word, noun=find_noun(meant), spelled=True)
    return Unit("word", start, end, word)


def _settle(units: list[Unit]) -> list[Unit]:
    """Decide whether ambiguous words such as "orange" are colors or nouns."""
    found: list[Unit] = []
    for i, unit in enumerate(units):
        if unit.kind == "both":
            before = found[-1].kind if found else "stop"
            after = [other.kind for other in units[i + 1 : i + 3]] + ["stop", "stop"]
            is_noun = _is_noun(unit, before, after)
            unit = replace(unit, kind="noun" if is_noun else "color")
        found.append(unit)
    return found


def _is_noun(unit: Unit, before: str, after: list[str]) -> bool:
    """Whether a word such as "orange", "cherry" or "tomato" is a noun."""
    named = after[0] in ("noun", "word", "both", "adjective", "ed")
    if before in ("color", "shade"):
        return not named
    listed = after[0] in ("and", "comma") and after[1] in ("color", "both", "shade")
    if unit.color and unit.color.exact:  # no word of mini's: the thing, unless it is said of one
        if after[0] == "noun":  # "coral fins"
            return False
        return not (before in ("noun", "be", "pronoun", "colon", "shade") and not named)
    if before == "article":
        return not named and not listed and after[0] not in ("color", "shade")
    return before in ("of", "possessive") and not named


def _shades(units: list[Unit]) -> list[Unit]:
    """Join "dark" with the color after it, where the pair is in no table: "dark teal"."""
    found: list[Unit] = []
    for unit in units:
        if unit.kind == "color" and found and found[-1].kind == "shade":
            phrase = f"{found[-1].text} {unit.color.word if unit.spelled else unit.text}"
            color = read_name(phrase)
            if color:
                unit = replace(unit, start=found.pop().start, text=phrase, color=color)
        found.append(unit)
    return found


def _adjacent_colors(units: list[Unit]) -> list[Unit]:
    """Join colors in a row, "navy blue", and drop "color" after a color or a noun."""
    found: list[Unit] = []
    for unit in units:
        last = found[-1] if found else None
        if last and unit.kind == "color" and last.kind == "color":
            color = mixed(last.color, unit.color)
            text = f"{last.text} {unit.text}"
            unit = replace(unit, start=found.pop().start, text=text, color=color)
        named = last and last.kind in ("color", "noun")
        if named and unit.text in ("color", "colour", "colors", "colours", "hue", "tone"):
            continue
        found.append(unit)
    return found


def _complexions(units: list[Unit]) -> list[Unit]:
    """Make colors of "dark" in "dark skin", "her skin is pale" and "dark-skinned"."""
    found = list(units)
    for i, unit in enumerate(found):
        if unit.kind != "shade":
            continue
        beside = [other for other in found[i + 1 : i + 2] if other.noun]
        beside += [other for other in found[max(0, i - 2) : i][::-1] if other.kind == "noun"][:1]
        shade = "light" if SHADES[unit.text] == "light" else SHADES[unit.text]
        for other in beside:
            if meaning := COMPLEXION.get((shade, other.noun.name)):
                word, value = meaning
                color = ParsedColor(word, parse_hex(value) if value else None)
                found[i] = replace(unit, kind="color", color=color)
                break
    return found
