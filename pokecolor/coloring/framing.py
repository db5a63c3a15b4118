"""Crops and scales line art to the subject size and line width of the training data."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.core.images.conversion import letterbox, reduce_blocks

GRID = 512
"""Resolution of the search for the subject: pixels along the longer side."""
INK = 0.2
"""A pixel with at least this ink is drawn."""
SPECK = 5e-5
"""Marks smaller than this share of the page are dirt, not part of the subject."""
FILLS = 0.6
"""A drawing that fills this share of the page's longer side is as large as in training."""
MARGIN = 0.06
"""Margin on each side of the subject, as a share of its longer side, about as in training."""
FRAME, FRAME_SPAN, FRAME_WIDTH = 0.85, 0.88, 0.04
"""A frame: lines along all four sides, each drawn for the first share of its length, of at least
the second share of the page, no wider than the third share of the longer side."""
FINE = 4
"""Strokes are widened at this multiple of the model's size."""
ENOUGH, WANTED = 0.85, 1.2
"""Strokes narrower than the first value are widened to the second, in the model's pixels. In
training all have at least 1.0, half of them at least 1.6."""
FAINT = 0.6
"""Strokes with less ink than this are darkened to full ink; few in training are so faint."""
ROOM = 1 / 6
"""Widened strokes take at most this share of the distance between strokes."""
CLOSING = 1 / 4
"""Widened strokes take at most this share of the radius of a closed region."""
SOLID = 8
"""Black areas into which a ball of this radius, in the model's pixels, fits are drawn as outlines;
training has no such areas."""


class Box(NamedTuple):
    """A rectangle in pixels; right and bottom are exclusive, as in Pillow."""

    left: int
    top: int
    right: int
    bottom: int


def find_subject(ink: np.ndarray) -> Box:
    """The bounding box of the drawing, with a margin, without a frame around it.

    Args:
        ink: float32 [height, width], 0 to 1.

    Returns:
        the box; the whole page if the drawing fills it as in training, or if it is empty.
    """
    height, width = ink.shape
    # the maximum of each block, so that hairlines stay
    small, step = reduce_blocks(ink, GRID, np.max)
    drawn = small > INK
    page = Box(0, 0, drawn.shape[1], drawn.shape[0])
    inner = _inside_frame(drawn, page)
    left, top, right, bottom = _extent(drawn, inner) or page
    long = max(right - left, bottom - top)
    if inner == page and long >= FILLS * max(drawn.shape):
        return Box(0, 0, width, height)
    margin = round(MARGIN * long)
    return Box(
        step * max(left - margin, inner.left),
        step * max(top - margin, inner.top),
        min(step * min(right + margin, inner.right), width),
        min(step * min(bottom + margin, inner.bottom), height),
    )


def frame_subject(ink: np.ndarray, box: Box, size: int) -> np.ndarray:
    """The model's input: the subject, with strokes as wide and dark as in training.

    Strokes are widened by dilation on a finer grid (Serra 1982), as far as the space between them
    allows.

    Args:
        ink: float32 [height, width], 0 to 1.
        box: the result of `find_subject`.
        size: side of the model's square, in pixels.

    Returns:
        uint8 [size, size, 3], black on white; only resized if strokes are wide enough.
    """
    inked = _picture(1 - ink).crop(box)
    fine = 1 - letterbox(inked, FINE * size)[..., 0].astype(np.float32) / 255
    solid = _solid(fine)
    full = _fullness(np.where(solid, 0, fine))
    dark = np.minimum(fine / full, 1)
    stroke, white = _widths(np.where(solid, 0, dark))
    narrow = 0 < stroke < FINE * ENOUGH
    if not narrow and full >= FAINT and not solid.any():
        return letterbox(inked, size)
    if narrow or full < FAINT:
        fine = dark
    if narrow:
        wanted = min(FINE * WANTED, max(stroke, ROOM * white))
        fine = _widen(fine, (wanted - stroke) / 2)
    if solid.any():
        inside = ndimage.distance_transform_edt(solid)
        fine = np.where(inside > FINE * WANTED, 0, fine)
    return letterbox(_picture(1 - fine), size)


def _picture(light: np.ndarray) -> Image.Image:
    grey = np.round(255 * light).astype(np.uint8)
    return Image.fromarray(np.repeat(grey[..., None], 3, axis=-1))


def _extent(drawn: np.ndarray, within: Box) -> Box | None:
    """The bounding box of the ink, without dirt; None for a blank page."""
    drawn = drawn[within.top : within.bottom, within.left : within.right]
    # a broken line is one mark, not many
    marks, _ = ndimage.label(ndimage.binary_dilation(drawn, np.ones((5, 5))))
    marks *= drawn
    sizes = np.bincount(marks.ravel())
    sizes[0] = 0
    kept = np.flatnonzero(sizes >= max(2, SPECK * drawn.size))
    if not kept.size:
        return None
    rows = np.flatnonzero(np.isin(marks, kept).any(1))
    columns = np.flatnonzero(np.isin(marks, kept).any(0))
    return Box(
        within.left + int(columns[0]),
        within.top + int(rows[0]),
        within.left + int(columns[-1]) + 1,
        within.top + int(rows[-1]) + 1,
    )


def _inside_frame(drawn: np.ndarray, page: Box) -> Box:
    """The page inside its frame, if it has one; frames may be doubled."""
    inner = page
    for _ in range(3):
        extent = _extent(drawn, inner)
        if extent is None:
            return page  # a frame around nothing is the subject
        across = (extent.right - extent.left) / page.right
        down = (extent.bottom - extent.top) / page.bottom
        sides = [_frame_side(drawn, extent, side) for side in range(4)]
        if min(across, down) < FRAME_SPAN or 0 in sides:
            return inner
        left, top, right, bottom = sides
        inner = Box(
            extent.left + left, extent.top + top, extent.right - right, extent.bottom - bottom
        )
        if inner.left >= inner.right or inner.top >= inner.bottom:
            return page  # as in a picture of a few pixels
    return inner


def _frame_side(drawn: np.ndarray, extent: Box, side: int) -> int:
    """Width of the frame's line along a side (left, top, right, bottom); 0 for no line."""
    part = drawn[extent.top : extent.bottom, extent.left : extent.right]
    part = np.rot90(part, -1) if side % 2 == 0 else part
    part = part if side < 2 else part[::-1]
    deep = max(2, round(FRAME_WIDTH * max(drawn.shape)))
    along = part.mean(1)[: 2 * deep]
    lines = np.flatnonzero(along >= FRAME)
    if not lines.size or lines[0] > deep:
        return 0
    end = lines[0]
    while end + 1 < len(along) and along[end + 1] >= FRAME:
        end += 1
    return 0 if end >= 2 * deep - 1 else int(end) + 2


def _solid(ink: np.ndarray) -> np.ndarray:
    """Black areas too wide for strokes: bool [height, width]."""
    black = ink > 0.5
    radius = FINE * SOLID
    # squares are faster to find than balls
    balls = ndimage.minimum_filter(black, 2 * int(0.7 * radius) + 1, mode="constant")
    if balls.any():
        depth = ndimage.distance_transform_edt(np.pad(black, 1))[1:-1, 1:-1]
        balls = depth > radius
    if not balls.any():
        return balls
    return black & (ndimage.distance_transform_edt(~balls) <= radius + 1)


def _widths(ink: np.ndarray) -> tuple[float, float]:
    """The mean width of strokes and of the white between them, in pixels.

    Both are areas divided by half the length of the edges: mean chords, as in stereology.
    """
    peak = ndimage.maximum_filter(ink, 2 * FINE + 1)
    strokes = (ink > 0.5 * peak) & (ink > INK / 2)
    # the number of edge crossings along both axes gives the edges' length (Cauchy-Crofton)
    crossings = sum((np.diff(strokes, axis=axis) != 0).sum() for axis in (0, 1))
    edges = np.pi / 4 * float(crossings)
    if edges == 0:
        return 0.0, 0.0
    return 2 * float(ink.sum() / edges), 2 * float((~strokes).sum() / edges)


def _fullness(ink: np.ndarray) -> float:
    """The median ink in the middle of strokes, 0 to 1; 1 if there are no strokes."""
    middles = (ink >= ndimage.maximum_filter(ink, FINE + 1)) & (ink > INK / 2)
    return float(np.median(ink[middles])) if middles.any() else 1.0


def _widen(ink: np.ndarray, reach: float) -> np.ndarray:
    """Dilate strokes by `reach` pixels, which may be a fraction, and by less in small regions."""
    if reach <= 0:
        return ink
    open_ = ink < 0.5 * np.maximum(ndimage.maximum_filter(ink, 2 * FINE + 1), INK)
    regions, count = ndimage.label(open_)
    depth = ndimage.distance_transform_edt(open_)
    radius = ndimage.maximum(depth, regions, np.arange(count + 1))
    share = np.clip(CLOSING * np.asarray(radius)[regions] / reach, 0, 1)
    whole = int(reach)
    low, high = _dilate(ink, whole), _dilate(ink, whole + 1)
    wide = low + (reach - whole) * (high - low)
    return np.where(open_, ink + share * (wide - ink), np.maximum(ink, wide))


def _dilate(ink: np.ndarray, radius: int) -> np.ndarray:
    if radius == 0:
        return ink
    y, x = np.mgrid[-radius : radius + 1, -radius : radius + 1]
    return ndimage.maximum_filter(ink, footprint=x * x + y * y <= radius * radius + 0.5)
