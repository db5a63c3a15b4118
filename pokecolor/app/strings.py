"""What the server itself says on pages, in English and Korean; the page has words of its own."""

from __future__ import annotations

from typing import Literal, get_args

Language = Literal["en", "ko"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

TABLE: dict[str, tuple[str, str]] = {
    "sketch_of": ("Sketch of {name}", "{name} 스케치"),
    "picture_of": ("{name} in color", "색칠한 {name}"),
    "made_with": ("Made with pokecolor", "pokecolor로 만들었습니다"),
    "own": ("Color a drawing of your own", "내 그림도 색칠해 보기"),
    "gone": ("There is nothing here (any more).", "없는 페이지이거나 공유가 끝났습니다."),
}
"""Each text in the order of `LANGUAGES`."""


def text(language: Language, key: str, **values: object) -> str:
    """One text, filled in.

    Raises:
        KeyError: there is no such text.
    """
    return TABLE[key][LANGUAGES.index(language)].format(**values)
