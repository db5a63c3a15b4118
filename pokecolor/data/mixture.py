"""A source that combines several sources."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from pokecolor.schema import Source, Split, Triplet

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class MixtureSource:
    """The drawings of several sources, one after the other; shuffling is the loader's work.

    Args:
        sources: by a name of your own; drawing ids must differ between them.

    Raises:
        ValueError: two sources have a drawing id in common.
    """

    def __init__(self, sources: dict[str, Source]) -> None:
        self.sources = list(sources.values())
        self.name = "-".join(source.name for source in self.sources)
        self._owner: dict[str, Source] | None = None

    @property
    def fingerprint(self) -> str:
        joined = "\n".join(source.fingerprint for source in self.sources)
        return hashlib.sha256(joined.encode()).hexdigest()

    def _owners(self) -> dict[str, Source]:
        if self._owner is None:
            self._owner = {}
            for source in self.sources:
                for drawing in source.drawings():
                    if drawing in self._owner:
                        raise ValueError(
                            f"{drawing} is in {self._owner[drawing].name} and {source.name}"
                        )
                    self._owner[drawing] = source
        return self._owner

    def drawings(self) -> Sequence[str]:
        return list(self._owners())

    def split_of(self, drawing_id: str) -> Split:
        return self._owners()[drawing_id].split_of(drawing_id)

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        return self._owners()[drawing_id].triplets(drawing_id)
