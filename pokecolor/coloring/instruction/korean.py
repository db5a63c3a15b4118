"""Parses Korean instructions, and translates them to English for mini."""

from __future__ import annotations

import re
from dataclasses import replace

from pokecolor.coloring.instruction.color_names import ParsedColor, apart
from pokecolor.coloring.instruction.korean_words import TOPIC, Token, read_tokens
from pokecolor.coloring.instruction.nouns import Noun
from pokecolor.coloring.instruction.record import WHOLE, Instruction, Pair
from pokecolor.core.grammar import join, with_article

HANGUL = re.compile(r"[가-힣]")
PATTERNS = ("stripes", "stripe", "spots", "patches", "markings", "flower", "star", "heart")
"""What is printed on the noun after it: "파란 줄무늬 티셔츠"."""
STOPS = ",./;!?\n"

Bound = tuple[Noun | None, ParsedColor]


def is_korean(text: str) -> bool:
    """Whether there is Hangul in a text."""
    return HANGUL.search(text) is not None


def read_korean(text: str) -> Instruction:
    """Understand a Korean instruction."""
    tokens = _wanted(read_tokens(text))
    found: list[Bound] = []
    for clause in _clauses(tokens):
        found += _bind(clause)
    colors = iter(apart([color for _, color in found]))
    found = [(noun, next(colors)) for noun, _ in found]
    subject = _subject(tokens, found)
    pairs = tuple(
        dict.fromkeys(
            Pair(noun.name if noun else WHOLE, color.word, color.exact) for noun, color in found
        )
    )
    name = subject.name if subject else None
    prompt = _in_english(pairs, name) if pairs else text
    return Instruction(text, pairs, name, (), prompt, prompt)


def _wanted(tokens: list[Token]) -> list[Token]:
    """All but what is said not to be wanted: "빨강 말고 초록"."""
    found: list[Token] = []
    for token in tokens:
        if token.kind == "not":
            if found and found[-1].kind in ("color", "noun"):
                found.pop()
            continue
        found.append(token)
    return found


def _clauses(tokens: list[Token]) -> list[list[Token]]:
    """The clauses of a sentence; a list of nouns before a color is one: "귀, 코, 꼬리는 검은색"."""
    clauses: list[list[Token]] = [[]]
    for token in tokens:
        if token.kind != "stop":
            clauses[-1].append(token)
        elif token.text in STOPS and any(each.kind == "color" for each in clauses[-1]):
            clauses.append([])
        elif token.text == "," and clauses[-1] and clauses[-1][-1].kind == "noun":
            last = clauses[-1].pop()
            clauses[-1].append(_joining(last) if last.particle not in TOPIC else last)
    return clauses


def _joining(token: Token) -> Token:
    return replace(token, particle="와")


def _bind(clause: list[Token]) -> list[Bound]:
    """Each color of a clause with its noun; None for the whole."""
    found: list[Bound] = []
    free: list[Token] = []  # nouns before a color, that have none yet
    content = [token for token in clause if token.kind in ("color", "noun", "whole")]
    # "모자 빨강 바지 파랑" ends in a color, "빨강 모자 파랑 바지" in a noun
    ends_in_color = bool(content) and content[-1].kind == "color"
    i = 0
    while i < len(clause):
        token = clause[i]
        if token.kind in ("noun", "whole"):
            if not (free and _listed(free[-1], token)):
                free = []
            free.append(token)
            i += 1
            continue
        if token.kind != "color":
            i += 1
            continue
        group = _group(clause, i, bool(free))
        colors = [each.color for each in clause[i:group] if each.kind == "color"]
        nouns, after = _following(clause, group)
        if free and (not nouns or _is_said(clause[group - 1], free[-1], nouns[0], ends_in_color)):
            nouns, after = free, group
        elif clause[group - 1].form == "said" and not _only(clause, group):
            nouns, after = [], group
        found += [
            (noun, color) for noun in ([each.noun for each in nouns] or [None]) for color in colors
        ]
        free = []
        i = after
    return found


def _group(clause: list[Token], start: int, pending: bool) -> int:
    """The end of the colors that are listed from one on: "빨강, 파랑 노랑"."""
    end = start + 1
    while end < len(clause) and clause[end].kind == "color":
        last = clause[end - 1]
        alike = last.form == clause[end].form == "name" or last.joins
        if not alike or (pending and not last.joins and last.form != clause[end].form):
            break
        end += 1
    return end


def _following(clause: list[Token], start: int) -> tuple[list[Token], int]:
    """The nouns that a color before them is of, and where they end."""
    i = start
    while i < len(clause) and clause[i].kind == "word" and i - start < 2:
        i += 1
    if i >= len(clause) or clause[i].kind != "noun":
        return [], start
    head = i
    while (
        head + 1 < len(clause)
        and clause[head + 1].kind == "noun"
        and not clause[head].particle
        and clause[head + 1].particle not in TOPIC
        and (clause[head + 1].noun.kind == "part" or clause[head].noun.name in PATTERNS)
        and not (head + 2 < len(clause) and clause[head + 2].kind == "color")
    ):
        head += 1
    nouns = [clause[head]]
    while clause[head].joins and head + 1 < len(clause) and clause[head + 1].kind == "noun":
        head += 1
        nouns.append(clause[head])
    return nouns, head + 1


def _only(clause: list[Token], start: int) -> bool:
    """Whether from there on no color follows: "빨간색이면 좋겠어 모자가"."""
    return all(token.kind != "color" for token in clause[start:])


def _is_said(color: Token, before: Token, after: Token, ends_in_color: bool) -> bool:
    """Whether a color between two nouns is said of the first."""
    if color.form in ("said", "that is"):
        return True
    if color.form == "before":  # "지붕이 빨간 집", but "소년이 노란 모자를 쓰고"
        is_part = before.noun is not None and before.noun.kind == "part"
        return is_part and before.particle in ("이", "가") and not color.particle
    if before.particle in TOPIC and after.particle in TOPIC:
        return True
    return ends_in_color and not after.tight


def _listed(last: Token, token: Token) -> bool:
    """Whether a noun is listed with the one before it: "눈과 코는", "눈코입은"."""
    parts = last.noun and token.noun and last.noun.kind == token.noun.kind == "part"
    return last.joins or bool(token.tight and parts)


def _subject(tokens: list[Token], found: list[Bound]) -> Noun | None:
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
