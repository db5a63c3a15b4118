"""Sketches as line art, whatever paper they were drawn on, and the strokes of line art."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

CLEAN_WHITE = 250
"""Line art made on a computer has at least half of its pixels this light, of 255."""
GROUND_SHARE = 1 / 24
"""How far around a pixel its paper is looked for, as a share of the longer side."""
PAPER_NOISE = 0.06
"""Darkness below which a mark is grain or shadow of the paper, not ink."""
STROKE_CONTRAST = 0.25
"""How much darker than what is beside it a stroke is, of 1."""
STROKE_WIDTH = 1 / 24
"""What is wider than this share of the longer side is no stroke."""
FULL_INK = 0.98
"""The share of a drawing's marks on paper that are stretched to less than full ink."""


def to_line_art(sketch: Image.Image) -> Image.Image:
    """Line art on white: as it is where the sketch is that, else what is drawn on its paper.

    On paper (grey, tinted, unevenly lit, in soft pencil) the ground is divided out, and what is
    left is stretched to black.

    Args:
        sketch: RGB, any size.

    Returns:
        RGB, the same size.
    """
    light = np.asarray(sketch.convert("L"), np.float32) / 255
    if np.median(light) * 255 >= CLEAN_WHITE:
        return sketch
    darkness = 1 - np.clip(light / _paper(light), 0, 1)
    marks = darkness[darkness > PAPER_NOISE]
    full = max(float(np.quantile(marks, FULL_INK)), 2 * PAPER_NOISE) if marks.size else 1.0
    ink = np.clip((darkness - PAPER_NOISE) / (full - PAPER_NOISE), 0, 1)
    grey = np.round(255 * (1 - ink)).astype(np.uint8)
    return Image.fromarray(np.repeat(grey[..., None], 3, axis=-1))


def ink_of(line_art: Image.Image) -> np.ndarray:
    """How dark each pixel is drawn: float32 [height, width], 0 for white to 1 for black."""
    return 1 - np.asarray(line_art.convert("L"), np.float32) / 255


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


def _paper(light: np.ndarray) -> np.ndarray:
    """The lightness of the paper under each pixel: what is lightest around it, smoothed.

    It is estimated on a reduced image, because paper changes slowly.
    """
    height, width = light.shape
    step = max(1, max(height, width) // 256)
    reach = max(3, round(max(height, width) * GROUND_SHARE / step))
    small = ndimage.maximum_filter(light, step)[::step, ::step]
    small = ndimage.gaussian_filter(ndimage.grey_closing(small, (reach, reach)), reach / 2)
    rows, columns = np.arange(height) / step, np.arange(width) / step
    paper = ndimage.map_coordinates(
        small, np.meshgrid(rows, columns, indexing="ij"), order=1, mode="nearest"
    )
    return np.maximum(paper, 1 / 255)
