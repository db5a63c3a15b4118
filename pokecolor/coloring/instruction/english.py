"""Parses English instructions into pairs of noun and color, and rewrites them for mini."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from pokecolor.coloring.instruction import color_names
from pokecolor.coloring.instruction.binding import bind, join_nouns
from pokecolor.coloring.instruction.record import REST, WHOLE, Instruction, Pair, Replacement
from pokecolor.coloring.instruction.telling import tell, with_rest
from pokecolor.coloring.instruction.units import Unit, read_units
from pokecolor.core.grammar import is_plural, with_article

_REST_OF = re.compile(r"\b(?:the )?(?:rest|remainder) of (?=(?:the|its|his|her|their)\b)", re.I)


class Edit(NamedTuple):
    """A replacement of a piece of the text."""

    start: int
    end: int
    new: str


def read_english(text: str) -> Instruction:
    """Parse an English instruction."""
    units = _with_words_apart(read_units(text))
    nouns = join_nouns(units)
    binding = bind(nouns)
    pairs = [
        Pair(
            noun.noun.name if noun else WHOLE,
            color.color.word,
            color.color.exact,
        )
        for noun, color in binding.pairs
    ]
    subject = binding.subject.noun.name if binding.subject else None
    # mini, which has never read of a rest, would color a part with the word beside it
    has_rest = any(pair.noun == REST for pair in pairs)
    pairs = with_rest(pairs, subject)
    edits = [edit for unit in units if (edit := _edit(unit, text))]
    values = [
        Edit(unit.start, unit.end, unit.color.word)
        for unit in units
        if unit.color and unit.color.by_value
    ]
    return Instruction(
        text=text,
        pairs=pairs,
        subject=subject,
        replaced=tuple(
            dict.fromkeys(Replacement(text[edit.start : edit.end], edit.new) for edit in edits)
        ),
        model_prompt=tell(pairs, subject)
        if has_rest
        else _rewrite(text, [*edits, *_rests_of(text)], units),
        value_prompt=_rewrite(text, values, units),
    )


def _rests_of(text: str) -> list[Edit]:
    """Leaves "the rest of" out before what it is of: "the rest of the body is blue"."""
    return [Edit(found.start(), found.end(), "") for found in _REST_OF.finditer(text)]


def _with_words_apart(units: list[Unit]) -> list[Unit]:
    """Give colors with an exact value words that no other color of the instruction has."""
    colors = [unit.color for unit in units if unit.kind == "color"]
    words = iter(color_names.apart(colors))
    return [replace(unit, color=next(words)) if unit.kind == "color" else unit for unit in units]


def _edit(unit: Unit, text: str) -> Edit | None:
    """The replacement of a unit that mini does not know."""
    if unit.kind == "color":
        new = unit.color.word
    elif unit.kind == "noun":
        new = unit.noun.text
    else:
        return None
    written = text[unit.start : unit.end]
    if " ".join(re.split(r"[\s-]+", written.lower())) == new:
        return None
    if written[0].isupper():
        new = new[0].upper() + new[1:]
    return Edit(unit.start, unit.end, new)


def _rewrite(text: str, edits: list[Edit], units: list[Unit]) -> str:
    """Apply all edits, and adapt the articles."""
    edits = list(edits)
    for edit in list(edits):
        before = [unit for unit in units if unit.end <= edit.start]
        while before and before[-1].kind in ("color", "adjective", "shade", "word"):
            if before[-1].kind == "word" and not before[-1].text.isalpha():
                break
            before.pop()
        article = before[-1] if before and before[-1].text in ("a", "an") else None
        if article is None or any(known.start == article.start for known in edits):
            continue
        written = text[edit.start : edit.end].lower()
        unit = next(unit for unit in units if unit.start == edit.start)
        following = text[article.end : edit.start].strip()
        if unit.kind == "noun" and is_plural(edit.new) and not is_plural(written):
            end = article.end + len(text[article.end :]) - len(text[article.end :].lstrip())
            edits.append(Edit(article.start, end, ""))
        elif not following:
            new = with_article(edit.new.lower(), "thing").partition(" ")[0]
            cased = new.capitalize() if text[article.start].isupper() else new
            edits.append(Edit(article.start, article.end, cased))
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.new + text[edit.end :]
    return text
