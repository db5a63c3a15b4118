"""The color words of the training data, each with an sRGB color."""

from __future__ import annotations

LOOKS = {
    "gray": "808080", "silver": "c0c0c0", "ash": "b2beb5", "slate": "708090", "charcoal": "36454f",
    "crimson": "dc143c", "scarlet": "ff2400", "ruby": "9b111e", "maroon": "800000",
    "cherry": "c2143c", "tangerine": "f28500", "peach": "ffb366", "amber": "ffa512",
    "apricot": "fbb46c", "gold": "ffd700", "golden": "f5c518", "lemon": "fff44f",
    "cream": "fff5c2", "mustard": "e1ad01", "lime": "a4de02", "olive": "6b7a1e",
    "emerald": "1fa35c", "mint": "98ecb4", "teal": "008b7a", "cyan": "00d5ea",
    "turquoise": "30c8d6", "navy": "0a1a6e", "azure": "2a8cf0", "aqua": "10d0f0",
    "indigo": "2a2a86", "violet": "8a3fd0", "lavender": "b79ce0", "lilac": "c8a2d8",
    "plum": "7a3a78", "magenta": "f030a0", "rose": "f4557f", "salmon": "ff9a92",
    "fuchsia": "f542b0", "tan": "cfa46c", "beige": "d2b48c", "chocolate": "5c3620",
    "chestnut": "8a4a30", "ivory": "fffff0", "snowy": "fdfdff", "ebony": "14100e",
}  # fmt: skip
"""A typical sRGB color for each of `pokecolor.core.colors.SYNONYMS`."""

TYPICAL = {
    "red": "e53935", "dark red": "8b0000", "bright red": "ff0000",
    "orange": "f57c00", "dark orange": "d0581a", "light orange": "ffbb66", "pale orange": "ffbb66",
    "bright orange": "ff8c00",
    "yellow": "ffd600", "dark yellow": "d1aa12", "light yellow": "fff59d",
    "pale yellow": "fff59d", "bright yellow": "ffeb3b",
    "green": "4caf50", "dark green": "1b5e20", "light green": "90ee90", "pale green": "a5d6a7",
    "bright green": "3fc03a",
    "blue": "2196f3", "dark blue": "1a237e", "light blue": "81d4fa", "pale blue": "92d3f5",
    "bright blue": "1c6cff",
    "purple": "9c27b0", "dark purple": "4a148c", "light purple": "c39fd8",
    "pale purple": "c39fd8", "bright purple": "a01fc8",
    "pink": "ff69b4", "dark pink": "e91e63", "light pink": "fbc4d6", "pale pink": "fbc4d6",
    "bright pink": "ff40b4",
    "brown": "8b5a2b", "dark brown": "5d3a1e", "light brown": "c49a6c", "pale brown": "c49a6c",
    "black": "101010",
    "grey": "999999", "dark grey": "5c5c5c", "light grey": "c6c6c6", "pale grey": "c6c6c6",
    "white": "ffffff",
}  # fmt: skip
"""An sRGB color for each basic term and each shade, a clear case of its name."""
