"""HTML for parts of the page that Gradio has no component for; user text is escaped."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import jinja2

from pokecolor.app.creation import file_of
from pokecolor.app.prompts import PARTS, WHOLE, Wish, find_wishes
from pokecolor.app.strings import Language, text
from pokecolor.coloring.instruction import read_instruction

if TYPE_CHECKING:
    from pokecolor.app.creation import Creation
    from pokecolor.app.library import Sketch
    from pokecolor.app.paging import Page

SWATCHES = {
    "red": "#d22f27", "orange": "#f1892d", "yellow": "#fcea2b", "green": "#5c9e31",
    "blue": "#2196f3", "purple": "#8967aa", "pink": "#ff9aa2", "brown": "#a57939",
    "black": "#222222", "grey": "#9b9b9a", "white": "#ffffff",
}  # fmt: skip
"""The color of each term's button."""

_environment = jinja2.Environment(
    loader=jinja2.PackageLoader("pokecolor.app"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


class Markup:
    """Renders the templates in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self.text = functools.partial(text, language)

    def header(self) -> str:
        """Name, tagline and the switch to the other language."""
        return self._render("header")

    def footer(self, credit: str) -> str:
        """Whose drawings these are, and who sees what."""
        return self._render("footer", credit=credit)

    def sketches(self, page: Page[Sketch]) -> str:
        """A page of the gallery."""
        return self._render("sketches", page=page)

    def easel(self) -> str:
        """The canvas and its tools."""
        return self._render("easel")

    def chips(self) -> str:
        """Parts and colors to click."""
        return self._render("chips", parts=("", *PARTS))

    def examples(self, examples: list[tuple[Sketch, str]]) -> str:
        """Sketches with a prompt each."""
        return self._render("examples", examples=examples)

    def progress(self, token: str, before: int, share: float) -> str:
        """How far an order is."""
        return self._render("progress", token=token, before=before, percent=round(100 * share))

    def nothing(self) -> str:
        """In place of a result."""
        return self._render("nothing")

    def result(self, creation: Creation) -> str:
        """A creation with all that can be done with it."""
        return self._render(
            "result",
            creation=creation,
            name=self.name_of(creation),
            wishes=find_wishes(creation.order.prompt),
            understood=read_instruction(creation.order.prompt).summary,
        )

    def creations(self, page: Page[Creation], searched: bool) -> str:
        """A page of a visitor's collection."""
        return self._render("creations", page=page, searched=searched)

    def shared(self, creation: Creation | None) -> str:
        """A whole page of its own: a creation that its maker shares, or that there is none."""
        name = self.name_of(creation) if creation else ""
        return self._render("shared", creation=creation, name=name)

    def name_of(self, creation: Creation) -> str:
        """What a creation is called."""
        return creation.order.name or self.text("result.unnamed")

    def thing_of(self, wish: Wish) -> str:
        """What a wish is about, in the page's language where that has a word for it."""
        if wish.thing in PARTS:
            return self.text(f"part.{wish.thing}")
        return self.text("part.") if wish.thing == WHOLE else wish.thing or wish.term

    def _render(self, template: str, **values: object) -> str:
        return _environment.get_template(f"{template}.html.jinja").render(
            t=self.text,
            language=self.language,
            swatches=SWATCHES,
            file_of=file_of,
            name_of=self.name_of,
            thing_of=self.thing_of,
            day_of=day_of,
            **values,
        )


def day_of(seconds: float) -> str:
    """The day of a time in seconds since 1970: 2026-01-31."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
