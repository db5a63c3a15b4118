"""English grammar of instructions: articles, plurals and lists."""

from __future__ import annotations

import re

PLURALS = ("feet", "antennae", "teeth")
"""Plural names that do not end in "s"."""

UNCOUNTED = (
    "hair", "gas", "fur", "skin", "grass", "glass", "water", "fire", "smoke", "sand", "snow",
    "rain", "ground", "stone", "bread", "cheese", "meat", "rice", "soup", "icing", "lettuce",
    "sauce", "corn", "paper", "lipstick", "string", "rope", "ice", "milk", "foam", "honey",
    "butter", "bacon",
)  # fmt: skip
"""Names that take neither a plural nor an article."""

_SOUNDS_CONSONANT = re.compile(r"(?:uni|eu|one|us[ei]|ufo)", re.IGNORECASE)


def is_plural(name: str) -> bool:
    """Whether a name is a plural: "inner ears", "feet", "head and body"; not "cross", "gas"."""
    last = name.split()[-1].lower()
    if " and " in name or last in PLURALS:
        return True
    return last.endswith("s") and not last.endswith(("ss", "us")) and last not in UNCOUNTED


def with_article(phrase: str, name: str) -> str:
    """Put "a" or "an" before a phrase where its noun `name` takes one.

    "green tail" to "a green tail", "orange beak" to "an orange beak"; "red eyes" stays.
    """
    last = name.split()[-1].lower()
    # "a blue head and body"
    if last in UNCOUNTED or (is_plural(name) and " and " not in name):
        return phrase
    vowel = phrase[:1].lower() in "aeiou" and not _SOUNDS_CONSONANT.match(phrase)
    return f"{'an' if vowel else 'a'} {phrase}"


def join(items: list[str], last: str = " and ") -> str:
    """["a", "b", "c"] to "a, b and c"."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + last + items[-1]
