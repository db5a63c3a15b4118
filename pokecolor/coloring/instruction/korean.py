"""Parses Korean instructions, and translates them to English for mini."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Literal

from pokecolor.coloring.instruction.color_names import NamedColor, read_name, read_value
from pokecolor.coloring.instruction.nouns import Noun, table
from pokecolor.coloring.instruction.record import WHOLE, Instruction, Pair
from pokecolor.core.grammar import join, with_article

HANGUL = re.compile(r"[가-힣]")

STEMS = {
    "red": "빨강 빨간 빨갛 새빨간 새빨갛 붉은 붉 적색 레드",
    "orange": "주황 오렌지 주홍",
    "yellow": "노랑 노란 노랗 샛노란 황색 옐로우 옐로",
    "green": "초록 녹 그린 풀",
    "lime": "연두 라임",
    "blue": "파랑 파란 파랗 새파란 새파랗 푸른 푸르 청 블루",
    "light blue": "하늘",
    "navy": "남 곤 네이비",
    "teal": "청록",
    "mint": "민트",
    "purple": "보라 자주 퍼플",
    "pink": "분홍 핑크",
    "brown": "갈 밤 고동 브라운",
    "black": "검정 검은 검 까만 까맣 새까만 흑 블랙",
    "white": "하양 하얀 하얗 새하얀 흰 백 화이트",
    "grey": "회 잿 그레이 쥐",
    "silver": "은",
    "gold": "금 황금",
    "beige": "베이지",
    "peach": "살구",
    "ivory": "상아 아이보리",
}
"""mini's color words, each with the Korean stems of its names."""
BARE = frozenset("녹 청 남 곤 갈 밤 고동 흑 백 회 잿 쥐 은 금 황금 풀 하늘 상아 살구 검".split())
"""Stems that name a color with "색" or "빛" after them alone: "밤" is a night."""
SHADES = {
    "진한": "dark", "짙은": "dark", "어두운": "dark", "진": "dark", "연한": "light",
    "옅은": "light", "밝은": "light", "연": "light", "선명한": "bright",
}  # fmt: skip
ADVERBS = (
    "게",
    "으로",
    "로",
    "이고",
    "이며",
    "고",
    "이야",
    "입니다",
    "이다",
    "야",
    "예요",
    "이에요",
)
"""Endings of a color that is said of the noun before it: "빨갛게", "파란색으로"."""
PARTICLES = (
    "",
    *"은 는 이 가 을 를 의 에 에는 에게 한테 에다 에다가 와 과 하고 랑 이랑 로 으로 만 도".split(),
    *"들 들은 들이 들을 들과 들의 부분은 쪽은 색은 입은 을입은 달린 이달린 에서 까지".split(),
)
JOINING = ("와", "과", "하고", "랑", "이랑", "들과", "그리고")
"""Particles after which a noun shares the color of the next one."""
WHOLES = ("전체", "모두", "전부", "그림", "전체적", "다", "온몸", "그것", "이것", "얘")
"""What stands for the whole drawing."""

_VALUE = re.compile(r"#[0-9a-fA-F]{3,8}\b|rgb\([^)]*\)|hsl\([^)]*\)")
_WORD = re.compile(rf"{_VALUE.pattern}|[가-힣]+|[A-Za-z]+|[:,.]")


@dataclass(frozen=True)
class _Token:
    kind: Literal["color", "noun", "whole", "word", "stop"]
    color: NamedColor | None = None
    noun: Noun | None = None
    said: bool = False
    """Of a color: whether it is said of the noun before it. Of a noun: whether it shares the color
    of the next."""


def is_korean(text: str) -> bool:
    """Whether there is Hangul in a text."""
    return HANGUL.search(text) is not None


def read_korean(text: str) -> Instruction:
    """Understand a Korean instruction."""
    tokens = _tokens(text)
    found = _bind(tokens)
    subject = _subject(tokens, found)
    pairs = tuple(
        dict.fromkeys(
            Pair(noun.name if noun else WHOLE, color.word, color.exact) for noun, color in found
        )
    )
    name = subject.name if subject else None
    prompt = _in_english(pairs, name) if pairs else text
    return Instruction(text, pairs, name, (), prompt, prompt)


def _tokens(text: str) -> list[_Token]:
    words = _WORD.findall(text)
    tokens: list[_Token] = []
    shade = ""
    position = 0
    while position < len(words):
        word = words[position]
        two = " ".join(words[position : position + 2])
        position += 1
        if word in ":,.":
            tokens.append(_Token("stop"))
        elif word in SHADES:
            shade = SHADES[word]
        elif value := _VALUE.fullmatch(word) and read_value(word):
            tokens.append(_Token("color", color=value))
        elif " " in two and (noun := _noun(two)):
            tokens.append(noun)
            position += 1
        elif color := _color(word, shade):
            tokens += color
            shade = ""
        elif noun := _noun(word):
            tokens.append(noun)
        else:
            whole = any(word.startswith(whole) for whole in WHOLES)
            tokens.append(_Token("whole" if whole else "word"))
    return tokens


def _color(word: str, shade: str) -> list[_Token]:
    """A word that begins with a color, and the noun that may be written onto it."""
    for prefix in ("", "연", "진"):
        if not word.startswith(prefix):
            continue
        rest = word[len(prefix) :]
        for stem in _stems():
            if not rest.startswith(stem):
                continue
            tail = rest[len(stem) :]
            named = re.match(r"(?:색깔|색상|색|빛깔|빛)", tail)
            if stem in BARE and not named:
                continue
            tail = tail[named.end() :] if named else tail
            said = next((end for end in ADVERBS if tail == end or tail.startswith(end)), None)
            known = tail in ("", "의", "인", "은", "을", "를", "이", "한") or said is not None
            noun = _noun(tail) if tail and not known else None
            if not known and noun is None:
                continue
            term = _stems()[stem]
            asked = shade or SHADES.get(prefix, "")
            color = read_name(f"{asked} {term}" if asked else term) or NamedColor(term)
            token = _Token("color", color=color, said=said is not None)
            return [token, noun] if noun else [token]
    return []


def _noun(word: str) -> _Token | None:
    """A noun with a particle, or None."""
    for particle in sorted(PARTICLES, key=len, reverse=True):
        stem = word.removesuffix(particle) if particle else word
        if particle and stem == word:
            continue
        if noun := _nouns().get(stem):
            return _Token("noun", noun=noun, said=particle in JOINING)
    return None


def _bind(tokens: list[_Token]) -> list[tuple[Noun | None, NamedColor]]:
    """Each color with its noun; None for the whole."""
    found: list[tuple[Noun | None, NamedColor]] = []
    free: list[Noun | None] = []  # nouns before a color, that have none yet
    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token.kind in ("noun", "whole"):
            if not (free and _joined(tokens, i)):
                free = []
            free.append(token.noun)
        elif token.kind == "color":
            after = tokens[i + 1] if i + 1 < len(tokens) else None
            if after and after.kind == "noun" and not token.said:
                nouns = [after.noun]
                i += 1
                while tokens[i].said and i + 1 < len(tokens) and tokens[i + 1].kind == "noun":
                    i += 1
                    nouns.append(tokens[i].noun)
                found += [(noun, token.color) for noun in nouns]
            else:
                found += [(noun, token.color) for noun in free or [None]]
            free = []
        i += 1
    return found


def _joined(tokens: list[_Token], i: int) -> bool:
    """Whether a noun is listed with the one before it: "눈과 코는"."""
    return i > 0 and tokens[i - 1].kind == "noun" and tokens[i - 1].said


def _subject(tokens: list[_Token], found: list[tuple[Noun | None, NamedColor]]) -> Noun | None:
    """The one thing among the nouns; None where several have colors."""
    things = [token.noun for token in tokens if token.kind == "noun" and token.noun.kind == "thing"]
    colored = {noun.name for noun, _ in found if noun and noun.kind == "thing"}
    if len(colored) > 1:
        return None
    return next((noun for noun in things if not colored or noun.name in colored), None)


def _in_english(pairs: tuple[Pair, ...], subject: str | None) -> str:
    main = next((pair.color for pair in pairs if pair.noun in (WHOLE, subject)), None)
    parts = [pair for pair in pairs if pair.noun not in (WHOLE, subject)]
    listed = join([with_article(f"{pair.color} {pair.noun}", pair.noun) for pair in parts] or [""])
    if main is None and subject is None:
        return listed
    name = subject or "creature"
    noun = with_article(f"{main} {name}" if main else name, name)
    return f"Turn it into {noun}" + (f" with {listed}" if parts else "")


@functools.cache
def _stems() -> dict[str, str]:
    pairs = [(stem, term) for term, stems in STEMS.items() for stem in stems.split()]
    return dict(sorted(pairs, key=lambda pair: -len(pair[0])))


@functools.cache
def _nouns() -> dict[str, Noun]:
    found: dict[str, Noun] = {}
    for row in table():
        for word in row.korean:
            found.setdefault(word, Noun(row.name, row.kind, row.name))
    return found
