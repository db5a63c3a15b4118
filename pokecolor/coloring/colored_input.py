"""Recognizes pictures that are in color already, and finds the lines to color them anew by."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.coloring.paper import draw_from_paper

GRID = 512
"""Fills are looked for on so many pixels along the longer side."""
CHROMA = 0.1
"""A color's largest channel is so much above its smallest, of 1."""
PEN, BROAD_PEN = 1 / 48, 1 / 24
"""Shares of the longer side: no pen's stroke is wider than the second, few than the first."""
FILLED, WIDELY_FILLED = 0.02, 0.05
"""Shares of the drawing that are wider than either, from which on they are fills."""
TOUCHED, TONED = 0.01, 0.1
"""On a white page fewer colors are enough, the first share, where much is filled with tones, grey
and black ones too, the second: a penguin with orange feet."""
TONE = 0.93
"""Lightness of the lightest tone, of 1."""
OTHER_HUE, OTHERS = np.pi / 6, 0.15
"""A broad pen has one hue: this share of what it draws is no further than this from the mean."""
WHITE = 0.97
"""Lightness of a clean white page, of 1."""
LINE, FULL_LINE = 0.08, 0.38
"""Thin and so much darker than what is beside it: a line; and one in full ink."""
BLACK, FULL_BLACK = 0.75, 0.9
"""Ink from which on a wide area belongs to the lines, and in full ink."""


def is_colored(sketch: Image.Image) -> bool:
    """Whether areas of a picture are filled with colors, and not only drawn in colored strokes.

    Pens in color, pencil on tinted paper and fills in black or grey alone do not count.

    Args:
        sketch: RGB.
    """
    scale = min(1, GRID / max(sketch.size))
    size = [max(1, round(side * scale)) for side in sketch.size]
    small = sketch.resize(size, Image.Resampling.BOX)
    colors = np.asarray(small, np.float32) / 255
    rim = np.concatenate([colors[0], colors[-1], colors[:, 0], colors[:, -1]])
    if _chroma(colors).max() < CHROMA:
        return False
    on_white = np.median(rim.min(-1)) >= WHITE
    if not on_white:  # the paper may have a color
        colors = np.asarray(draw_from_paper(small), np.float32) / 255
    drawn = _drawn(colors)
    chroma = _chroma(drawn)
    pen, broad_pen = ((round(share * max(size)) | 1,) * 2 for share in (PEN, BROAD_PEN))
    wide, wider = (ndimage.grey_opening(chroma, width) >= CHROMA for width in (pen, broad_pen))
    if wide.mean() >= FILLED and (
        wider.mean() >= WIDELY_FILLED or _other_hues(drawn[wide]) >= OTHERS
    ):
        return True
    toned = ndimage.binary_opening(drawn.min(-1) < TONE, np.ones(broad_pen))
    return bool(on_white and wide.mean() >= TOUCHED and toned.mean() >= TONED)


def lines_of(colored: Image.Image) -> Image.Image:
    """The lines of a picture in color, as line art on white; its colors are dropped.

    Lines are thin and darker than both their sides: the black top-hat transform (Serra 1982) of
    the ink. Black areas stay.

    Args:
        colored: RGB.

    Returns:
        RGB, the same size.
    """
    ink = 1 - np.asarray(colored.convert("L"), np.float32) / 255
    width = max(5, round(max(ink.shape) * PEN)) | 1
    thin = ink - ndimage.grey_opening(ink, (width, width))
    drawn = np.maximum((thin - LINE) / (FULL_LINE - LINE), (ink - BLACK) / (FULL_BLACK - BLACK))
    light = np.round(255 * (1 - np.clip(drawn, 0, 1))).astype(np.uint8)
    return Image.fromarray(np.repeat(light[..., None], 3, axis=-1))


def _drawn(colors: np.ndarray) -> np.ndarray:
    """The rectangle of a page that is drawn in."""
    marked = colors.min(-1) < 1 - CHROMA
    rows, columns = (np.flatnonzero(marked.any(axis)) for axis in (1, 0))
    if not rows.size:
        return colors
    return colors[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _chroma(colors: np.ndarray) -> np.ndarray:
    """How far from grey: the largest channel less the smallest."""
    return colors.max(-1) - colors.min(-1)


def _other_hues(colors: np.ndarray) -> float:
    """The share of colors, float [n, 3], whose hue is not about the mean one."""
    red, green, blue = colors.T
    hues = np.exp(1j * np.arctan2(np.sqrt(3) * (green - blue), 2 * red - green - blue))
    mean = np.angle(hues.mean())
    return float((np.abs(np.angle(hues * np.exp(-1j * mean))) > OTHER_HUE).mean())
