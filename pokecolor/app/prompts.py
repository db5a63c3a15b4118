"""Builds prompts from clicked parts and colors."""

from __future__ import annotations

import re
from dataclasses import dataclass

from pokecolor.core.colors import find_color_words
from pokecolor.core.grammar import with_article

OPENING = "Turn it into"
"""What every instruction begins with."""
WHOLE = "creature"
"""What the whole drawing is called where the instruction does not say."""
PARTS = (
    "eyes", "belly", "head", "ears", "horns", "wings", "tail", "feet", "hair", "cheeks", "spots",
)  # fmt: skip
"""Parts that can be clicked; any other can be typed."""

_THING = re.compile(r"\s+([^\W\d_]+(?:[ -](?!and\b|with\b|or\b|on\b|in\b|but\b)[^\W\d_]+)*)")
_ARTICLE = re.compile(r"\b(an?) $", re.IGNORECASE)
_LAST_AND = re.compile(r" and (?!.* and )")


@dataclass(frozen=True)
class Wish:
    """A color word of an instruction, and what is to have that color."""

    start: int
    end: int
    term: str
    """The basic color term."""
    thing: str
    """ "eyes", "fox"; "" if no noun follows."""


def find_wishes(prompt: str) -> list[Wish]:
    """The color words of an instruction in their order."""
    wishes = []
    for start, end, term in find_color_words(prompt):
        thing = _THING.match(prompt, end)
        name = thing.group(1) if thing else ""
        if re.match(r"(and|with|or|on|in|but)\b", name):
            name = ""
        wishes.append(Wish(start, end, term, name))
    return wishes


def replace_color(prompt: str, start: int, end: int, term: str) -> str:
    """Put another color word in place of the one from `start` to `end`."""
    before = _ARTICLE.sub(lambda found: _article(found.group(1), term), prompt[:start])
    return f"{before}{term}{prompt[end:]}"


def with_color(prompt: str, part: str, term: str) -> str:
    """The instruction with a part, or the whole drawing if it is "", in a color.

    Args:
        prompt: what is written so far.
        part: such as "eyes".
        term: a basic color term.
    """
    text = " ".join(prompt.split()).rstrip(" .,")
    if text.casefold() in ("", OPENING.casefold()):
        text = f"{OPENING} a {WHOLE}"
    wishes = find_wishes(text)
    for wish in wishes:
        if wish.thing == part or (not part and _is_whole(text, wish)):
            return replace_color(text, wish.start, wish.end, term)
    if not part:
        opened = re.match(rf"({OPENING}) (?:(?:an?|the) )?(.*)", text, re.IGNORECASE)
        if not opened:
            return f"{text}, {term}"
        return f"{opened.group(1)} {with_article(f'{term} {opened.group(2)}', WHOLE)}"
    added = with_article(f"{term} {part}", part)
    before, joint, listed = text.partition(" with ")
    if not joint:
        return f"{text} with {added}"
    return f"{before} with {_LAST_AND.sub(', ', listed)} and {added}"


def _is_whole(text: str, wish: Wish) -> bool:
    """Whether a color word stands before "with": in "a blue fox with red eyes", blue does."""
    return " with " not in text[: wish.start]


def _article(written: str, term: str) -> str:
    article = with_article(term, WHOLE).partition(" ")[0]
    return f"{article.capitalize() if written[0].isupper() else article} "
