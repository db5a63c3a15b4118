"""The sketches that the page offers, with finished pictures of some."""

from __future__ import annotations

import collections
import functools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from pokecolor.app.paging import Page, clamp_page
from pokecolor.app.refusals import Refusal
from pokecolor.coloring.instruction.nouns import table
from pokecolor.core.images.conversion import ImageError, encode_png

CACHED = 1000
"""Rendered pictures that are kept in memory; a small one has some 3 kB."""
SIZES = (192, 768)
"""Pixels along each side, in the gallery and on the canvas."""


@dataclass(frozen=True)
class Sketch:
    """A sketch to start from."""

    id: str
    """Letters, digits, '-' and '_'."""
    names: dict[str, str]
    """What it is called, by language: "en" always, others where they are known."""
    categories: tuple[str, ...]
    """Keys of the library's categories."""
    render: Callable[[int], np.ndarray]
    """Draws it, uint8 [height, width, 3], no larger than the size it is given along each side."""
    finish: Callable[[int], np.ndarray] | None = None
    """Draws it in color, in the same way; None where that is not known."""


class Library:
    """All sketches, by id, searchable by name, category and synonym in any language.

    Args:
        sketches: in the order of the gallery.
        categories: the name of each category by language, in the order of the filter; those that
            no sketch belongs to are left out.
        credit: who drew them and under which license, shown below the gallery.
    """

    def __init__(
        self, sketches: Iterable[Sketch], categories: dict[str, dict[str, str]], credit: str = ""
    ) -> None:
        self._sketches = {sketch.id: sketch for sketch in sketches}
        self.counts = collections.Counter(
            key for sketch in self._sketches.values() for key in sketch.categories
        )
        """How many sketches are in each category."""
        self.categories = {key: names for key, names in categories.items() if self.counts[key]}
        self.credit = credit
        self._searched = {
            sketch.id: " ".join(self._words(sketch)).casefold()
            for sketch in self._sketches.values()
        }
        self._picture = functools.lru_cache(CACHED)(self._render)

    def _words(self, sketch: Sketch) -> Iterator[str]:
        yield from sketch.names.values()
        for key in sketch.categories:
            yield from (key, *self.categories[key].values())
        for name in sketch.names.values():
            for word in name.casefold().split():
                yield from _synonyms().get(word, ())

    def __len__(self) -> int:
        return len(self._sketches)

    def __iter__(self) -> Iterator[Sketch]:
        return iter(self._sketches.values())

    def words(self, sketch_id: str) -> str:
        """All that a search finds a sketch by, in lower case."""
        return self._searched[sketch_id]

    def get(self, sketch_id: str) -> Sketch:
        """A sketch by its id.

        Raises:
            Refusal: there is none.
        """
        try:
            return self._sketches[sketch_id]
        except KeyError:
            raise Refusal("not_found") from None

    def search(self, text: str, category: str, number: int, size: int) -> Page[Sketch]:
        """Sketches that all words of a text are said of, of one category or of all if it is "".

        Words are looked for in names, in the names of categories, and in the other names that
        pokecolor knows for what a sketch is called.

        Args:
            text: words in any language, any case.
            category: a key of `categories`, or "".
            number: of the page, from 1 on; beyond the last it is the last.
            size: sketches on a page.
        """
        words = text.casefold().split()
        found = [
            sketch
            for sketch in self._sketches.values()
            if category in ("", *sketch.categories)
            and all(word in self._searched[sketch.id] for word in words)
        ]
        number, pages = clamp_page(number, len(found), size)
        return Page(found[(number - 1) * size : number * size], number, pages, len(found))

    def picture(self, sketch_id: str, size: int, finished: bool = False) -> bytes:
        """A sketch, or a finished picture of it, as PNG, `size` of `SIZES` pixels along each side.

        Raises:
            Refusal: there is no such sketch, size or picture.
        """
        sketch = self.get(sketch_id)
        if size not in SIZES or (finished and sketch.finish is None):
            raise Refusal("not_found")
        return self._picture(sketch_id, size, finished)

    def _render(self, sketch_id: str, size: int, finished: bool) -> bytes:
        sketch = self._sketches[sketch_id]
        try:
            return encode_png((sketch.finish if finished else sketch.render)(size))
        except ImageError:  # of a folder whose file is broken, or gone since
            raise Refusal("image_broken") from None


@functools.cache
def _synonyms() -> dict[str, tuple[str, ...]]:
    """All names of a noun, English and Korean, by each of its English and Korean names."""
    found: dict[str, tuple[str, ...]] = {}
    for row in table():
        names = (row.name, *row.synonyms, *row.korean)
        found.update((name, names) for name in names if name not in found)
    return found
