"""The tables that web/engine reads are those of the package."""

from PIL import ImageColor

from tools import engine_tables


def test_the_tables_of_the_browser_are_pythons():
    ImageColor.getrgb("blue")
    written = engine_tables.TABLES.read_text(encoding="utf-8")
    assert written == engine_tables.text(), "run python tools/engine_tables.py"
