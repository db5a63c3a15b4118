"""Parses Korean instructions, and translates them to English for mini."""

from __future__ import annotations

import re
from dataclasses import replace

from pokecolor.coloring.instruction.color_names import apart
from pokecolor.coloring.instruction.korean_compounds import COVERS
from pokecolor.coloring.instruction.korean_function_words import TOPIC
from pokecolor.coloring.instruction.korean_subject import (
    Bound,
    has_hair,
    named_subject,
    unknown_subject,
)
from pokecolor.coloring.instruction.korean_words import Token, nouns_like, read_tokens
from pokecolor.coloring.instruction.record import REST, WHOLE, Instruction, Pair, Replacement
from pokecolor.coloring.instruction.telling import CREATURE, tell, with_rest

HANGUL = re.compile(r"[가-힣]")
PATTERNS = ("stripes", "stripe", "spots", "patches", "markings", "flower", "star", "heart")
"""What is printed on the noun after it: "파란 줄무늬 티셔츠"."""
STOPS = ",./;!?\n"


def is_korean(text: str) -> bool:
    """Whether there is Hangul in a text."""
    return HANGUL.search(text) is not None


def read_korean(text: str) -> Instruction:
    """Understand a Korean instruction.

    A noun that is in no table is taken for the subject where there is no other, or left out with
    its color; both are said in the record.
    """
    tokens = _without_verbs(_joined(_wanted(read_tokens(text))))
    found: list[Bound] = []
    for clause in _clauses(tokens):
        found += _bind(clause)
    unknown = unknown_subject(tokens, found)
    left_out = [noun for noun, _ in found if noun and not noun.known and noun != unknown]
    found = [(noun, color) for noun, color in found if noun not in left_out]
    colors = iter(apart([color for _, color in found]))
    found = [(noun, next(colors)) for noun, _ in found]
    subject = CREATURE if unknown else named_subject(tokens, found)
    head = "hair" if has_hair(tokens, subject) else "head"
    pairs = with_rest(
        (Pair(_name(noun, head), color.word, color.exact) for noun, color in found), subject
    )
    prompt = tell(pairs, subject)
    return Instruction(
        text,
        pairs,
        subject,
        (Replacement(unknown.noun.name, CREATURE),) if unknown else (),
        prompt,
        prompt,
        tuple(dict.fromkeys(token.noun.name for token in left_out)),
    )


def _name(token: Token | None, head: str) -> str:
    """The noun of a pair; "머리" is called `head`."""
    if token is None or token.noun is None:
        return WHOLE
    if token.kind == "whole":
        return REST
    if not token.known:
        return CREATURE
    is_either = token.noun.name == "head" and token.text.startswith("머리")
    return head if is_either else token.noun.name


def _joined(tokens: list[Token]) -> list[Token]:
    """The same, "가슴털" and "코 안쪽" as the part that is named first."""
    found: list[Token] = []
    for token in tokens:
        last = found[-1] if found else None
        if last and last.kind == token.kind == "noun" and token.noun.name in COVERS:
            of_part = last.noun.kind == "part" and last.noun.name not in COVERS
            if of_part and not last.particle:
                found[-1] = replace(last, particle=token.particle)
                continue
        found.append(token)
    return found


def _without_verbs(tokens: list[Token]) -> list[Token]:
    """The same; "반짝이는" in "반짝이는 노란 별" is no noun."""
    found = list(tokens)
    for i, token in enumerate(tokens):
        after = tokens[i + 1 : i + 3]
        if after and after[0].kind == "color":
            color, after = after[0], after[1:]
            said = color.form == "name" and after and after[0].particle in TOPIC
            if color.form == "said" or said:  # "이너는 흰색 자켓은 검정"
                continue
        verb = not token.known and token.particle in ("은", "는")
        if verb and after and after[0].kind == "noun":
            found[i] = Token("word", token.text)
    return found


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
        if not nouns and not free:
            nouns, after = _unknown_after(clause, group)
        if free and (not nouns or _is_said(clause[group - 1], free[-1], nouns[0], ends_in_color)):
            nouns, after = free, group
        elif clause[group - 1].form == "said" and not _only(clause, group):
            nouns, after = [], group
        found += [(noun, color) for noun in (nouns or [None]) for color in colors]
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
        and (
            clause[head + 1].noun.kind == "part"
            or clause[head].noun.name in PATTERNS
            or clause[head].noun.kind == clause[head + 1].noun.kind  # "노란 아기 용"
        )
        and not (head + 2 < len(clause) and clause[head + 2].kind == "color")
    ):
        head += 1
    nouns = [clause[head]]
    while clause[head].joins and head + 1 < len(clause) and clause[head + 1].kind == "noun":
        head += 1
        nouns.append(clause[head])
    return nouns, head + 1


def _unknown_after(clause: list[Token], start: int) -> tuple[list[Token], int]:
    """The noun in no table that a color before it is of, and where it ends."""
    color, after = clause[start - 1], clause[start : start + 1]
    if color.particle or color.form not in ("before", "name") or not after:
        return [], start
    noun = nouns_like(after[0])
    return ([noun], start + 1) if noun else ([], start)


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
    return ends_in_color and (color.tight or not after.tight)


def _listed(last: Token, token: Token) -> bool:
    """Whether a noun is listed with the one before it: "눈과 코는", "눈코입은"."""
    parts = last.noun and token.noun and last.noun.kind == token.noun.kind == "part"
    both = last.particle == token.particle == "도"  # "귀도 꼬리도"
    return last.joins or both or bool(token.tight and parts)
