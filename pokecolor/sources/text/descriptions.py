"""Instructions for people, objects and scenes, in addition to those of `wording`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.core.grammar import join, with_article
from pokecolor.sources.text.wording import write_instruction

if TYPE_CHECKING:
    import numpy as np

VERSION = 1
"""Raised whenever the same request would give another text; sources of triplets depend on it."""

WORN = frozenset(
    "hat cap helmet crown hood veil scarf collar tie bow ribbon glasses sunglasses mask shirt top "
    "vest jacket coat sweater dress skirt pants shorts overalls suit swimsuit robe kimono uniform "
    "apron cape belt gloves socks shoes boots sandals heels slippers".split()
)
"""Parts that one is "in" or "wears"."""

GROUND = frozenset("ground grass sand snow water sea waves road path rocks hills mountains".split())
"""Parts that one is "on"."""


def write_description(
    rng: np.random.Generator, subject: str, main_color: str | None, parts: list[tuple[str, str]]
) -> str:
    """A random instruction with exactly these colors; half of them are worded by `wording`.

    Args:
        subject: subject of the drawing: "cowboy".
        main_color: color word of the whole; None to name only parts.
        parts: (name, color word) of each part, in order.

    Raises:
        ValueError: there is no color.
    """
    if not parts or rng.random() < 0.5:
        return write_instruction(rng, subject, main_color, parts)
    noun = with_article(f"{main_color} {subject}" if main_color else subject, subject)
    kind = rng.integers(8)
    if kind <= 2:
        text = f"{_opening(rng)}{noun}{_attached(rng, parts)}"
    elif kind == 3 and main_color:
        rest = join([f"{_the(rng)} {name} {color}" for name, color in parts])
        text = f"color it {main_color} but {_pick(rng, 'leave', 'make', 'keep')} {rest}"
    elif kind == 4 and main_color:
        text = f"{noun}, {join([f'{color} {name}' for name, color in parts])}"
    elif kind == 3:
        whom = _pick(rng, f"the {subject}", "her", "him", "it", "them")
        text = f"give {whom} {_listed(parts)}"
    elif kind == 4:
        text = f"{_pick(rng, 'make', 'paint', 'color')} {join([f'the {n} {c}' for n, c in parts])}"
    elif kind == 5 and not main_color:
        text = join([f"{color} {name}" for name, color in parts])
    elif kind == 6 and not main_color:
        text = join([f"{name} {color}" for name, color in parts], ", ")
    else:
        text = f"{_opening(rng)}{noun} with {_listed(parts)}"
    return _finish(rng, text)


def describe_several(rng: np.random.Generator, things: list[tuple[str, str]]) -> str:
    """ "a blue whale, an orange octopus and a grey dolphin"

    Args:
        things: (noun, color word) of each.
    """
    items = [with_article(f"{color} {noun}", noun) for noun, color in things]
    kind = rng.integers(6)
    if kind == 0:
        text = join([f"{color} {noun}" for noun, color in things])
    elif kind == 1:
        text = join([f"the {noun} {color}" for noun, color in things])
        text = f"{_pick(rng, 'make', 'paint', 'color')} {text}"
    elif kind == 2 and len(items) == 2:
        between = _pick(rng, "next to", "beside", "in front of", "and", "on", "in", "under", "near")
        text = f"{items[0]} {between} {items[1]}"
    elif kind == 3:
        text = ", ".join(items)
    else:
        text = f"{_opening(rng)}{join(items)}"
    return _finish(rng, text)


def _attached(rng: np.random.Generator, parts: list[tuple[str, str]]) -> str:
    """ " in a red shirt and blue pants, on yellow sand, with green trees" """
    worn = [part for part in parts if part[0] in WORN]
    ground = [part for part in parts if part[0] in GROUND]
    other = [part for part in parts if part not in worn and part not in ground]
    if worn and rng.random() < 0.25:  # as people mix them: "with a hat, a vest and trousers"
        worn, other = [], [part for part in parts if part not in ground]
    text = ""
    if worn:
        text += f" {_pick(rng, 'in', 'wearing', 'in')} {_listed(worn)}"
    if ground:
        text += f" {_pick(rng, 'on', 'on', 'in front of', 'with')} {_listed(ground)}"
    if other:
        text += f"{' and' if text and rng.random() < 0.4 else ''} with {_listed(other)}"
    return text


def _listed(parts: list[tuple[str, str]]) -> str:
    return join([with_article(f"{color} {name}", name) for name, color in parts])


def _the(rng: np.random.Generator) -> str:
    return _pick(rng, "the", "its")


def _opening(rng: np.random.Generator) -> str:
    return _pick(rng, "", "", "Turn it into ", "Turn it into ", "make it ", "draw ", "I want ")


def _finish(rng: np.random.Generator, text: str) -> str:
    text = text[:1].upper() + text[1:] if rng.random() < 0.4 else text
    return f"{text}." if rng.random() < 0.3 else text


def _pick(rng: np.random.Generator, *choices: str) -> str:
    return choices[rng.integers(len(choices))]
