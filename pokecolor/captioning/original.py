"""`caption=original`: the captions of the data set."""

from __future__ import annotations


class OriginalCaptions:
    """Keeps the captions of the data set."""

    def prompt(self, triplet_id: str, original: str) -> str:
        """The instruction of one triplet: `original`, whatever the id."""
        return original

    def prepare(self, data: str, ids: object, images: object, progress: object) -> None:
        """There is nothing to prepare."""

    def load(self, data: str, ids: object) -> None:
        """There is nothing to load."""
