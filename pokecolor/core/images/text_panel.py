"""Renders a prompt as an image panel."""

from __future__ import annotations

import functools
import re

import numpy as np
from PIL import Image, ImageDraw, ImageFont

JAPANESE = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"  # Chinese letters, too
KOREAN = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
FONTS = (
    "NotoSansCJK-Regular.ttc",  # Linux
    "NotoSerifCJK-Regular.ttc",
    "AppleSDGothicNeo.ttc",  # macOS
    "malgun.ttf",  # Windows
    "Arial Unicode.ttf",
)
"""System fonts with Korean and Japanese letters, which Pillow's own font lacks."""
UNIT = re.compile(rf"\s*(?:[{JAPANESE}]|[^\s{JAPANESE}]+)")
"""A unit that is never broken: a word, or a single letter in Japanese, which has no spaces."""


def text_panel(text: str, size: int) -> np.ndarray:
    """Black text on white, wrapped to a square: uint8 [size, size, 3].

    The font shrinks until the text fits, down to 6 pixels; then the rest is cut off.
    """
    canvas = Image.new("RGB", (size, size), "white")
    draw = ImageDraw.Draw(canvas)
    margin = max(2, size // 32)
    for points in range(max(6, size // 9), 5, -1):
        font = _font(bool(re.search(f"[{JAPANESE}{KOREAN}]", text)), points)
        lines = _wrap(text, font, size - 2 * margin)
        _, _, right, bottom = draw.multiline_textbbox((margin, margin), lines, font=font)
        if bottom <= size - margin and right <= size - margin:
            break
    draw.multiline_text((margin, margin), lines, fill="black", font=font)
    return np.asarray(canvas)


@functools.lru_cache(maxsize=64)
def _font(east_asian: bool, points: int) -> ImageFont.FreeTypeFont:
    """Pillow's own font; for East Asian letters the first of `FONTS` that is installed."""
    for name in FONTS if east_asian else ():
        try:
            return ImageFont.truetype(name, points)
        except OSError:
            continue
    return ImageFont.load_default(points)


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """The text with line breaks, so that each line is at most `width` pixels."""
    lines = [""]
    for unit in UNIT.findall(" ".join(text.split())):
        longer = lines[-1] + (unit if lines[-1] else unit.lstrip())
        if lines[-1] and font.getlength(longer) > width:
            lines.append(unit.lstrip())
        else:
            lines[-1] = longer
    return "\n".join(lines)
