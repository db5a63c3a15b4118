"""Splits Korean into nouns, colors and particles, written together or apart, misspelled or not."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Literal

from pokecolor.coloring.instruction.color_names import VALUE, ParsedColor, read_name, read_value
from pokecolor.coloring.instruction.korean_compounds import NEAR, head_of
from pokecolor.coloring.instruction.korean_function_words import (
    BARE_TOPIC,
    CLEAR,
    COLOR,
    GENERAL,
    HAIR,
    JOINING,
    LOOSE,
    MODIFIERS,
    NOT,
    PARTICLES,
    RESTS,
    SAID,
    SHADES,
    TAIL,
    TOPIC,
    VERBAL,
    VERBS,
    WHOLES,
)
from pokecolor.coloring.instruction.korean_lexicon import (
    color_stems,
    korean_color_spellings,
    korean_nouns,
    letters_of,
    plain,
)
from pokecolor.coloring.instruction.nouns import Noun, find_noun
from pokecolor.coloring.instruction.record import REST
from pokecolor.coloring.instruction.spelling import distance

LONGEST = 40
"""Longer words are read in pieces of so many syllables."""
_WORD = re.compile(rf"{VALUE.pattern}|[가-힣]{{1,{LONGEST}}}|[A-Za-z]+|[:,./;=!?\n]", re.IGNORECASE)


@dataclass(frozen=True)
class Token:
    """A unit of a Korean sentence."""

    kind: Literal["color", "noun", "whole", "word", "stop", "not"]
    text: str = ""
    color: ParsedColor | None = None
    noun: Noun | None = None
    """Of a "whole": set if it is the rest."""
    form: Literal["name", "before", "said", "that is"] = "name"
    """Of a color: "초록", "파란", "빨갛게", "빨간색인"."""
    particle: str = ""
    tight: bool = False
    """Whether it is written onto what is before it."""
    known: bool = True
    """Whether a noun is in the table."""

    @property
    def joins(self) -> bool:
        """Whether it shares what is said of the next one."""
        return self.particle in JOINING


def read_tokens(text: str) -> list[Token]:
    """All units of a sentence, in order."""
    text = re.sub(r"(#[0-9a-fA-F]{3,8}|\))(?=[가-힣])", r"\1 ", unicodedata.normalize("NFC", text))
    words = _WORD.findall(RESTS.sub(r" 나머지\1 ", text))
    tokens: list[Token] = []
    shade, position = "", 0
    while position < len(words):
        word, following = words[position], words[position + 1 : position + 2]
        taken = 1
        together = word + "".join(following) if following and following[0][0] >= "가" else ""
        if SHADES.get(word):
            shade = SHADES[word]
            position += 1
            continue
        if together and (found := _apart(word, following[0])):
            taken = 2
        elif (found := _read(word)) and len(found) == 1 and found[0].kind == "word" and together:
            spaced = _segment(together)  # "노란 색", "귀 끝"
            found, taken = (spaced, 2) if spaced and len(spaced) == 1 else (found, 1)
        if shade:
            found = [_shaded(token, shade) if token.kind == "color" else token for token in found]
            shade = "" if any(token.kind in ("color", "noun") for token in found) else shade
        tokens += found
        position += taken
    return _attached(tokens)


def _apart(word: str, following: str) -> list[Token]:
    """Two words that are one: "귀 끝", "빨간 색", "주황 빛의", "눈 주위는"."""
    if two := _nouns_with_particle(f"{word} {following}"):
        return [two]
    noun = korean_nouns().get(word)
    if noun and noun.kind == "part":
        for particle in ("", *PARTICLES):
            if following.endswith(particle) and following.removesuffix(particle) in NEAR:
                return [Token("noun", word, noun=noun, particle=particle)]
    if any(following.startswith(name) for name in COLOR) and not _nouns_with_particle(following):
        ending = re.sub("|".join(COLOR), "", following, count=1)
        if noun and ending in BARE_TOPIC:  # "눈 색깔은", of eyes and not of snow
            return [Token("noun", word, noun=noun, particle=ending)]
        found = _segment(word + following)
        if found and len(found) == 1 and found[0].kind == "color":
            return found
        if (noun := _nouns_with_particle(word)) and not noun.particle:
            return [replace(noun, particle=ending)] if ending in ("", *TOPIC) else []
    return []


def _read(word: str) -> list[Token]:
    """The units of one word."""
    if value := VALUE.fullmatch(word) and read_value(word):
        return [Token("color", word, color=value)]
    if not word[0].isalpha():
        return [Token("stop", word)]
    if word.isascii():
        word = word.lower()
        if color := read_name(word):
            return [Token("color", word, color=color)]
        return [
            Token("noun", word, noun=noun) if (noun := find_noun(word)) else Token("word", word)
        ]
    if word.startswith(NOT):
        return [Token("not", word)]
    if word.startswith("나머지") and word[3:] in ("", *PARTICLES):
        return [Token("whole", word, noun=Noun(REST, "part", REST), particle=word[3:])]
    if word in JOINING or word == "다":
        return [Token("whole" if word not in JOINING else "word", word, particle=word)]
    if any(word.startswith(whole) and word[len(whole) :] in ("", *PARTICLES) for whole in WHOLES):
        return [Token("whole", word)]
    if word[:2] in HAIR:
        hair = Token("noun", word, noun=find_noun("hair"), particle="은")
        return [hair, Token("color", word, color=read_name(HAIR[word[:2]]), form="said")]
    return _segment(word) or _misspelled(word) or _unknown(word)


def _unknown(word: str) -> list[Token]:
    """A word in no table: a compound, or a noun where its particle says so: "우비를"."""
    if word in MODIFIERS:
        return [Token("word", word)]
    for particle in ("", *PARTICLES):
        stem = word.removesuffix(particle)
        if word.endswith(particle) and len(stem) >= 2 and (noun := head_of(stem)):
            return [Token("noun", word, noun=noun, particle=particle)]
    stem = word[:-1]
    if word[-1] in "은는을를" and len(stem) >= 2:
        return [unknown_noun(word, stem, word[-1])]
    return [Token("word", word)]


def nouns_like(token: Token) -> Token | None:
    """A word in no table as a noun, unless it looks like another kind of word."""
    word = token.text
    if token.kind != "word" or word.isascii() or word.startswith(GENERAL) or VERBAL.search(word):
        return None
    particle = next((each for each in CLEAR if word.endswith(each) and word[2:]), "")
    stem = word.removesuffix(particle)
    return unknown_noun(word, stem, particle) if len(stem) >= 2 else None


def unknown_noun(word: str, stem: str, particle: str) -> Token:
    """A noun that is in no table."""
    return Token("noun", word, noun=Noun(stem, "thing", stem), particle=particle, known=False)


@functools.lru_cache(maxsize=4096)
def _segment(word: str) -> list[Token]:
    """The nouns and colors that a word consists of, with their endings; none if others are left."""
    best: list[Token] = []
    for token, length in _units(word):
        rest = word[length:]
        tail = [] if not rest else _segment(rest)
        if rest and not tail:
            continue
        found = [token, *(replace(each, tight=True) for each in tail)]
        if not best or len(found) < len(best):
            best = found
    return best


def _units(word: str) -> list[tuple[Token, int]]:
    """Each noun or color, with its ending, that a word begins with, and its length."""
    nouns: list[tuple[Token, int]] = []
    found: list[tuple[Token, int]] = []
    for length in range(len(word), 0, -1):
        if noun := korean_nouns().get(word[:length]):
            for particle in ("", *PARTICLES):
                if word.startswith(particle, length):
                    end = length + len(particle)
                    text = word[:end]
                    nouns.append((Token("noun", text, noun=noun, particle=particle), end))
    for shade in ("", *(each for each in SHADES if word.startswith(each))):
        for stem, (term, kind) in color_stems().items():
            if not word.startswith(stem, len(shade)):
                continue
            start = len(shade) + len(stem)
            for named in ("", *COLOR):
                if (kind == "with" and not named) or not word.startswith(named, start):
                    continue
                if kind == "said" and named:
                    continue
                form = "name" if named else kind.replace("with", "name")
                for token, end in _endings(word, start + len(named), form):
                    color = read_name(f"{SHADES[shade]} {term}" if shade else term)
                    found.append((replace(token, color=color or read_name(term)), end))
    return found + nouns  # "하늘색" is a color before it is the sky's


def _endings(word: str, start: int, form: str) -> list[tuple[Token, int]]:
    found = []
    if form != "said":
        found.append((Token("color", word, form=form), start))
    for ending in () if form == "before" else SAID if form == "said" else (*LOOSE, *SAID):
        if word.startswith(ending, start):
            end = start + len(ending)
            put = "that is" if ending in ("인", "한") else "said" if ending in SAID else form
            found.append((Token("color", word, form=put, particle=ending), end))
            if put == "said" and TAIL.match(word, end):  # "파란색으로칠해줘", "노랗게요"
                found.append((Token("color", word, form=put, particle=ending), len(word)))
    return found


def _shaded(token: Token, shade: str) -> Token:
    color = read_name(f"{shade} {token.color.word}")
    return replace(token, color=color) if color and not token.color.exact else token


def _nouns_with_particle(text: str) -> Token | None:
    for particle in (*PARTICLES, ""):
        stem = text.removesuffix(particle) if particle else text
        if (not particle or stem != text) and (noun := korean_nouns().get(stem)):
            return Token("noun", text, noun=noun, particle=particle)
    return None


def _attached(tokens: list[Token]) -> list[Token]:
    """Values and English words with the particle behind them, and verbs that look like nouns."""
    found: list[Token] = []
    for token in tokens:
        last = found[-1] if found else None
        if last and last.text.isascii() and last.kind in ("color", "noun") and token.kind != "stop":
            ending = next((e for e in (*SAID, *LOOSE, *PARTICLES) if token.text == e), None)
            if ending and last.kind == "color":
                form = "said" if ending in SAID else last.form
                found[-1] = replace(last, form=form, particle=ending, text=last.text + ending)
                continue
            if ending:
                found[-1] = replace(last, particle=ending, text=last.text + ending)
                continue
        if token.kind == "noun" and token.text in VERBS:
            worn = last and last.kind == "noun" and last.particle in ("을", "를")
            if token.text in ("해", "말", "이", "밤에") or worn:
                token = Token("word", token.text)
        found.append(token)
    return found


def _misspelled(word: str) -> list[Token]:
    """A color's name with one letter wrong: "초록생", "분홍섹", "빨깡"."""
    for end in ("", *sorted((*SAID, *LOOSE), key=len, reverse=True)):
        if end and not word.endswith(end):
            continue
        stem = word.removesuffix(end) if end else word
        letters = letters_of(stem)
        if len(letters) < 5:
            continue
        for known, (term, form) in korean_color_spellings().items():
            if (
                plain(known) == plain(stem)
                and abs(len(known) - len(stem)) < 2
                and distance(letters, letters_of(known)) == 1
            ):
                said = end in SAID
                put = "said" if said else form
                return [Token("color", word, color=read_name(term), form=put, particle=end)]
    return []
