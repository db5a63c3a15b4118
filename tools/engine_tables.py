"""Write the tables of Python's that web/engine reads: `python tools/engine_tables.py`.

Its other tables are the package's own files.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PIL import ImageColor

from pokecolor.coloring.instruction import color_names, function_words, nouns
from pokecolor.core import colors, grammar

TABLES = Path(__file__).parents[1] / "web" / "engine" / "src" / "tables.json"


def tables() -> dict[str, Any]:
    """The tables by their name."""
    return {
        "terms": colors.TERMS,
        "exemplars": colors.EXEMPLARS,
        "synonyms": colors.SYNONYMS,
        "known": {word: colors.format_hex(rgb) for word, rgb in color_names.KNOWN.items()},
        "shades": color_names.SHADES,
        "lighter": color_names.LIGHTER,
        "ish": color_names.ISH,
        # Pillow puts what it has parsed in the place of its text
        "css": {
            name: value if isinstance(value, str) else colors.format_hex(value)
            for name, value in ImageColor.colormap.items()
        },
        "kinds": function_words.KINDS,
        "has": function_words.HAS,
        "complexion": [[*key, *value] for key, value in function_words.COMPLEXION.items()],
        "plurals": grammar.PLURALS,
        "uncounted": grammar.UNCOUNTED,
        "irregular": nouns.IRREGULAR,
    }


def text() -> str:
    """They as JSON."""
    return json.dumps(tables(), ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    TABLES.write_text(text(), encoding="utf-8")
