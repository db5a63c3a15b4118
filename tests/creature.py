"""A drawing for tests: a round creature, and what pens, paper and cameras make of one."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

SIDE = 400
BLACK, WHITE = (0, 0, 0), (255, 255, 255)


def creature(
    color: tuple[int, ...] = BLACK,
    ground: tuple[int, ...] = WHITE,
    width: int = 4,
    cap: bool = False,
    mode: str = "RGB",
) -> Image.Image:
    """A body with a face and two feet, from 60 to 340 px of 400.

    Args:
        color: of the strokes.
        ground: of the page.
        width: of the strokes, in pixels.
        cap: a solid one on its head.
        mode: RGB or RGBA.
    """
    image = Image.new(mode, (SIDE, SIDE), ground)
    draw = ImageDraw.Draw(image)
    for box in ((110, 300, 170, 340), (230, 300, 290, 340)):  # feet
        draw.ellipse(box, outline=color, width=width)
    draw.ellipse((60, 60, 340, 320), fill=ground, outline=color, width=width)
    for box in ((140, 130, 180, 180), (220, 130, 260, 180), (140, 220, 260, 300)):
        draw.ellipse(box, outline=color, width=width)
    if cap:
        draw.pieslice((60, 60, 340, 320), 220, 320, fill=color)
    return image


def strokes() -> np.ndarray:
    """Where `creature` is drawn: bool [400, 400]."""
    return np.asarray(creature())[..., 0] < 128


def on_paper(
    drawing: Image.Image, paper: tuple[float, float, float] = (0.8, 0.78, 0.7), grain: float = 0.008
) -> np.ndarray:
    """A drawing on tinted paper with grain: float [height, width, 3], 0 to 1."""
    noise = np.random.default_rng(0).normal(0, grain, (drawing.height, drawing.width, 1))
    return np.clip(np.asarray(drawing, float) / 255 * paper + noise, 0, 1)


def picture(values: np.ndarray) -> Image.Image:
    """float [height, width, 3], 0 to 1, as RGB."""
    return Image.fromarray(np.round(255 * np.clip(values, 0, 1)).astype(np.uint8))


def scan_with_margin() -> Image.Image:
    """A grey scan on a white page of which it takes less than half."""
    page = np.ones((640, 600, 3))
    page[60:460, 80:480] = on_paper(creature(), (0.75, 0.75, 0.75))
    return picture(page)


def photo() -> Image.Image:
    """Paper with a crease and a shadow on a dark table."""
    sheet = on_paper(creature())
    y, x = np.mgrid[:SIDE, :SIDE]
    crease = np.exp(-(((x - 0.1 * y - 20) / 2.5) ** 2))
    shadow = 1 / (1 + np.exp(-(x + y - 520) / 12))
    sheet *= (1 - 0.15 * crease - 0.3 * shadow)[..., None]
    table = np.random.default_rng(1).normal(0.25, 0.01, (520, 560, 1)) * (1, 0.8, 0.6)
    table[50:450, 70:470] = sheet
    return picture(table)


def framed() -> Image.Image:
    """A creature, half as large, within a border."""
    page = Image.new("RGB", (SIDE, SIDE), WHITE)
    page.paste(creature(width=8).resize((200, 200), Image.Resampling.LANCZOS), (100, 120))
    ImageDraw.Draw(page).rectangle((8, 8, 391, 391), outline=BLACK, width=3)
    return page
