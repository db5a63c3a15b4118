"""The record of a parsed instruction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

WHOLE = ""
"""The noun of a color for the whole drawing: "make it green"."""
REST = "the rest"
"""The noun of a color for everything that is not named: "a green head, the rest purple"."""


class Pair(NamedTuple):
    """A noun and its color."""

    noun: str
    """The noun that mini knows: "pants" for "trousers"; `WHOLE` for the whole drawing."""
    color: str
    """A color word that mini knows: "dark green"."""
    exact: tuple[int, int, int] | None = None
    """The requested sRGB color, 0 to 255, if no word that mini knows means exactly it."""


class Replacement(NamedTuple):
    """A word that mini does not know, and its replacement."""

    written: str
    read: str


@dataclass(frozen=True)
class Instruction:
    """A parsed instruction: its text, and the parts and colors in it."""

    text: str
    """The text of the user."""
    pairs: tuple[Pair, ...]
    """In the order of the text."""
    subject: str | None
    """What the drawing shows, "frog"; None if nothing or several things are named."""
    replaced: tuple[Replacement, ...]
    model_prompt: str
    """The text in words that mini knows."""
    value_prompt: str
    """The text in English, with color values such as "#ff0000" replaced by words, and no other
    changes: for a model with a full vocabulary."""
    left_out: tuple[str, ...] = ()
    """Unknown nouns, which neither prompt contains, nor their colors."""

    @property
    def main_color(self) -> str | None:
        """The color word of the whole drawing."""
        names = {WHOLE, self.subject}
        return next((pair.color for pair in self.pairs if pair.noun in names), None)

    @property
    def summary(self) -> str:
        """One line on how it was understood: "frog green, eyes yellow; trousers read as pants"."""
        pairs = [f"{pair.noun} {_color(pair)}".strip() for pair in self.pairs]
        read = [f"{each.written} read as {each.read}" for each in self.replaced]
        return "; ".join(filter(None, (", ".join(pairs), ", ".join(read))))

    @property
    def parts(self) -> tuple[Pair, ...]:
        """The pairs of parts, without those of the whole drawing."""
        return tuple(pair for pair in self.pairs if pair.noun not in (WHOLE, self.subject))


def _color(pair: Pair) -> str:
    return "#{:02x}{:02x}{:02x}".format(*pair.exact) if pair.exact else pair.color
