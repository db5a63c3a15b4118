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
    """What a sketch is drawn with; widths in pixels of the page that it is drawn on."""

    width: float
    breaks: int
    """How many gaps there are."""
    grain: float
    """How uneven the strokes are, 0 for ink to 1."""
    darkness: float
    """Of the strokes, to 1 for black."""

    @classmethod
    def sample(cls, rng: Generator, pixel: float) -> Pen:
        """A pen for a page of which `pixel` pixels become one of the sketch."""
        pencil = rng.random() < 0.25
        return cls(
            width=pixel * float(rng.uniform(0.6, 1.2) if rng.random() < 0.5 else rng.uniform(1, 2)),
            breaks=int(rng.integers(1, 7)) if rng.random() < 0.3 else 0,
            grain=float(rng.uniform(0.3, 1)) if pencil else 0.0,
            darkness=float(rng.uniform(0.45, 0.9)) if pencil else 1.0,
        )


def stroke_width(ink: np.ndarray) -> float:
    """About how wide the strokes of bool [height, width] are, in pixels; 1 where there are none."""
    depth = ndimage.distance_transform_edt(ink)
    ridge = (depth >= ndimage.maximum_filter(depth, 3)) & ink
    return max(1.0, 2 * float(np.median(depth[ridge])) - 1) if ridge.any() else 1.0


def redraw(ink: np.ndarray, edges: np.ndarray, width: float) -> np.ndarray:
    """Strokes brought to a width, and lines along edges that have none: bool [height, width].

    Args:
        ink: the strokes, bool [height, width].
        edges: where areas meet, bool [height, width].
        width: of the lines, in pixels.
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
    """How dark each pixel is drawn: float32 [height, width], 0 to 1.

    Args:
        strokes: bool [height, width], of the pen's width.
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
