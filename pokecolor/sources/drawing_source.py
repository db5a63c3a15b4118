"""Base class of all sources of drawings; the fields of a source are its settings."""

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
"""Metadata of a field with a path. It is not part of the fingerprint; `depends_on` must yield the
contents instead."""


@dataclass(frozen=True, eq=False)
class DrawingSource(abc.ABC):
    """A `core.schema.Source`. Subclasses are frozen dataclasses, too, so that every setting is part
    of the fingerprint."""

    name: ClassVar[str]
    attribution: ClassVar[str] = ""
    """The attribution that model cards must show, in Markdown."""
    hub_ids: ClassVar[tuple[str, ...]] = ()
    """Ids of the drawings' data sets on the Hugging Face hub."""

    @functools.cached_property
    def fingerprint(self) -> str:
        """SHA-256, hex, of the name, all fields but locations, and what `depends_on` yields.

        Raises:
            TypeError: a field cannot be written as JSON.
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
        """Everything else that triplets depend on, for JSON: versions of the code, and the contents
        of files."""

    @abc.abstractmethod
    def drawings(self) -> Sequence[str]:
        """See `pokecolor.core.schema.Source`."""

    @abc.abstractmethod
    def split_of(self, drawing_id: str) -> Split:
        """See `pokecolor.core.schema.Source`."""

    @abc.abstractmethod
    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        """See `pokecolor.core.schema.Source`."""
