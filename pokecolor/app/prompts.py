"""The parts and colors that the page offers to click, and what is understood of a prompt."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import Literal

from pokecolor.app.color_check import hex_of, part_of
from pokecolor.coloring.instruction import read_instruction
from pokecolor.coloring.instruction.nouns import table
from pokecolor.core.colors import SYNONYMS

PARTS = {
    "": ("whole", "전체"), "eyes": ("eyes", "눈"), "belly": ("belly", "배"),
    "head": ("head", "머리"), "ears": ("ears", "귀"), "horns": ("horns", "뿔"),
    "wings": ("wings", "날개"), "tail": ("tail", "꼬리"), "feet": ("feet", "발"),
    "hair": ("hair", "머리카락"), "cheeks": ("cheeks", "볼"), "spots": ("spots", "점무늬"),
}  # fmt: skip
"""Parts that can be clicked, "" the whole drawing, in English and Korean."""
COLORS = {
    "red": ("#d22f27", "빨강"), "orange": ("#f1892d", "주황"), "yellow": ("#fcea2b", "노랑"),
    "green": ("#5c9e31", "초록"), "blue": ("#2196f3", "파랑"), "purple": ("#8967aa", "보라"),
    "pink": ("#ff9aa2", "분홍"), "brown": ("#a57939", "갈색"), "black": ("#222222", "검정"),
    "grey": ("#9b9b9a", "회색"), "white": ("#ffffff", "하양"),
}  # fmt: skip
"""The color of each basic term's button, and its name in Korean."""
MANY = 4
"""More colors than these a small model does not keep apart: training prompts named no more."""
HINT = {
    "en": "Name a color, such as “a green frog with yellow eyes”.",
    "ko": "“노란 눈을 가진 초록색 개구리”처럼 색을 말해 주세요.",
}
LEFT_OUT = {
    "en": "Not known, and left out with its color: {nouns}.",
    "ko": "모르는 말이라 그 색과 함께 빼고 읽었어요: {nouns}.",
}

Warned = Literal["many", "no_color"]


@dataclass(frozen=True)
class Asked:
    """A color that a prompt asks for."""

    part: str
    """As pokecolor calls it in English; "" for the whole drawing."""
    names: dict[str, str]
    """By language, as far as they are known."""
    color: str
    """A color word."""
    hex: str


@dataclass(frozen=True)
class Understood:
    """What a prompt asks for."""

    understood: str
    """In one line of English; "" if nothing is."""
    parts: tuple[Asked, ...]
    warnings: tuple[Warned, ...]
    left_out: tuple[str, ...] = ()
    """Nouns that no model is told."""

    def hint(self, language: str) -> str | None:
        """What to change in a prompt of which nothing, or not all, is understood."""
        if not self.parts:
            return HINT[language]
        return LEFT_OUT[language].format(nouns=", ".join(self.left_out)) if self.left_out else None


def understand(prompt: str, small: bool = False) -> Understood:
    """Read a prompt without painting it.

    Args:
        prompt: in English or Korean.
        small: whether the model is a small one.
    """
    read = read_instruction(prompt)
    parts = [(part_of(pair, read), pair) for pair in read.pairs]
    asked = tuple(Asked(part, names_of(part), pair.color, hex_of(pair)) for part, pair in parts)
    warnings: tuple[Warned, ...] = () if asked else ("no_color",)
    if small and len(asked) > MANY:
        warnings = ("many",)
    whole = [pair._replace(noun=pair.noun or "body") for pair in read.pairs]
    summary = replace(read, pairs=tuple(whole)).summary
    return Understood(summary, asked, warnings, read.left_out)


def names_of(part: str) -> dict[str, str]:
    """What a part is called, by language."""
    if part in PARTS:
        return dict(zip(("en", "ko"), PARTS[part], strict=True))
    korean = _korean().get(part)
    return {"en": part} | ({"ko": korean} if korean else {})


def words_of(term: str) -> list[str]:
    """A basic color term and the words that mean it in English."""
    return [term, *(word for word, basic in SYNONYMS.items() if basic == term)]


@functools.cache
def _korean() -> dict[str, str]:
    return {row.name: row.korean[0] for row in table() if row.korean}
