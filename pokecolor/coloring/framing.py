"""Crops and scales line art to the subject size and line width of the training data."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.core.images.conversion import fit, reduce_blocks

GRID = 512
"""The subject is looked for on so many pixels along the longer side."""
INK = 0.2
"""Ink from which on a pixel is drawn."""
SPECK = 5e-5
"""Dirt smaller than this share of the page does not belong to the subject."""
FILLS = 0.6
"""What fills this share of the page's longer side is as large as in training."""
MARGIN = 0.06
"""White on each side of the subject, as a share of its longer side, about as in training."""
FRAME, FRAME_SPAN, FRAME_WIDTH = 0.85, 0.88, 0.04
"""Lines along all four sides, each drawn for this share of its length, are a frame, if it is as
large as this share of the page; its lines are no wider than this share of the longer side."""
FINE = 4
"""Strokes are widened at so many times the model's size."""
ENOUGH, WANTED = 0.85, 1.2
"""Strokes narrower than the first are widened to the second, in the model's pixels. In training
all have 1.0 or more, half of them 1.6 or more."""
FAINT = 0.6
"""Strokes with less ink than this are stretched to full ink; few in training are so faint."""
ROOM = 1 / 6
"""Strokes take no more than this share of the distance between them."""
CLOSING = 1 / 4
"""A closed region loses no more than this share of its radius on each side."""
SOLID = 8
"""Black areas are shown as outlines if a ball of this radius, in the model's pixels, fits in; none
in training are so wide."""


class Box(NamedTuple):
    """A part of an image, in its pixels; right and bottom lie outside, as in Pillow."""

    left: int
    top: int
    right: int
    bottom: int


def find_subject(ink: np.ndarray) -> Box:
    """Where the drawing is: its ink with a margin, without a frame around it.

    Args:
        ink: float32 [height, width], 0 to 1.

    Returns:
        the whole page if the drawing fills it as in training, or if there is none.
    """
    height, width = ink.shape
    # the darkest of each block, so that hairlines stay
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


def show(ink: np.ndarray, box: Box, size: int) -> np.ndarray:
    """What the model is shown: the subject, its strokes as wide and dark as it knows them.

    Strokes are widened by a dilation on a finer grid (Serra 1982), no further than the white
    beside them allows.

    Args:
        ink: float32 [height, width], 0 to 1.
        box: of `find_subject`.
        size: of the model's square.

    Returns:
        uint8 [size, size, 3], black on white; no more than resized where strokes are wide enough.
    """
    inked = _picture(1 - ink).crop(box)
    fine = 1 - fit(inked, FINE * size)[..., 0].astype(np.float32) / 255
    solid = _solid(fine)
    full = _fullness(np.where(solid, 0, fine))
    dark = np.minimum(fine / full, 1)
    stroke, white = _widths(np.where(solid, 0, dark))
    narrow = 0 < stroke < FINE * ENOUGH
    if not narrow and full >= FAINT and not solid.any():
        return fit(inked, size)
    if narrow or full < FAINT:
        fine = dark
    if narrow:
        wanted = min(FINE * WANTED, max(stroke, ROOM * white))
        fine = _widen(fine, (wanted - stroke) / 2)
    if solid.any():
        inside = ndimage.distance_transform_edt(solid)
        fine = np.where(inside > FINE * WANTED, 0, fine)
    return fit(_picture(1 - fine), size)


def _picture(light: np.ndarray) -> Image.Image:
    grey = np.round(255 * light).astype(np.uint8)
    return Image.fromarray(np.repeat(grey[..., None], 3, axis=-1))


def _extent(drawn: np.ndarray, within: Box) -> Box | None:
    """The box around what is drawn, dirt aside; None for a blank page."""
    drawn = drawn[within.top : within.bottom, within.left : within.right]
    # a broken line is one mark, not many specks
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
    """The page within the frame that is drawn around it, if one is; frames may be doubled."""
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
    """How far a line along one side (left, top, right, bottom) reaches inward; 0 for no line."""
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
    # squares are found faster than balls
    balls = ndimage.minimum_filter(black, 2 * int(0.7 * radius) + 1, mode="constant")
    if balls.any():
        depth = ndimage.distance_transform_edt(np.pad(black, 1))[1:-1, 1:-1]
        balls = depth > radius
    if not balls.any():
        return balls
    return black & (ndimage.distance_transform_edt(~balls) <= radius + 1)


def _widths(ink: np.ndarray) -> tuple[float, float]:
    """The mean width of strokes, counted as black, and of the white between them, in pixels.

    Both are areas by half the length of the edges: a mean chord, as in stereology.
    """
    peak = ndimage.maximum_filter(ink, 2 * FINE + 1)
    strokes = (ink > 0.5 * peak) & (ink > INK / 2)
    # how often lines along both axes cross an edge tells its length (Cauchy-Crofton)
    crossings = sum((np.diff(strokes, axis=axis) != 0).sum() for axis in (0, 1))
    edges = np.pi / 4 * float(crossings)
    if edges == 0:
        return 0.0, 0.0
    return 2 * float(ink.sum() / edges), 2 * float((~strokes).sum() / edges)


def _fullness(ink: np.ndarray) -> float:
    """The ink in the middle of the median stroke, 0 to 1; 1 if there is none."""
    middles = (ink >= ndimage.maximum_filter(ink, FINE + 1)) & (ink > INK / 2)
    return float(np.median(ink[middles])) if middles.any() else 1.0


def _widen(ink: np.ndarray, reach: float) -> np.ndarray:
    """Dilate strokes by `reach` pixels, a fraction too, and by less within small regions."""
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
