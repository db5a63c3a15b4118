"""A source that combines several sources."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pokecolor.sources.drawing_source import LOCATION, DrawingSource

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pokecolor.core.schema import Source, Split, Triplet


@dataclass(frozen=True, eq=False)
class MixtureSource(DrawingSource):
    """The drawings of several sources, one after the other; the loader shuffles."""

    sources: dict[str, Source] = field(metadata=LOCATION)
    """The sources, by any names; drawing ids must be distinct."""

    @property
    def name(self) -> str:
        return "-".join(source.name for source in self.sources.values())

    @property
    def attribution(self) -> str:
        texts = (source.attribution for source in self.sources.values())
        return "\n".join(dict.fromkeys(text for text in texts if text))

    @property
    def hub_ids(self) -> tuple[str, ...]:
        return tuple(name for source in self.sources.values() for name in source.hub_ids)

    def depends_on(self) -> list[object]:
        return [source.fingerprint for source in self.sources.values()]

    @functools.cached_property
    def _owners(self) -> dict[str, Source]:
        """The source of each drawing.

        Raises:
            ValueError: two sources have a drawing id in common.
        """
        owners: dict[str, Source] = {}
        for source in self.sources.values():
            for drawing in source.drawings():
                if drawing in owners:
                    raise ValueError(f"{drawing} is in {owners[drawing].name} and {source.name}")
                owners[drawing] = source
        return owners

    def drawings(self) -> Sequence[str]:
        return list(self._owners)

    def split_of(self, drawing_id: str) -> Split:
        return self._owners[drawing_id].split_of(drawing_id)

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        return self._owners[drawing_id].triplets(drawing_id)
