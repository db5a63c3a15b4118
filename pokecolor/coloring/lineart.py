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
"""A stroke is darker than its surroundings by at least this, of 1."""
STROKE_WIDTH = 1 / 24
"""Anything wider than this share of the longer side is not a stroke."""
LIGHT = 0.6
"""Strokes on transparency that are lighter than this, of 1, are meant for a dark background."""
GRID = 1024
"""Resolution of the search for wide areas: pixels along the longer side."""


def to_line_art(sketch: Image.Image) -> Image.Image:
    """Convert a sketch to line art on white; clean line art stays unchanged.

    For drawings on paper (gray, tinted, unevenly lit, in soft pencil, on a table) the image is
    divided by the paper's brightness and stretched to full ink; pens keep their color. Light
    strokes, on a dark or transparent background, become black.

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
    """The ink of each pixel: float32 [height, width], from 0 for white to 1 for black."""
    return 1 - np.asarray(line_art.convert("L"), np.float32) / 255


def stroke_ink(line_art: Image.Image) -> np.ndarray:
    """Like `ink_of`, but thin strokes of any color count as black.

    Colored areas are fills, and keep their darkness.
    """
    ink = ink_of(line_art)
    cover = 1 - np.asarray(line_art).min(-1).astype(np.float32) / 255
    if (cover - ink).max() < 0.1:
        return ink  # the line art is gray
    return np.maximum(ink, cover * (_wide(cover) < STROKE_CONTRAST))


def strokes_of(line_art: Image.Image) -> Image.Image:
    """The strokes without the white background, RGBA; over white they give the line art."""
    light = np.asarray(line_art, np.float32) / 255
    alpha = 1 - light.min(-1, keepdims=True)
    color = (light - (1 - alpha)) / np.maximum(alpha, 1e-6)
    strokes = np.concatenate([color, alpha], axis=-1)
    return Image.fromarray(np.round(255 * strokes).astype(np.uint8))


def find_strokes(image: np.ndarray) -> np.ndarray:
    """Thin structures that are darker than both sides: bool [height, width].

    The black top-hat transform (Serra, 1982), which is the closing minus the image. It also finds
    the lines of colored pictures.

    Args:
        image: uint8 [height, width, 3].
    """
    ink = ink_of(Image.fromarray(image))
    width = max(5, round(max(ink.shape) * STROKE_WIDTH)) | 1
    return ink - ndimage.grey_opening(ink, (width, width)) >= STROKE_CONTRAST


def _light_strokes(sketch: Image.Image) -> np.ndarray | None:
    """Light strokes on transparency, if all strokes are: float32 [height, width], 0 to 1."""
    pixels = np.asarray(sketch.convert("RGBA"), np.float32) / 255
    light, alpha = pixels[..., :3].min(-1), pixels[..., 3]
    drawn = float(alpha.sum())
    if not 0 < drawn <= 0.5 * alpha.size or (alpha * (light < LIGHT)).sum() > 0.005 * drawn:
        return None
    # a white figure is not a stroke
    return None if _wide(alpha).sum() > 0.3 * drawn else alpha


def _wide(cover: np.ndarray) -> np.ndarray:
    """Areas of float32 [height, width] that are wider than strokes (opening, Serra 1982)."""
    scale = min(1, GRID / max(cover.shape))
    small = resize(cover, tuple(max(1, round(side * scale)) for side in cover.shape))
    width = max(5, round(max(small.shape) * STROKE_WIDTH)) | 1
    return resize(ndimage.grey_opening(small, (width, width)), cover.shape)


def _grey(light: np.ndarray) -> Image.Image:
    """float [height, width], 0 to 1, as RGB."""
    grey = np.round(255 * light).astype(np.uint8)
    return Image.fromarray(np.repeat(grey[..., None], 3, axis=-1))
