"""Converts scans and photographs of paper to line art: uneven light, sheet borders, pens."""

from __future__ import annotations

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.core.images.conversion import reduce_blocks, resize

CLEAN_WHITE = 250 / 255
"""At least half of the pixels of digital line art are this light, of 1."""
GRID = 256
"""Resolution of the estimate of the paper's brightness: pixels along the longer side."""
GROUND_SHARE = 1 / 24
"""Radius within which the paper of a pixel is searched, as a share of the longer side."""
AREA_SHARE, AREA_DARKNESS, BLACK = 1 / 6, 0.6, 0.35
"""Dark areas are ink, not shadow, if they are darker than the paper by the second value, as a
factor, and at most as wide as the first, as a share of the longer side; or darker by the third."""
PAPER_NOISE = 0.06
"""Marks fainter than this are grain or shadow of the paper, not ink."""
CONTRAST = 0.15
"""A stroke differs from its surroundings by at least this; otherwise it is grain."""
ALL_THIN = 0.9
"""If this share of a picture's light is thin strokes, it has no light background."""
FULL_INK = 0.98
"""The quantile of a drawing's marks that is stretched to full ink."""
FAINT, FIRM = 0.12, 0.45
"""Hysteresis thresholds (Canny 1986): marks without ink above the second are creases or dirt; in a
stroke, ink below the first is shadow."""
SHEET_AREA, SMALL_SHEET_AREA, SHEET_SHAPE = 0.3, 0.08, 0.88
"""A sheet of paper fills the first share of the page, or the second if the rest is pure white; and
the third share of its bounding box."""
TABLE = 0.75
"""A table is darker than the sheet by this factor, at a sharp edge."""
OUTLINED = 0.6
"""A gray area with lines along this share of its edge is part of the drawing, not a sheet."""
PEN_GRID = 1024
"""Resolution of the search for colored pens: pixels along the longer side."""
PEN = 0.3, 0.5
"""Saturation of ink, of 1: below the first it is black, above the second a pen's own color."""


def is_light_on_dark(light: np.ndarray) -> bool:
    """Whether a picture has light strokes on a dark background, as chalk on a blackboard.

    Args:
        light: float32 [height, width], 0 to 1.
    """
    if np.median(light) > 0.4:
        return False
    small, _ = reduce_blocks(light, 4 * GRID, np.mean)
    reach = max(3, round(max(small.shape) * GROUND_SHARE)) | 1
    bright = small - ndimage.grey_opening(small, (reach, reach))
    if bright.max() > CONTRAST and bright.sum() > ALL_THIN * small.sum():
        return True  # between dense lines, as of hair, the dark background looks like strokes
    dark = ndimage.grey_closing(small, (reach, reach)) - small
    return float(bright[bright > CONTRAST].sum()) > 2 * float(dark[dark > CONTRAST].sum())


def ground_of(light: np.ndarray) -> np.ndarray:
    """The brightness of the paper, without strokes: float32, at most `GRID` px a side."""
    small, _ = reduce_blocks(light, GRID, np.max)
    reach = max(3, round(max(small.shape) * GROUND_SHARE))
    closed = ndimage.grey_closing(small, (reach, reach))
    # the maximum of a block would move the edges of shadows
    return ndimage.gaussian_filter(ndimage.grey_erosion(closed, (3, 3)), 1, mode="nearest")


def find_sheet(light: np.ndarray) -> np.ndarray | None:
    """The sheet of paper, if the picture also shows a white margin or a darker table.

    Args:
        light: float32 [height, width], 0 to 1.

    Returns:
        bool, at most `GRID` along the longer side; None if the paper fills the picture, or there
        is no paper.
    """
    ground = ground_of(light)
    white = ground >= CLEAN_WHITE
    margin = _touching_border(white)
    if margin.mean() > 0.02:
        sheet = _largest(~margin)
        # a small scan on a large page that is otherwise empty
        beside = reduce_blocks(light, GRID, np.min)[0] < 1 - CONTRAST
        beside &= ~ndimage.binary_dilation(sheet, iterations=3)
        least = SHEET_AREA if beside.any() else SMALL_SHEET_AREA
        if not _is_sheet(sheet, least) or not 0.3 < np.median(ground[sheet]) < CLEAN_WHITE:
            return None
        # an area with an outline belongs to the drawing
        darkest = ndimage.minimum_filter(reduce_blocks(light, GRID, np.min)[0], 7)
        outlined = darkest[_edge(sheet)] < TABLE * np.median(ground[sheet])
        return None if outlined.mean() > OUTLINED else _inset(sheet)
    low, high = np.quantile(ground, (0.02, 0.9))
    between = np.sqrt(low * high)
    sheet = _largest(ground > between)
    if not _is_sheet(sheet) or sheet.mean() > 0.98 or np.median(ground[sheet]) >= CLEAN_WHITE:
        return None  # dark around pure white is a drawn border
    # a shadow has a soft border, a sheet a sharp one
    inside = ndimage.grey_dilation(np.where(sheet, ground, 0), (9, 9))
    outside = ndimage.grey_erosion(np.where(sheet, 1, ground), (9, 9))
    edge = _edge(sheet)
    sharp = outside[edge] < TABLE * inside[edge]
    return _inset(sheet & ~_narrow_table(light, sheet, between)) if sharp.mean() > 0.8 else None


def draw_from_paper(sketch: Image.Image, sheet: np.ndarray | None = None) -> Image.Image:
    """Convert a drawing on paper to line art on white.

    The image is divided by the paper's brightness and stretched to full ink. Colored pens keep
    their color; pencil and black pens become black.

    Args:
        sketch: RGB.
        sheet: the result of `find_sheet`; everything outside becomes white.

    Returns:
        RGB, the same size.
    """
    shape = sketch.height, sketch.width
    color, pen = _pens(sketch, sheet)
    darkness = 1 - _on_paper(_light(sketch.convert("L")), sheet)
    if pen is not None:
        least = 1 - darkness
        for channel in sketch.split():  # one at a time, to save memory
            least = np.minimum(least, _on_paper(_light(channel), sheet))
        darkness += resize(pen, shape) * (1 - least - darkness)
    marks = darkness[darkness > PAPER_NOISE]
    full = max(float(np.quantile(marks, FULL_INK)), 2 * PAPER_NOISE) if marks.size else 1.0
    ink = _without_faint(np.clip((darkness - PAPER_NOISE) / (full - PAPER_NOISE), 0, 1))
    if sheet is not None:
        ink[~_at_size(sheet, shape)] = 0
    if color is None:
        grey = np.round(255 * (1 - ink)).astype(np.uint8)
        return Image.fromarray(np.repeat(grey[..., None], 3, axis=-1))
    drawn = [1 - ink * (1 - resize(color[..., channel], shape)) for channel in range(3)]
    return Image.fromarray(np.dstack([np.round(255 * light).astype(np.uint8) for light in drawn]))


def _light(channel: Image.Image) -> np.ndarray:
    return np.asarray(channel, np.float32) / 255


def _on_paper(channel: np.ndarray, sheet: np.ndarray | None) -> np.ndarray:
    """A channel divided by the paper's brightness at each pixel, 0 to 1."""
    ground = ground_of(channel)
    if sheet is not None:
        ground = _from_nearest(ground, ~_at_size(sheet, ground.shape))
    ground = _from_nearest(ground, ground < BLACK * np.quantile(ground, 0.9))
    reach = max(3, round(max(ground.shape) * AREA_SHARE))
    wide = ndimage.grey_closing(ground, (reach, reach))
    ground = np.where(ground < AREA_DARKNESS * wide, wide, ground)
    return np.clip(channel / np.maximum(resize(ground, channel.shape), 1 / 255), 0, 1)


def _at_size(mask: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    return resize(mask.astype(np.int32), shape, Image.Resampling.NEAREST) > 0


def _from_nearest(values: np.ndarray, where: np.ndarray) -> np.ndarray:
    """Replace the values at `where` by the nearest other values."""
    if not where.any() or where.all():
        return values
    # the edge is a blend
    where = ndimage.binary_dilation(where, np.ones((3, 3)), iterations=2)
    if where.all():
        return values
    nearest = ndimage.distance_transform_edt(where, return_distances=False, return_indices=True)
    return values[tuple(nearest)]


def _pens(
    sketch: Image.Image, sheet: np.ndarray | None
) -> tuple[np.ndarray | None, np.ndarray | None]:
    """The color of strokes, and how much it is a pen's: float32 [h, w, 3] and [h, w], 0 to 1.

    They are smaller than the sketch; None if no strokes are colored.
    """
    small = sketch.copy()
    small.thumbnail((PEN_GRID, PEN_GRID), Image.Resampling.BOX)
    dark = np.dstack([1 - _on_paper(_light(channel), sheet) for channel in small.split()])
    most = dark.max(-1)
    weight = np.where(most > 2 * PAPER_NOISE, most, 0)

    def average(of: np.ndarray) -> np.ndarray:
        # over strokes only, and wide enough to collect the blurred color of a photograph
        return ndimage.gaussian_filter(of, 2) / np.maximum(total, 1e-6)

    total = ndimage.gaussian_filter(weight, 2)
    hue = np.dstack([average(dark[..., c] * (weight > 0)) for c in range(3)])
    hue /= np.maximum(hue.max(-1, keepdims=True), 1e-6)
    begin, end = PEN
    pen = np.clip((1 - hue.min(-1) - begin) / (end - begin), 0, 1) * (total > 1e-4)
    if ((pen > 0.5) & (weight > 0)).sum() <= 0.01 * (weight > 0).sum():
        return None, None
    return (pen[..., None] * (1 - hue)).astype(np.float32), pen.astype(np.float32)


def _without_faint(ink: np.ndarray) -> np.ndarray:
    """Remove marks that are faint everywhere, such as creases."""
    marks, count = ndimage.label(ink > FAINT, np.ones((3, 3)))
    firm = np.zeros(count + 1, bool)
    firm[np.unique(marks[ink >= FIRM])] = True
    firm[0] = False
    # include the soft rim of strokes
    kept = ndimage.binary_dilation(firm[marks], np.ones((3, 3)))
    return np.where(kept, ink, 0).astype(np.float32)


def _touching_border(mask: np.ndarray) -> np.ndarray:
    parts, _ = ndimage.label(mask)
    border = np.concatenate([parts[0], parts[-1], parts[:, 0], parts[:, -1]])
    return np.isin(parts, border[border > 0])


def _largest(mask: np.ndarray) -> np.ndarray:
    parts, count = ndimage.label(mask)
    if not count:
        return mask
    sizes = np.bincount(parts.ravel())
    sizes[0] = 0
    return ndimage.binary_fill_holes(parts == sizes.argmax())


def _is_sheet(mask: np.ndarray, least: float = SHEET_AREA) -> bool:
    if mask.mean() < least:
        return False
    (box,) = ndimage.find_objects(mask.astype(int))
    return mask.sum() >= SHEET_SHAPE * mask[box].size


def _edge(sheet: np.ndarray) -> np.ndarray:
    return sheet & ~ndimage.binary_erosion(sheet, border_value=1)


def _narrow_table(light: np.ndarray, sheet: np.ndarray, between: float) -> np.ndarray:
    """The narrow end of a table that tapers along the border of the picture.

    `ground_of` would take it for a stroke.
    """
    reach = round(max(sheet.shape) * GROUND_SHARE)
    dark = reduce_blocks(light, GRID, np.mean)[0] < between
    dark[reach:-reach, reach:-reach] = False
    return ndimage.binary_propagation(~sheet, mask=~sheet | dark)


def _inset(sheet: np.ndarray) -> np.ndarray:
    """The sheet without its edge, which is a shadow; not where the picture's border cuts it."""
    return ndimage.binary_erosion(sheet, np.ones((3, 3)), iterations=2, border_value=1)
