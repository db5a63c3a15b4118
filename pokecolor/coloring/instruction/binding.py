"""Assigns the color words of an English sentence to its nouns."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pokecolor.coloring.instruction.nouns import Noun
from pokecolor.coloring.instruction.units import Unit

_JOINTS = ("and", "comma")
_BETWEEN = ("be", "in", "colon", "to", "verb", "article", "shade", "from")
"""What may stand between a noun and the color that is said of it: "the eyes should be a red"."""
_PICTURES = ("drawing", "picture", "image", "illustration", "sketch")
_GIVING = ("give", "gives", "add", "put")


@dataclass(frozen=True)
class Binding:
    """The pairs of a sentence."""

    pairs: tuple[tuple[Unit | None, Unit], ...]
    """Noun (None: the whole) and color of each, in the order of the text."""
    subject: Unit | None
    """What the whole drawing shows."""


def bind(units: list[Unit]) -> Binding:
    """Find the noun of each color, and the subject.

    Args:
        units: of a text, after `join_nouns`.
    """
    binder = _Binder(units)
    for i, unit in enumerate(units):
        if unit.kind == "color" and i not in binder.used and not binder.negated(i):
            binder.bind(i)
    # a noun may be told after its color, so that the order of the colors is that of the text
    pairs = sorted(binder.pairs, key=lambda pair: pair[0] if pair[0] is not None else pair[1])
    found = tuple((None if noun is None else units[noun], units[color]) for noun, color in pairs)
    return Binding(found, _subject(units, {noun for noun, _ in pairs if noun is not None}))


def join_nouns(units: list[Unit]) -> list[Unit]:
    """Make one noun of each run of nouns and unknown words: "satellite antenna", "blue droplet".

    The head is the last noun that is known, or else the last word. Adjectives are left out, and
    owners, "the frog's", are marked.
    """
    found: list[Unit] = []
    for unit in units:
        if unit.kind == "adjective" or (unit.kind == "word" and not unit.text.isalpha()):
            continue
        if unit.kind == "possessive":
            if found and found[-1].kind == "noun":
                found[-1] = replace(found[-1], kind="owner")
            continue
        if unit.kind == "word":
            noun = Noun(unit.text, "thing", unit.text)
            unit = replace(unit, kind="noun", noun=noun, known=False)
        if unit.kind == "noun" and found and found[-1].kind == "noun":
            last = found[-1]
            head = unit if unit.known or not last.known else last
            found[-1] = replace(head, start=last.start, end=unit.end)
            continue
        found.append(unit)
    return found


class _Binder:
    def __init__(self, units: list[Unit]) -> None:
        self.units = units
        self.pairs: list[tuple[int | None, int]] = []
        self.used: set[int] = set()
        """Colors that are bound."""
        self._bound: set[int] = set()
        self._located = {
            i
            for i, unit in enumerate(units)
            if unit.kind == "noun" and self._kind(self._before_article(i)) in ("on", "of")
            and self._kind(self._before_article(i) - 1) == "noun"
            and units[self._before_article(i) - 1].text not in _PICTURES
        }  # fmt: skip
        """Nouns that tell where another is: "a flame on its tail"."""

    def negated(self, i: int) -> bool:
        """Whether a color is one that is not wanted: "not red", "from brown to black"."""
        before = self._before_article(i)
        if self._kind(before) == "not":
            return True
        if self._kind(before) == "of" and self._kind(before - 1) == "not":
            return True
        return self._kind(before) == "from" and self._kind(i + 1) == "to"

    def bind(self, i: int) -> None:
        """Find what has the color at `i`."""
        colors, noun = self._group(i)
        subject = self._pending(i)
        if noun is not None and not self._is_predicate(i, colors, noun, subject):
            nouns = [noun, *self._sharing(noun)] if self._kind(noun) == "noun" else [noun]
        elif self._kind(i + 1) == "for":
            colors, nouns = [i], self._following(i + 2)
        elif subject is not None:
            colors, nouns = self._listed_colors(i), self._listed_before(subject)
        elif self._kind(i + 1) == "on":
            colors, nouns = [i], self._following(i + 2)
        else:
            colors, nouns = [i], []
        self.used.update(colors)
        named = [noun for noun in nouns if self._kind(noun) != "pronoun"]
        self._bound.update(nouns)
        self.pairs += [(noun, color) for noun in named or [None] for color in colors]

    def _group(self, i: int) -> tuple[list[int], int | None]:
        """The colors that are listed from `i` on, "red, white and blue", and the noun after."""
        colors = [i]
        while True:
            after = colors[-1] + 1
            if self._kind(after) in ("noun", "ed"):
                return colors, after
            while self._kind(after) in _JOINTS:
                after += 1
            if after == colors[-1] + 1 or self._kind(after) != "color":
                return colors, None
            colors.append(after)

    def _pending(self, i: int) -> int | None:
        """The noun or pronoun before a color that the color is said of."""
        j = i - 1
        if self._kind(j) == "comma" and self._kind(i + 1) in ("comma", "stop"):
            j -= 1  # "a bird, blue, with"
        while self._kind(j) in _BETWEEN or j in self._located or self._passes(j):
            j -= 1
        if self._kind(j) in ("noun", "pronoun") and j not in self._bound:
            return j
        return None

    def _passes(self, j: int) -> bool:
        """Whether a unit belongs to a place, "on its tail", or to a color that is not wanted."""
        after = self._kind(j + 1)
        if self._kind(j) in ("on", "of"):
            return after == "article" or j + 1 in self._located
        if self._kind(j) == "owner":
            return True
        return self._kind(j) == "color" and self.negated(j)

    def _is_predicate(self, i: int, colors: list[int], noun: int, subject: int | None) -> bool:
        """Whether a color before a noun is said of the noun before it: "body: red, blue eyes"."""
        if subject is None:
            return False
        if len(colors) > 1:
            direct = self._kind(i - 1) in ("noun", "pronoun", "be", "colon")
            giving = any(unit.text in _GIVING for unit in self.units[:i])
            joint = self._kind(i + 1)
            return direct and (joint == "comma" or not giving)
        said = self._kind(i - 1) in ("be", "colon")
        return (said and self._is_subject(noun)) or self._told_behind(i)

    def _told_behind(self, i: int) -> bool:
        """Whether colors stand behind their nouns all along: "roof red walls yellow"."""
        if self._kind(i - 1) != "noun":
            return False
        end = i
        while self._kind(end + 1) in ("noun", "color", "shade", "article"):
            end += 1
        return self._kind(end) == "color" and self._kind(end + 1) not in ("for", "on")

    def _is_subject(self, noun: int) -> bool:
        """Whether something is said of a noun after it: "eyes are", "eyes:", "eyes red"."""
        after = noun + 1
        if self._kind(after) in ("be", "colon"):
            return True
        if self._kind(after) == "in":
            after += 1
        return self._kind(after) == "color" and self._group(after)[1] is None

    def _sharing(self, noun: int) -> list[int]:
        """The nouns after one that share its color: "a white belly, tail and ears"."""
        found, last, joint = [], noun, ""
        while True:
            after = last + 1
            kinds = []
            while self._kind(after) in _JOINTS:
                kinds.append(self._kind(after))
                after += 1
            if not kinds or self._kind(after) != "noun" or not self.units[after].known:
                break
            found.append(after)
            last, joint = after, kinds[-1]
        return [] if joint != "and" or self._is_subject(last) else found

    def _listed_before(self, noun: int) -> list[int]:
        """The nouns that a predicate is said of: "the eyes, the tail and the belly"."""
        found = [noun]
        while True:
            joint = self._before_article(found[0])
            if len(found) == 1 and self._kind(joint) != "and":
                return found
            before = joint - 1
            while self._kind(before) in _JOINTS:
                before -= 1
            known = self._kind(joint) in _JOINTS and self._kind(before) == "noun"
            if not known or before in self._bound or before in self._located:
                return found
            found.insert(0, before)

    def _listed_colors(self, i: int) -> list[int]:
        """The colors of a predicate: "red and blue", up to one that has a noun of its own."""
        colors, noun = self._group(i)
        return (
            colors
            if noun is None
            else colors[: max(1, len(colors) - 1)]
            if (len(colors) > 2)
            else [i]
        )

    def _following(self, j: int) -> list[int]:
        """The nouns after "for": "the eyes and the tail"."""
        found: list[int] = []
        while True:
            start = j
            while self._kind(j) in ("article", "owner"):
                j += 1
            if self._kind(j) not in ("noun", "pronoun") or (found and self._is_subject(j)):
                return found
            found.append(j)
            j += 1
            start = j
            while self._kind(j) in _JOINTS:
                j += 1
            if j == start:
                return found

    def _before_article(self, i: int) -> int:
        j = i - 1
        while self._kind(j) in ("article", "owner", "color", "shade") and j >= 0:
            if self._kind(j) == "color" and self._kind(i) != "noun":
                break
            j -= 1
        return j

    def _kind(self, i: int) -> str:
        return self.units[i].kind if 0 <= i < len(self.units) else "stop"


def _subject(units: list[Unit], bound: set[int]) -> Unit | None:
    """What the whole drawing shows: the first thing, unless several stand side by side."""
    owners = [unit for unit in units if unit.kind == "owner" and unit.noun.kind == "thing"]
    top: list[int] = []
    within = False
    for i, unit in enumerate(units):
        if unit.kind in ("stop", "but", "verb", "to"):
            within = False
        elif unit.kind in ("with", "in", "on", "for"):
            within = unit.text != "into"
        elif unit.kind == "noun" and not within:
            if unit.text in _PICTURES and i + 1 < len(units) and units[i + 1].kind == "of":
                continue
            top.append(i)
    if not top:
        return owners[0] if owners else None
    first = top[0]
    things = [i for i in top if units[i].noun.kind == "thing" and units[i].known]
    colored = [i for i in things if i in bound]
    if first in bound and len(colored) > 1:
        return None
    if first not in bound and colored and units[first].noun.kind == "thing":
        first = colored[0]
    if units[first].noun.kind == "thing" and (units[first].known or first in bound):
        return units[first]
    if owners:
        return owners[0]
    owner = next((i for i in things if units[i - 1].kind in ("of", "article")), None)
    of = owner is not None and any(unit.kind == "of" for unit in units[first:owner])
    return units[owner] if of else None
