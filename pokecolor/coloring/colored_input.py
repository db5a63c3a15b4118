"""Recognizes sketches that are already in color, and extracts their lines."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.coloring.paper import draw_from_paper

GRID = 512
"""Resolution of the search for fills: pixels along the longer side."""
CHROMA = 0.1
"""A pixel is colored if its largest channel exceeds its smallest by this, of 1."""
PEN, BROAD_PEN = 1 / 48, 1 / 24
"""Widths as shares of the longer side: few pen strokes are wider than the first, none than the
second."""
FILLED, WIDELY_FILLED = 0.02, 0.05
"""A drawing has fills if colored areas wider than `PEN` (`BROAD_PEN`) cover this share of it."""
TOUCHED, TONED = 0.01, 0.1
"""On a white page the first share of colors is enough if the second share is filled with tones,
including gray and black: a penguin with orange feet."""
TONE = 0.93
"""Lightness of the lightest tone, of 1."""
OTHER_HUE, OTHERS = np.pi / 6, 0.15
"""A broad pen has one hue: at most the second share of its strokes differs from the mean hue by
more than the first."""
WHITE = 0.97
"""Lightness of a clean white page, of 1."""
LINE, FULL_LINE = 0.08, 0.38
"""Contrast of a line to its surroundings: the least, and that of full ink."""
BLACK, FULL_BLACK = 0.75, 0.9
"""Ink from which on a wide area counts as lines, and that of full ink."""


def is_colored(sketch: Image.Image) -> bool:
    """Whether areas of a picture are filled with color.

    Strokes of colored pens, pencil on tinted paper, and black or gray fills do not count.

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
    if not on_white:  # the paper may be tinted
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
    """Extract the lines of a colored picture as line art on white.

    Lines are thin and darker than both sides: the black top-hat transform (Serra 1982) of the ink.
    Black areas are kept.

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
    """The bounding box of the drawing."""
    marked = colors.min(-1) < 1 - CHROMA
    rows, columns = (np.flatnonzero(marked.any(axis)) for axis in (1, 0))
    if not rows.size:
        return colors
    return colors[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _chroma(colors: np.ndarray) -> np.ndarray:
    """Chroma: the largest channel minus the smallest."""
    return colors.max(-1) - colors.min(-1)


def _other_hues(colors: np.ndarray) -> float:
    """The share of colors, float [n, 3], whose hue differs from the mean by more than
    `OTHER_HUE`.
    """
    red, green, blue = colors.T
    hues = np.exp(1j * np.arctan2(np.sqrt(3) * (green - blue), 2 * red - green - blue))
    mean = np.angle(hues.mean())
    return float((np.abs(np.angle(hues * np.exp(-1j * mean))) > OTHER_HUE).mean())
