"""Writes pairs of noun and color as an English sentence of the kind that mini was trained on."""

from __future__ import annotations

from collections.abc import Iterable

from pokecolor.coloring.instruction.nouns import find_noun
from pokecolor.coloring.instruction.record import REST, WHOLE, Pair
from pokecolor.core.grammar import join, with_article

CREATURE = "creature"
"""What a drawing shows whose subject has no name that is known."""
OTHERS = "parts"
"""What the rest is called where the whole has a color of its own."""
NOTHING = "Turn it into a color drawing"


def with_rest(pairs: Iterable[Pair], subject: str | None) -> tuple[Pair, ...]:
    """The pairs, each once; the color of the rest is that of the whole where that has none."""
    pairs = tuple(pairs)
    whole = {WHOLE, subject}
    things = {
        pair.noun for pair in pairs if (noun := find_noun(pair.noun)) and noun.kind == "thing"
    }
    taken = bool(things - whole) or any(pair.noun in whole for pair in pairs)
    rest = OTHERS if taken else WHOLE
    return tuple(
        dict.fromkeys(pair._replace(noun=rest) if pair.noun == REST else pair for pair in pairs)
    )


def tell(pairs: tuple[Pair, ...], subject: str | None) -> str:
    """ "Turn it into a green frog with red eyes"

    Args:
        pairs: without any of the rest, see `with_rest`.
        subject: what the whole drawing shows.
    """
    whole = (WHOLE, subject)
    main = join(list(dict.fromkeys(pair.color for pair in pairs if pair.noun in whole)) or [""])
    parts = [pair for pair in pairs if pair.noun not in whole]
    listed = join([with_article(f"{pair.color} {pair.noun}", pair.noun) for pair in parts] or [""])
    if not main and subject is None:
        return listed or NOTHING
    name = subject or CREATURE
    noun = with_article(f"{main} {name}" if main else name, name)
    return f"Turn it into {noun}" + (f" with {listed}" if parts else "")
