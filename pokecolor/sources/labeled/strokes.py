"""The look of a sketch's strokes: width, gaps, pencil grain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from numpy.random import Generator


@dataclass(frozen=True)
class Pen:
    """The pen of a sketch; widths are in pixels of the page."""

    width: float
    breaks: int
    """Number of gaps."""
    grain: float
    """Grain of the strokes, from 0 for ink to 1."""
    darkness: float
    """Darkness of the strokes; 1 is black."""

    @classmethod
    def sample(cls, rng: Generator, pixel: float) -> Pen:
        """A random pen; `pixel` pixels of the page become one pixel of the sketch."""
        pencil = rng.random() < 0.25
        return cls(
            width=pixel * float(rng.uniform(0.6, 1.2) if rng.random() < 0.5 else rng.uniform(1, 2)),
            breaks=int(rng.integers(1, 7)) if rng.random() < 0.3 else 0,
            grain=float(rng.uniform(0.3, 1)) if pencil else 0.0,
            darkness=float(rng.uniform(0.45, 0.9)) if pencil else 1.0,
        )


def stroke_width(ink: np.ndarray) -> float:
    """Approximate stroke width of bool [height, width], in pixels; 1 if there are no strokes."""
    depth = ndimage.distance_transform_edt(ink)
    ridge = (depth >= ndimage.maximum_filter(depth, 3)) & ink
    return max(1.0, 2 * float(np.median(depth[ridge])) - 1) if ridge.any() else 1.0


def redraw(ink: np.ndarray, edges: np.ndarray, width: float) -> np.ndarray:
    """Redraw strokes with a given width, and add lines along bare edges: bool [height, width].

    Args:
        ink: the strokes, bool [height, width].
        edges: borders of areas, bool [height, width].
        width: line width, in pixels.
    """
    inside = ndimage.distance_transform_edt(ink)
    outside = ndimage.distance_transform_edt(~ink) if ink.any() else np.full(ink.shape, np.inf)
    # the ink's rim lies between two pixels, half a pixel from each
    depth = np.where(ink, inside - 0.5, 0.5 - outside)
    strokes = depth > (stroke_width(ink) - width) / 2
    # an edge beside a stroke is the stroke's own
    bare = edges & ~ndimage.binary_dilation(strokes) & ((outside > 3) | ink)
    if bare.any():
        strokes |= ndimage.distance_transform_edt(~bare) <= max(0.5, width / 2)
    return strokes


def draw_strokes(strokes: np.ndarray, pen: Pen, rng: Generator) -> np.ndarray:
    """The ink of each pixel: float32 [height, width], 0 to 1.

    Args:
        strokes: bool [height, width], with the pen's width.
    """
    dark = strokes.astype(np.float32)
    ys, xs = np.nonzero(strokes)
    if pen.breaks and len(xs):
        rows, columns = np.indices(strokes.shape)
        for k in rng.integers(0, len(xs), pen.breaks):
            gap = rng.uniform(1.0, 2.5) * pen.width
            dark[(rows - ys[k]) ** 2 + (columns - xs[k]) ** 2 < gap**2] = 0
    if pen.grain:
        noise = ndimage.gaussian_filter(rng.standard_normal(strokes.shape), 0.8)
        dark *= np.clip(1 - pen.grain * (0.25 + 0.9 * noise), 0, 1)
    return pen.darkness * dark
