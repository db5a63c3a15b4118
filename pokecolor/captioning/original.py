"""The captions a data set comes with."""

from __future__ import annotations


class OriginalCaptions:
    """Leaves each triplet the instruction its source gave it."""

    fingerprint = "original"
    """Caches of text embeddings are keyed by it, beside the prompts themselves."""

    def prompt(self, triplet_id: str, original: str) -> str:
        """The instruction of one triplet: `original`, whatever the id."""
        return original
