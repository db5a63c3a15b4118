"""What visitors wrote is text on every page it is shown on."""

import html
import re

import pytest
from quick_service import quick_library

from pokecolor.app.color_check import ColorCheck, NamedColor
from pokecolor.app.creation import Creation, Order
from pokecolor.app.markup import SWATCHES, Markup
from pokecolor.app.paging import Page
from pokecolor.app.strings import LANGUAGES
from pokecolor.core.colors import TERMS, name_color, parse_hex

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "javascript:alert(1)",
    "${alert(1)}",
    "{{constructor.constructor('alert(1)')()}}",
    "{% raw %}",
    "</textarea><script>",
    "&lt;script&gt;",
)


def creation(words="Mochi", prompt="a red fox with blue eyes", seeds=(1,), share=None):
    judgment = ColorCheck((NamedColor("red", 0.5), NamedColor("blue", 0.0)), 0.67)
    order = Order(words, prompt, seeds, 4, 4.0, 1.5, look="clean")
    return Creation("abc-123", order, (judgment,) * len(seeds), share, 0.0)


def tags(page):
    """All tags with the names of their attributes."""
    found = []
    for tag in re.findall(r"<[a-zA-Z][^>]*>", page):
        name = re.match(r"<([a-zA-Z0-9]+)", tag).group(1)
        found.append((name, tuple(re.findall(r"""([a-zA-Z-]+)(?==["'])""", tag))))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("attack", ATTACKS)
def test_no_words_of_a_visitor_become_markup(language, attack):
    markup = Markup(language)

    def pages(words):
        prompt = f"{words} red {words}"
        made = creation(words, prompt, share="token")
        return [
            markup.result(made),
            markup.creations(Page([made], 1, 1, 1), searched=True),
            markup.shared(made),
        ]

    for harmless, harmful in zip(pages("words"), pages(attack), strict=True):
        assert tags(harmful) == tags(harmless)
        assert html.escape(attack).replace("&#x27;", "&#39;").replace("&quot;", "&#34;") in harmful


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_part_of_the_page_renders(language):
    markup, library = Markup(language), quick_library()
    page = library.search("", "", 2, 24)
    parts = [
        markup.header(),
        markup.footer(library.credit),
        markup.sketches(page),
        markup.sketches(library.search("zebra", "", 1, 24)),
        markup.easel(),
        markup.chips(),
        markup.examples([(page.items[0], "Turn it into a red box")]),
        markup.progress("token", 3, 0.0),
        markup.progress("token", 0, 0.5),
        markup.nothing(),
        markup.result(creation(seeds=(1, 2))),
        markup.result(creation(prompt="nothing named")),
        markup.creations(Page([], 1, 1, 0), searched=False),
        markup.shared(None),
    ]
    assert all(part.strip() for part in parts)
    assert "&lt;b&gt;" in markup.sketches(library.search("bold", "", 1, 1))


def test_every_picture_has_a_text_and_every_button_a_name():
    page = Markup("en").result(creation(seeds=(1, 2), share="token"))
    assert all("alt=" in tag for tag in re.findall(r"<img[^>]*>", page))
    for button in re.findall(r"<button[^>]*>.*?</button>", page, re.DOTALL):
        words = re.sub(r"<[^>]*>", "", button).strip()
        assert words or "aria-label=" in button


def test_a_colors_button_has_that_color():
    assert {term: name_color(parse_hex(color)) for term, color in SWATCHES.items()} == {
        term: term for term in TERMS
    }


def test_known_parts_are_called_by_the_pages_language():
    page = Markup("ko").result(creation())
    assert "눈" in page and "fox" in page
