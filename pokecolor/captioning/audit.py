"""The audit: do captions name the colors that their images have?"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pokecolor.colors import find_color_words
from pokecolor.lineart import find_strokes
from pokecolor.palette import f1_of, paper, present_colors

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

UNKNOWN = "<unk>"
"""What a captioner writes for a word that it does not know."""
TOKEN_LIMIT = 77
"""Tokens, start and end included, that CLIP's text tower reads."""


@dataclass(frozen=True)
class Finding:
    """What the audit finds of one caption."""

    caption: str
    said: frozenset[str]
    """The basic color terms in the caption."""
    true: frozenset[str]
    """Those that the image has."""
    tokens: int

    @property
    def f1(self) -> float:
        return f1_of(self.said, self.true)

    @property
    def precision(self) -> float | None:
        """None for a caption without color words."""
        return len(self.said & self.true) / len(self.said) if self.said else None

    @property
    def recall(self) -> float | None:
        """None for an image without colors."""
        return len(self.said & self.true) / len(self.true) if self.true else None


def audit_caption(
    caption: str,
    image: np.ndarray,
    count_tokens: Callable[[str], int],
    true_colors: set[str] | None = None,
) -> Finding:
    """Compare a caption's color words with its image's colors, lines and paper left out.

    Args:
        caption: the caption.
        image: uint8 [height, width, 3], in color.
        count_tokens: of a text, start and end included.
        true_colors: the image's colors where they are known better.
    """
    true = colors_of(image) if true_colors is None else true_colors
    return Finding(caption, colors_said(caption), frozenset(true), count_tokens(caption))


def colors_of(image: np.ndarray) -> frozenset[str]:
    """The basic color terms of a color image, uint8 [height, width, 3], without lines and paper."""
    return frozenset(present_colors(image, paper(image) | find_strokes(image)))


def colors_said(caption: str) -> frozenset[str]:
    """The basic color terms in a caption."""
    return frozenset(term for _, _, term in find_color_words(caption))


@dataclass(frozen=True)
class Audit:
    """The audit of a source of captions."""

    count: int
    precision: float
    """Mean over the captions that name a color; 0 if none does."""
    recall: float
    """Mean over the images that have a color."""
    f1: float
    """Mean over all captions."""
    unknown: float
    """`<unk>` as a share of all words."""
    colorless: float
    """Share of captions without a color word."""
    too_long: float
    """Share of captions of more tokens than CLIP reads."""
    distinct: float
    """Different captions as a share of all."""


def summarize(findings: Sequence[Finding]) -> Audit:
    """Sum up the findings of a source.

    Raises:
        ValueError: there are none.
    """
    if not findings:
        raise ValueError("no captions to audit")
    words = Counter(word for finding in findings for word in finding.caption.split())
    unknown = sum(count for word, count in words.items() if UNKNOWN in word)
    return Audit(
        count=len(findings),
        precision=_mean([finding.precision for finding in findings]),
        recall=_mean([finding.recall for finding in findings]),
        f1=_mean([finding.f1 for finding in findings]),
        unknown=unknown / max(1, words.total()),
        colorless=_mean([not finding.said for finding in findings]),
        too_long=_mean([finding.tokens > TOKEN_LIMIT for finding in findings]),
        distinct=len({finding.caption for finding in findings}) / len(findings),
    )


def _mean(values: Sequence[float | None]) -> float:
    known = [float(value) for value in values if value is not None]
    return sum(known) / len(known) if known else 0.0
