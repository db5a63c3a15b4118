"""Metrics of an answer key: the shares of its points, parts and drawings that are right."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.evaluation.metric import ImageMetric

if TYPE_CHECKING:
    from pokecolor.evaluation.answer_key_set import KeyCase


class KeyMetric(ImageMetric):
    """A metric of what is `seen` at the points of a key."""

    needs, worst = ("key",), 0.0
    baselines = ("sketch", "flood")


class Parts(KeyMetric):
    """The share of named parts of which most points are right."""

    key, label, meaning = "parts", "Parts right", "named parts of which most points are right"

    def scores(self, case: KeyCase) -> list[float]:
        """1 or 0 for each part."""
        return [float(part.right) for part in case.seen.parts]

    def names(self, case: KeyCase) -> list[str]:
        """The kind of drawing, for each part."""
        return [case.drawing.kind] * len(case.seen.parts)


class FirstPart(KeyMetric):
    """The same of the first part that the instruction names."""

    key, label, meaning = "first_part", "The first part named", "the same of these alone"

    def scores(self, case: KeyCase) -> list[float]:
        """1 or 0."""
        return [float(part.right) for part in case.seen.parts[:1]]


class OtherParts(KeyMetric):
    """The same of the other parts."""

    key, label, meaning = "other_parts", "The others", "the same of these alone"

    def scores(self, case: KeyCase) -> list[float]:
        """1 or 0 for each."""
        return [float(part.right) for part in case.seen.parts[1:]]


class AllRight(KeyMetric):
    """The share of pictures of which all parts and the background are right."""

    key, label, meaning = "all_right", "All parts and the background right", "pictures"

    def score(self, case: KeyCase) -> float:
        """1 or 0."""
        return float(case.seen.all_right)

    def names(self, case: KeyCase) -> list[str]:
        """The kind of drawing."""
        return [case.drawing.kind]


class Background(KeyMetric):
    """The share of backgrounds that are white at most of their points."""

    key, label, meaning = "background", "Background white", "at most of its points"

    def score(self, case: KeyCase) -> float | None:
        """1 or 0; None where the key has no background."""
        return float(case.seen.background_right) if case.seen.background else None


class EveryBackgroundPoint(KeyMetric):
    """The share of backgrounds that are white at all of their points."""

    key, label, meaning = "every_background_point", "Every background point white", "pictures"

    def score(self, case: KeyCase) -> float | None:
        """1 or 0; None where the key has no background."""
        return float(all(case.seen.background_points)) if case.seen.background else None


class LinesKept(KeyMetric):
    """The share of the sketch's dark pixels that stay dark."""

    key, label, meaning = "lines_kept", "Lines kept", "dark pixels of the sketch that stay dark"

    def score(self, case: KeyCase) -> float | None:
        """0 to 1; None where there are hardly any."""
        return case.seen.lines_kept
