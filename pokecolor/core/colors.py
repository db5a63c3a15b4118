"""The eleven basic color terms (Berlin and Kay, 1969), and the nearest term to a color."""

from __future__ import annotations

import functools
import re

import numpy as np

TERMS = (
    "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "grey", "white",
)  # fmt: skip

EXEMPLARS: dict[str, tuple[str, ...]] = {
    "red": ("d22f27", "e53935", "b71c1c", "ff0000", "c62828", "8b0000", "ea5a47", "a01818"),
    "orange": ("e27022", "f1892d", "ff8c00", "ff9800", "f57c00", "fb8c42", "d9661b", "ffa94d"),
    "yellow": ("fcea2b", "f1b31c", "ffeb3b", "ffd600", "fff176", "e8c912", "ffee99", "f5d547"),
    "green": ("5c9e31", "b1cc33", "4caf50", "1b5e20", "8bc34a", "00a86b", "90ee90", "186648",
              "3c6e1f", "a5d6a7"),
    "blue": ("92d3f5", "61b2e4", "1e50a0", "2196f3", "0d47a1", "81d4fa", "00bcd4", "3f51b5",
             "1a237e", "4fc3f7", "0000ff"),
    "purple": ("8967aa", "b399c8", "61429c", "9c27b0", "6a1b9a", "7e57c2", "4a148c", "ba68c8"),
    "pink": ("ffa7c0", "e67a94", "f48fb1", "ec407a", "ff69b4", "f8bbd0", "ff9aa2", "e91e63"),
    "brown": ("a57939", "6a462f", "8d5524", "795548", "5d4037", "4e342e", "a0703c", "8b5a2b",
              "b98d5f", "c49a6c"),
    "black": ("000000", "1a1a1a", "222222", "2b2b2b", "101418"),
    "grey": ("9b9b9a", "3f3f3f", "d0cfce", "808080", "696969", "b0bec5", "757575", "a9a9a9",
             "58595b"),
    "white": ("ffffff", "fafafa", "f3f3f3", "f7f5ef"),
}  # fmt: skip
"""Colors, as sRGB hex, that people call by each term. A color's name is that of the nearest one."""

SYNONYMS = {
    "gray": "grey", "silver": "grey", "ash": "grey", "slate": "grey", "charcoal": "grey",
    "crimson": "red", "scarlet": "red", "ruby": "red", "maroon": "red", "cherry": "red",
    "tangerine": "orange", "peach": "orange", "amber": "orange", "apricot": "orange",
    "gold": "yellow", "golden": "yellow", "lemon": "yellow", "cream": "yellow", "mustard": "yellow",
    "lime": "green", "olive": "green", "emerald": "green", "mint": "green", "teal": "green",
    "cyan": "blue", "turquoise": "blue", "navy": "blue", "azure": "blue", "aqua": "blue",
    "indigo": "blue", "violet": "purple", "lavender": "purple", "lilac": "purple",
    "plum": "purple", "magenta": "pink", "rose": "pink", "salmon": "pink", "fuchsia": "pink",
    "tan": "brown", "beige": "brown", "chocolate": "brown", "chestnut": "brown", "ivory": "white",
    "snowy": "white", "ebony": "black",
}  # fmt: skip
"""Other color words, each with the basic term it counts as."""

_WORD = re.compile(
    r"\b(?:" + "|".join(sorted((*TERMS, *SYNONYMS), key=len, reverse=True)) + r")\b", re.IGNORECASE
)


SPREAD = 12.0
"""Standard deviation of `sample_color` around an exemplar, per channel."""
_TO_XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)


def parse_hex(color: str) -> tuple[int, int, int]:
    """ "#e27022", "e27022" or "#fff" to (226, 112, 34)."""
    digits = color.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    return int(digits[0:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def format_hex(rgb: tuple[int, int, int]) -> str:
    """(226, 112, 34) to "#e27022"."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


def rgb_to_lab(rgb: np.ndarray) -> np.ndarray:
    """sRGB [..., 3] in 0 to 255 to CIELAB [..., 3] under D65 (IEC 61966-2-1; CIE 15)."""
    value = np.asarray(rgb, np.float64) / 255.0
    linear = np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)
    xyz = linear @ _TO_XYZ.T / np.array([0.95047, 1.0, 1.08883])
    epsilon, kappa = 216 / 24389, 24389 / 27
    f = np.where(xyz > epsilon, np.cbrt(xyz), (kappa * xyz + 16) / 116)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def lab_to_rgb(lab: np.ndarray) -> np.ndarray:
    """CIELAB (D65 white) [..., 3] to sRGB, float [..., 3] in 0 to 255, clipped."""
    lab = np.asarray(lab, np.float64)
    fy = (lab[..., 0] + 16) / 116
    f = np.stack([fy + lab[..., 1] / 500, fy, fy - lab[..., 2] / 200], axis=-1)
    epsilon, kappa = 216 / 24389, 24389 / 27
    xyz = np.where(f**3 > epsilon, f**3, (116 * f - 16) / kappa) * np.array([0.95047, 1, 1.08883])
    linear = np.clip(xyz @ np.linalg.inv(_TO_XYZ).T, 0, 1)
    encoded = np.where(linear > 0.0031308, 1.055 * linear ** (1 / 2.4) - 0.055, 12.92 * linear)
    return 255 * encoded


@functools.cache
def _exemplars() -> tuple[np.ndarray, np.ndarray]:
    rgb = [parse_hex(color) for term in TERMS for color in EXEMPLARS[term]]
    index = [i for i, term in enumerate(TERMS) for _ in EXEMPLARS[term]]
    return rgb_to_lab(np.array(rgb)), np.array(index)


def name_colors(rgb: np.ndarray) -> np.ndarray:
    """Indices into `TERMS`, int [...], of the names of sRGB colors [..., 3] in 0 to 255.

    The name is that of the exemplar nearest in CIELAB.
    """
    lab, index = _exemplars()
    rgb = np.asarray(rgb)
    flat, inverse = rgb.reshape(-1, 3), slice(None)
    if rgb.dtype == np.uint8:  # an image: each of its colors once, as one number, which sorts fast
        packed = flat @ np.array([1 << 16, 1 << 8, 1])
        packed, inverse = np.unique(packed, return_inverse=True)
        flat = np.stack([packed >> 16, packed >> 8 & 255, packed & 255], axis=-1)
    # chunked, so that a photograph's many colors do not need gigabytes
    names = np.empty(len(flat), np.int64)
    for start in range(0, len(flat), 65536):
        points = rgb_to_lab(flat[start : start + 65536])
        distance = (points**2).sum(1)[:, None] - 2 * points @ lab.T + (lab**2).sum(1)[None]
        names[start : start + 65536] = index[distance.argmin(1)]
    return names[inverse].reshape(rgb.shape[:-1])


def name_color(rgb: tuple[int, int, int]) -> str:
    """The basic term of one sRGB color in 0 to 255: (226, 112, 34) is "orange"."""
    return TERMS[int(name_colors(np.array([rgb]))[0])]


def sample_color(term: str, rng: np.random.Generator) -> tuple[int, int, int]:
    """A random sRGB color, 0 to 255, that bears the name `term`."""
    choices = EXEMPLARS[term]
    base = np.array(parse_hex(choices[rng.integers(len(choices))]))
    for _ in range(8):
        rgb = np.clip(base + rng.normal(0, SPREAD, 3), 0, 255).round().astype(int)
        if name_color(tuple(rgb)) == term:
            return int(rgb[0]), int(rgb[1]), int(rgb[2])
    return int(base[0]), int(base[1]), int(base[2])


def find_color_words(text: str) -> list[tuple[int, int, str]]:
    """The color words of a text in order: (start, end, basic term)."""
    found = []
    for match in _WORD.finditer(text):
        word = match.group().lower()
        found.append((match.start(), match.end(), SYNONYMS.get(word, word)))
    return found
