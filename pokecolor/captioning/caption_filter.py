"""Filters captions that name colors that their images do not have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pokecolor.captioning.audit import CaptionAudit
from pokecolor.core.colors import find_color_words

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

COLORLESS = "Turn it into a color drawing"
"""Replaces a wrong caption; it names no color."""


@dataclass(frozen=True)
class CaptionFilter:
    """Replaces or edits captions whose color words do not fit their image.

    The stored captions do not change; the filter is applied when they are read.
    """

    min_f1: float = 0.0
    """Captions whose color words have a lower F1 against their image's colors are replaced by
    `COLORLESS`."""
    drop_unsupported: bool = False
    """Whether to remove color words that do not occur in the image from the other captions."""

    @property
    def does_something(self) -> bool:
        """Whether it changes anything, and therefore needs the images' colors."""
        return self.min_f1 > 0 or self.drop_unsupported

    def apply(self, caption: str, shares: Mapping[str, float]) -> str:
        """Filter a caption of an image with the colors `shares`; see `audit.colors_of`."""
        if CaptionAudit(caption, shares, tokens=0).f1 < self.min_f1:
            return COLORLESS
        return drop_unsupported(caption, shares) if self.drop_unsupported else caption


def drop_unsupported(caption: str, true: Container[str]) -> str:
    """Remove the color words of a caption whose colors are not in `true`.

    "a green fox with blue eyes" of a green fox is "a green fox with eyes".
    """
    for start, end, term in reversed(find_color_words(caption)):
        if term not in true:
            caption = caption[:start] + caption[end:].lstrip()
    return caption.strip()
