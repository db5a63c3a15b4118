"""Instructions as people type them: "Turn it into a green creature with red eyes." """

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.core.grammar import is_plural, join, with_article

if TYPE_CHECKING:
    import numpy as np


VERSION = 2
"""Raised whenever the same request would give another text; sources of triplets depend on it."""


def write_instruction(
    rng: np.random.Generator, subject: str, main_color: str | None, parts: list[tuple[str, str]]
) -> str:
    """An instruction with exactly these colors, in one of many wordings.

    Args:
        subject: subject of the drawing: "creature", "fox face".
        main_color: color word of the whole, "dark green"; None to name only parts.
        parts: (name, color word) of each part, in order: ("eyes", "red").

    Raises:
        ValueError: there is no color.
    """
    if main_color is None and not parts:
        raise ValueError("an instruction needs at least one color")
    if main_color is None:
        text = _parts_only(rng, subject, parts)
    elif rng.random() < 0.6:
        text = "Turn it into " + _noun(rng, subject, main_color, parts)
    else:
        text = _whole(rng, subject, main_color, parts)
    return _finish(rng, text)


def _noun(
    rng: np.random.Generator, subject: str, color: str | None, parts: list[tuple[str, str]]
) -> str:
    """ "a green creature with red eyes and a white belly" """
    text = with_article(f"{color} {subject}" if color else subject, subject)
    if not parts:
        return text
    having = "with" if rng.random() < 0.94 or is_plural(subject) else "that has"
    return f"{text} {having} {_list(rng, parts)}"


def _list(rng: np.random.Generator, parts: list[tuple[str, str]]) -> str:
    """ "red eyes, a white belly and tail": neighbors of one color may share its word."""
    groups: list[tuple[list[str], str]] = []
    for name, color in parts:
        if groups and groups[-1][1] == color and rng.random() < 0.4:
            groups[-1][0].append(name)
        else:
            groups.append(([name], color))
    items = [with_article(f"{color} {join(names)}", names[0]) for names, color in groups]
    return join(items, ", and " if len(items) > 2 and rng.random() < 0.3 else " and ")


def _whole(rng: np.random.Generator, subject: str, color: str, parts: list[tuple[str, str]]) -> str:
    """The wordings for a main color, other than "Turn it into a ..."."""
    noun = _noun(rng, subject, color, parts)
    wear = _list(rng, parts) if parts else ""
    clauses = _clauses(rng, parts)
    verb = _pick(rng, "color", "paint", "make")
    kind = rng.integers(11)
    if kind == 0:
        return noun
    if kind == 1:
        return f"{_pick(rng, 'make it', 'color it as', 'change it into', 'I want')} {noun}"
    if kind == 2:
        return f"{_pick(rng, 'a drawing of', 'a picture of', 'a cartoon of')} {noun}"
    if kind == 3:
        return f"{verb} it {color}" + (f" with {wear}" if wear else "")
    if kind == 4:
        return f"{verb} the {subject} {color}" + (f" and give it {wear}" if wear else "")
    if kind == 5:
        return f"{verb} the {subject} {color}" + (f", {clauses}" if clauses else "")
    if kind == 6:
        return ", ".join([f"{color} {subject}", *(f"{shade} {name}" for name, shade in parts)])
    if kind == 7:
        text = f"The {subject} {_be(subject)} {color}"
        return f"{text}. {_capital(_statements(parts))}" if parts else text
    if kind == 8:
        return f"{color} {subject}" + (f", {_labels(parts)}" if parts else "")
    if kind == 9:
        text = f"Turn it into {_noun(rng, subject, color, [])}"
        return f"{text}, {clauses}" if clauses else text
    return f"Turn it {color}" + (f" with {wear}" if wear else "")


def _parts_only(rng: np.random.Generator, subject: str, parts: list[tuple[str, str]]) -> str:
    """The wordings that name no main color."""
    kind = rng.integers(10)
    if kind == 0:
        owner = _pick(rng, f"the {subject}", "the character", "the creature")
        first = f"{parts[0][1]} for {owner}'s {parts[0][0]}"
        return f"Turn it into {join([first, *(f'{color} for its {n}' for n, color in parts[1:])])}"
    if kind == 1:
        return "Turn it into " + _noun(rng, subject, None, parts)
    if kind == 2:
        return f"give it {_list(rng, parts)}"
    if kind == 3:
        return join([f"{color} {name}" for name, color in parts])
    if kind == 4:
        return f"use {join([f'{color} for the {name}' for name, color in parts])}"
    if kind == 5:
        return _labels(parts)
    if kind == 6:
        (name, color), others = parts[0], parts[1:]
        return join([f"the {name} should be {color}", *(f"the {n} {c}" for n, c in others)])
    if kind == 7:
        return _statements(parts)
    verb = _pick(rng, "color", "paint", "make", "turn")
    return f"{verb} {_clauses(rng, parts)}"


def _clauses(rng: np.random.Generator, parts: list[tuple[str, str]]) -> str:
    """ "its eyes red and its belly white", "the eyes in red and the belly in white" """
    owner, given = _pick(rng, "the", "its"), _pick(rng, "", "", "in ")
    return join([f"{owner} {name} {given}{color}" for name, color in parts]) if parts else ""


def _labels(parts: list[tuple[str, str]]) -> str:
    """ "eyes: red, belly: white" """
    return ", ".join(f"{name}: {color}" for name, color in parts)


def _statements(parts: list[tuple[str, str]]) -> str:
    """ "its eyes are red and its belly is white" """
    return join([f"its {name} {_be(name)} {color}" for name, color in parts])


def _be(name: str) -> str:
    return "are" if is_plural(name) else "is"


def _finish(rng: np.random.Generator, text: str) -> str:
    """Randomly add or omit the capital letter and the full stop."""
    text = _capital(text) if rng.random() < 0.7 else text
    return text if rng.random() < 0.3 else f"{text}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _pick(rng: np.random.Generator, *choices: str) -> str:
    return choices[rng.integers(len(choices))]
