"""Converts sketches to line art, and finds the strokes of line art."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.coloring.paper import (
    CLEAN_WHITE,
    draw_from_paper,
    find_sheet,
    is_light_on_dark,
)
from pokecolor.core.images.conversion import has_alpha, resize, to_rgb

STROKE_CONTRAST = 0.25
"""How much darker than what is beside it a stroke is, of 1."""
STROKE_WIDTH = 1 / 24
"""What is wider than this share of the longer side is no stroke."""
LIGHT = 0.6
"""Strokes on nothing that are lighter than this, of 1, are drawn for a dark ground."""
GRID = 1024
"""Wide areas are told from strokes on at most so many pixels along the longer side."""


def to_line_art(sketch: Image.Image) -> Image.Image:
    """Line art on white: as it is where the sketch is that, else what is drawn on its paper.

    On paper (grey, tinted, unevenly lit, in soft pencil, on a table) the ground is divided out,
    and what is left is stretched to full ink; pens keep their color. Light strokes, on a dark
    ground or on nothing, become black ones.

    Args:
        sketch: RGB or RGBA, any size.

    Returns:
        RGB, the same size.
    """
    if has_alpha(sketch) and (strokes := _light_strokes(sketch)) is not None:
        return _grey(1 - strokes)
    sketch = sketch if sketch.mode == "RGB" else to_rgb(sketch)
    light = np.asarray(sketch.convert("L"), np.float32) / 255
    if is_light_on_dark(light):
        light = 1 - light
        sketch = _grey(light)
    sheet = find_sheet(light)
    if sheet is None and np.median(light) >= CLEAN_WHITE:
        return sketch
    return draw_from_paper(sketch, sheet)


def ink_of(line_art: Image.Image) -> np.ndarray:
    """How dark each pixel is drawn: float32 [height, width], 0 for white to 1 for black."""
    return 1 - np.asarray(line_art.convert("L"), np.float32) / 255


def stroke_ink(line_art: Image.Image) -> np.ndarray:
    """The same, but thin strokes of any color are as dark as black ones.

    Areas in a color are as dark as it: they are fills, not lines.
    """
    ink = ink_of(line_art)
    cover = 1 - np.asarray(line_art).min(-1).astype(np.float32) / 255
    if (cover - ink).max() < 0.1:
        return ink  # it is grey
    return np.maximum(ink, cover * (_wide(cover) < STROKE_CONTRAST))


def strokes_of(line_art: Image.Image) -> Image.Image:
    """The strokes without the white they lie on: RGBA, which laid on white gives the line art."""
    light = np.asarray(line_art, np.float32) / 255
    alpha = 1 - light.min(-1, keepdims=True)
    color = (light - (1 - alpha)) / np.maximum(alpha, 1e-6)
    strokes = np.concatenate([color, alpha], axis=-1)
    return Image.fromarray(np.round(255 * strokes).astype(np.uint8))


def find_strokes(image: np.ndarray) -> np.ndarray:
    """What is thin and darker than both its sides: bool [height, width].

    The black top-hat transform (Serra, 1982), the closing minus the image, here of the ink. It
    finds the lines of a picture in color, too.

    Args:
        image: uint8 [height, width, 3].
    """
    ink = ink_of(Image.fromarray(image))
    width = max(5, round(max(ink.shape) * STROKE_WIDTH)) | 1
    return ink - ndimage.grey_opening(ink, (width, width)) >= STROKE_CONTRAST


def _light_strokes(sketch: Image.Image) -> np.ndarray | None:
    """Strokes that are light on nothing, if all are: float32 [height, width], 0 to 1."""
    pixels = np.asarray(sketch.convert("RGBA"), np.float32) / 255
    light, alpha = pixels[..., :3].min(-1), pixels[..., 3]
    drawn = float(alpha.sum())
    if not 0 < drawn <= 0.5 * alpha.size or (alpha * (light < LIGHT)).sum() > 0.005 * drawn:
        return None
    # a white figure is not thin
    return None if _wide(alpha).sum() > 0.3 * drawn else alpha


def _wide(cover: np.ndarray) -> np.ndarray:
    """What is wider than a stroke of float32 [height, width] (opening, Serra 1982)."""
    scale = min(1, GRID / max(cover.shape))
    small = resize(cover, tuple(max(1, round(side * scale)) for side in cover.shape))
    width = max(5, round(max(small.shape) * STROKE_WIDTH)) | 1
    return resize(ndimage.grey_opening(small, (width, width)), cover.shape)


def _grey(light: np.ndarray) -> Image.Image:
    """float [height, width], 0 to 1, as RGB."""
    grey = np.round(255 * light).astype(np.uint8)
    return Image.fromarray(np.repeat(grey[..., None], 3, axis=-1))
