"""The vocabulary of nouns: parts of drawings, and what drawings show."""

from __future__ import annotations

import functools
from importlib import resources


@functools.cache
def noun_groups() -> dict[str, tuple[str, ...]]:
    """The nouns by group, such as "food"; each noun is in one group."""
    groups: dict[str, list[str]] = {}
    table = resources.files("pokecolor.sources") / "tables" / "nouns.txt"
    group: list[str] = []
    for line in table.read_text(encoding="utf-8").splitlines()[1:]:
        if line.startswith("#"):
            group = groups.setdefault(line.removeprefix("# "), [])
        else:
            group.append(line)
    return {name: tuple(nouns) for name, nouns in groups.items()}


def all_nouns() -> list[str]:
    """All nouns of all groups."""
    return [noun for nouns in noun_groups().values() for noun in nouns]
