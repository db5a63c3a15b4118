"""A prompt as a picture."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw, ImageFont


def text_panel(text: str, size: int) -> np.ndarray:
    """Black text on white, wrapped to a square: uint8 [size, size, 3].

    The letters shrink until all of it fits, down to 6 pixels; what is left over then is cut.
    """
    canvas = Image.new("RGB", (size, size), "white")
    draw = ImageDraw.Draw(canvas)
    margin = max(2, size // 32)
    for points in range(max(6, size // 9), 5, -1):
        font = ImageFont.load_default(points)
        lines = _wrap(text, font, size - 2 * margin)
        _, _, right, bottom = draw.multiline_textbbox((margin, margin), lines, font=font)
        if bottom <= size - margin and right <= size - margin:
            break
    draw.multiline_text((margin, margin), lines, fill="black", font=font)
    return np.asarray(canvas)


def _wrap(text: str, font: ImageFont.FreeTypeFont, width: int) -> str:
    """The text with line breaks between words, so that each line is at most `width` pixels."""
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and font.getlength(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "\n".join(lines)
