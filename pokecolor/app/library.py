"""The sketches that the page offers."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from pokecolor.app.paging import Page, clamp_page
from pokecolor.app.refusals import Refusal
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
    category: str
    """A key of the library's categories."""
    render: Callable[[int], np.ndarray]
    """Draws it, uint8 [height, width, 3], no larger than the size it is given along each side."""

    def name(self, language: str) -> str:
        """Its name in a language, or else in English."""
        return self.names.get(language, self.names["en"])


class Library:
    """All sketches, by id, searchable by name in any language.

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
        self._searched = {
            sketch.id: " ".join(sketch.names.values()).casefold()
            for sketch in self._sketches.values()
        }
        used = {sketch.category for sketch in self._sketches.values()}
        self.categories = {key: names for key, names in categories.items() if key in used}
        self.credit = credit
        self._picture = functools.lru_cache(CACHED)(self._render)

    def __len__(self) -> int:
        return len(self._sketches)

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
        """Sketches whose name has all words of a text, of one category or of all if it is "".

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
            if category in ("", sketch.category)
            and all(word in self._searched[sketch.id] for word in words)
        ]
        number, pages = clamp_page(number, len(found), size)
        return Page(found[(number - 1) * size : number * size], number, pages, len(found))

    def picture(self, sketch_id: str, size: int) -> bytes:
        """A sketch as PNG, `size` of `SIZES` pixels along each side.

        Raises:
            Refusal: there is no such sketch or size.
        """
        self.get(sketch_id)
        if size not in SIZES:
            raise Refusal("not_found")
        return self._picture(sketch_id, size)

    def _render(self, sketch_id: str, size: int) -> bytes:
        try:
            return encode_png(self._sketches[sketch_id].render(size))
        except ImageError:  # of a folder whose file is broken, or gone since
            raise Refusal("image_broken") from None
