"""The record of a parsed instruction."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

WHOLE = ""
"""The noun of a color that is asked for the whole drawing: "make it green"."""
REST = "the rest"
"""The noun of a color that is asked for all that has none: "a green head, the rest purple"."""


class Pair(NamedTuple):
    """A noun and its color."""

    noun: str
    """As the table of nouns has it: "pants" for "trousers"; `WHOLE` for the drawing itself."""
    color: str
    """A color word that mini knows: "dark green"."""
    exact: tuple[int, int, int] | None = None
    """The sRGB color, 0 to 255, that was asked for, where no word that mini knows means it."""


class Replacement(NamedTuple):
    """A word that mini does not know, and what was put in its place."""

    written: str
    read: str


@dataclass(frozen=True)
class Instruction:
    """A parsed instruction: the text, and the parts and colors that were found in it."""

    text: str
    """As it was written."""
    pairs: tuple[Pair, ...]
    """In the order of the text."""
    subject: str | None
    """What the whole drawing shows, "frog"; None where nothing or several things are named."""
    replaced: tuple[Replacement, ...]
    model_prompt: str
    """The text in words that mini knows."""
    value_prompt: str
    """The text with words for color values such as "#ff0000" alone, and in English: for a model
    that knows all words."""
    left_out: tuple[str, ...] = ()
    """Nouns in no table, which the prompts do not tell; nor do they tell their colors."""

    @property
    def main_color(self) -> str | None:
        """The color word of the whole."""
        names = {WHOLE, self.subject}
        return next((pair.color for pair in self.pairs if pair.noun in names), None)

    @property
    def summary(self) -> str:
        """What was understood in one line: "frog green, eyes yellow; trousers read as pants"."""
        pairs = [f"{pair.noun} {_color(pair)}".strip() for pair in self.pairs]
        read = [f"{each.written} read as {each.read}" for each in self.replaced]
        return "; ".join(filter(None, (", ".join(pairs), ", ".join(read))))

    @property
    def parts(self) -> tuple[Pair, ...]:
        """The pairs of all that is not the whole."""
        return tuple(pair for pair in self.pairs if pair.noun not in (WHOLE, self.subject))


def _color(pair: Pair) -> str:
    return "#{:02x}{:02x}{:02x}".format(*pair.exact) if pair.exact else pair.color
