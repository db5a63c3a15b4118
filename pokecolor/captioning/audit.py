"""Measures how often captions name the colors of their images: precision, recall and F1."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from pokecolor.coloring.lineart import find_strokes
from pokecolor.core.bootstrap import bootstrap_interval
from pokecolor.core.colors import find_color_words
from pokecolor.core.palette import color_shares, paper

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pokecolor.core.schema import Part

UNKNOWN = "<unk>"
"""The token of a captioner for unknown words."""
TOKEN_LIMIT = 77
"""Maximum number of tokens of CLIP's text tower, including start and end."""
THERE = 0.01
"""A color is present if it covers at least this share of a drawing: eyes do, blurred edges do
not."""


@dataclass(frozen=True)
class CaptionAudit:
    """The audit of a single caption."""

    caption: str
    shares: Mapping[str, float]
    """The colors of the image: basic term => share of its area."""
    tokens: int
    """Number of tokens, including start and end."""

    @cached_property
    def named(self) -> frozenset[str]:
        """The basic color terms in the caption."""
        return named_colors(self.caption)

    @property
    def precision(self) -> float | None:
        """Share of the named colors that are present; None for a caption without color words."""
        there = sum(term in self.shares for term in self.named)
        return there / len(self.named) if self.named else None

    @property
    def recall(self) -> float | None:
        """Share of the colored area whose color is named; None for an image without colors."""
        total = sum(self.shares.values())
        return sum(self.shares.get(term, 0.0) for term in self.named) / total if total else None

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall; 1 if the image has no colors and none is named."""
        if not self.named and not self.shares:
            return 1.0
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def colors_of(image: np.ndarray, least: float = THERE) -> dict[str, float]:
    """The colors of a drawing, uint8 [height, width, 3]: basic term => share of its area.

    Lines, paper and colors with a smaller share than `least` are left out.
    """
    shares = color_shares(image, paper(image) | find_strokes(image))
    return {term: share for term, share in shares.items() if share >= least}


def colors_of_parts(part_map: np.ndarray, parts: Sequence[Part]) -> dict[str, float]:
    """Like `colors_of`, for a drawing with known parts: all their colors, however small.

    Args:
        part_map: uint8 [height, width], i where `parts[i - 1]` shows, 0 elsewhere.
        parts: the parts with their colors.
    """
    pixels = np.bincount(part_map.reshape(-1), minlength=len(parts) + 1)[1:]
    shares: Counter[str] = Counter()
    for part, count in zip(parts, pixels, strict=True):
        if count:
            shares[part.color] += float(count / pixels.sum())
    return dict(shares)


def named_colors(caption: str) -> frozenset[str]:
    """The basic color terms in a caption."""
    return frozenset(term for _, _, term in find_color_words(caption))


@dataclass(frozen=True)
class Audit:
    """The audit of a source of captions."""

    count: int
    f1: float
    """Mean over all captions."""
    f1_interval: tuple[float, float]
    """95% interval over drawings."""
    precision: float
    """Mean over the captions that name a color; 0 if none does."""
    recall: float
    """Mean over the images that have a color."""
    unknown: float
    """`<unk>` as a share of all words."""
    colorless: float
    """Share of captions without a color word."""
    too_long: float
    """Share of captions with more tokens than CLIP reads."""
    distinct: float
    """Number of distinct captions as a share of all."""


def summarize_audits(
    findings: Sequence[CaptionAudit], drawings: Sequence[str] | None = None
) -> Audit:
    """Aggregate the audits of a source's captions.

    Args:
        findings: the audit of each caption.
        drawings: the drawing of each caption; None if each has its own.

    Raises:
        ValueError: there are none.
    """
    if not findings:
        raise ValueError("no captions to audit")
    words = Counter(word for finding in findings for word in finding.caption.split())
    unknown = sum(count for word, count in words.items() if UNKNOWN in word)
    scores = [finding.f1 for finding in findings]
    return Audit(
        count=len(findings),
        f1=_mean(scores),
        f1_interval=bootstrap_interval(scores, drawings),
        precision=_mean([finding.precision for finding in findings]),
        recall=_mean([finding.recall for finding in findings]),
        unknown=unknown / max(1, words.total()),
        colorless=_mean([not finding.named for finding in findings]),
        too_long=_mean([finding.tokens > TOKEN_LIMIT for finding in findings]),
        distinct=len({finding.caption for finding in findings}) / len(findings),
    )


def _mean(values: Sequence[float | None]) -> float:
    known = [float(value) for value in values if value is not None]
    return sum(known) / len(known) if known else 0.0
