"""The base of all sources of drawings: their fields are their settings."""

from __future__ import annotations

import abc
import dataclasses
import functools
import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pokecolor.core.schema import Split, Triplet


LOCATION = {"location": True}
"""Metadata of a field that says where data lie: `depends_on` yields their content in its place."""


@dataclass(frozen=True, eq=False)
class DrawingSource(abc.ABC):
    """A `core.schema.Source`. A subclass is a frozen dataclass, too, so no setting is missing
    from its fingerprint."""

    name: ClassVar[str]
    attribution: ClassVar[str] = ""
    """What must be said of the drawings wherever a model trained on them is shown, in Markdown."""
    hub_ids: ClassVar[tuple[str, ...]] = ()
    """Of the data sets on the Hugging Face hub that they are from."""

    @functools.cached_property
    def fingerprint(self) -> str:
        """SHA-256, hex, of the name, all fields but locations, and what `depends_on` yields.

        Raises:
            TypeError: a field is nothing that JSON can say.
        """
        settings = {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if not field.metadata.get("location")
        }
        text = json.dumps([self.name, settings, list(self.depends_on())], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @abc.abstractmethod
    def depends_on(self) -> Iterable[object]:
        """What triplets depend on besides the fields, as JSON can say it: the versions of the code
        that makes them, and the content of the files at the locations."""

    @abc.abstractmethod
    def drawings(self) -> Sequence[str]:
        """See `pokecolor.core.schema.Source`."""

    @abc.abstractmethod
    def split_of(self, drawing_id: str) -> Split:
        """See `pokecolor.core.schema.Source`."""

    @abc.abstractmethod
    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        """See `pokecolor.core.schema.Source`."""
