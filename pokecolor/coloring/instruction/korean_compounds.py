"""Finds the known noun in a Korean compound that is in no table: "스키니진" is pants."""

from __future__ import annotations

import functools
import re

from pokecolor.coloring.instruction.korean_lexicon import korean_nouns
from pokecolor.coloring.instruction.nouns import Noun, find_noun

NEAR = (
    "가장자리 주변 주위 둘레 언저리 근처 부근 부위 부분"
    " 쪽 안쪽 바깥쪽 밑부분 윗부분 밑쪽 위쪽 아래쪽 아래"
).split()
EDGES = (
    NEAR
    + (
        "가 테 밑 위 옆 속 안 밖 끝 털 살 막 팍 통 뼈 구멍 라인 선 따구 때기 퉁이 짝 속털 잔털"
    ).split()
)
"""What is about a part or on it: "눈가" is told by the eyes, "가슴털" by the chest; the first also
where they are words of their own."""
COVERS = ("fur", "feathers", "inside", "edge", "tips")
"""Parts of a part, which are told by it."""
HEADS = "털 뿔 띠 끈 옷 꽃 컵 칼 집 빵 잎 햇".split()
"""Nouns of one syllable that others are often made of; most others would be found by accident:
"열매" is no "매"."""
PLACES = re.compile(r"(?:앞|뒤|옆|위|아래|밑|곁)(?:에|의|에는|에서|쪽에)?(?:있는)?$")
"""Where one thing is beside another."""


@functools.lru_cache(maxsize=4096)
def head_of(word: str) -> Noun | None:
    """The noun by which a compound is told; None if there is none in it.

    Args:
        word: without its particle, in no table.
    """
    nouns = korean_nouns()
    for start in range(1, len(word) - 1):
        if noun := nouns.get(word[start:]):
            return find_noun("hair") if noun.name == "head" else noun
    for length in range(len(word) - 1, 0, -1):
        noun = nouns.get(word[:length])
        if noun and noun.kind == "part" and word[length:] in EDGES:
            return noun
    return nouns.get(word[-1]) if word[-1] in HEADS and len(word) > 1 else None
