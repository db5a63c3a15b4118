"""What a model painted, carried to the sketch's own size along its lines."""

from __future__ import annotations

import numpy as np
from PIL.Image import Resampling
from scipy import ndimage

from pokecolor.colors import TERMS, name_colors
from pokecolor.images import resize

LINE = 0.25
"""Ink from which on a pixel belongs to a line, and its color says nothing of the fill beside it."""
PAINTED_LINE, PAINTED_WIDTH = 30, 5
"""What is darker than all around it by so much, of 255, thinner than so many of the model's pixels,
and beside a line of the sketch, is that line as the model painted it."""
MAX_SIDE = 2048
"""Colors are spread at no more pixels than this along the longer side; lines keep their own."""
GROUND = 0.93
"""The lightness of its darkest channel from which on a color may be background."""
GROUND_SHARE = 0.3
"""The light share from which on a region at the border is background."""
SOLID, SOLID_AREA, SOLID_RADIUS, SOLID_RIM = 0.8, 0.01, 0.02, 0.2
"""Paint in such a region is more than a spill if its darkest channel is no lighter than this, there
is so much of it, as a share of the image, it is so thick, as a share of the longer side, and such a
share of its rim is a line."""
FLAT_GAP, GROUND_GAP = 1 / 50, 1 / 14
"""Gaps in an outline up to these shares of the longer side are closed by `flatten`, where closing
too much would part what belongs together, and for `background`, where it costs little."""
SPECK = 3e-5
"""Regions smaller than this share of the image take the color of a neighbor."""


def color_layer(painted: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """Spread the colors of a small painting over a large sketch, along its lines.

    A model paints lines, too, in pixels larger than the sketch's. Its colors are trusted where
    there is no line; from there they flow to the rest without crossing ink before they must
    (watershed, Meyer 1994).

    Args:
        painted: uint8 [h, w, 3], the model's picture of the whole sketch.
        ink: float [height, width], 0 to 1, of the sketch; a larger grid than that of `painted`.

    Returns:
        uint8 [height, width, 3]; under the lines it continues the fills beside them.
    """
    height, width = ink.shape
    working = _fit_side(ink)
    trusted = resize(working, painted.shape[:2], Resampling.BOX) < LINE / 2
    if not trusted.any():
        return resize(painted, (height, width))
    lines = _painted_lines(painted, trusted)
    inside = ndimage.binary_erosion(trusted, border_value=1).astype(np.int32)
    trusted &= ~lines
    # each trusted pixel of the painting is a seed; the others are flooded from the nearest
    number = np.zeros(painted.shape[:2], np.int32)
    number[trusted] = np.arange(1, trusted.sum() + 1)
    seeds = resize(number, working.shape, Resampling.NEAREST)
    seeds[working >= LINE] = 0
    owner = _flood(working, seeds)
    colors = np.concatenate([[[0, 0, 0]], painted[trusted]]).astype(np.uint8)
    flooded = colors[owner]
    nearest = ndimage.distance_transform_edt(lines, return_distances=False, return_indices=True)
    smooth = resize(painted[tuple(nearest)], working.shape)
    # a blend of trusted pixels alone is smooth; near lines it would take their black in
    clear = (resize(inside, working.shape, Resampling.NEAREST) > 0) & (working < LINE)
    return resize(np.where(clear[..., None], smooth, flooded), (height, width))


def _painted_lines(painted: np.ndarray, trusted: np.ndarray) -> np.ndarray:
    """Where the model painted a line a little beside that of the sketch: bool [h, w].

    Args:
        painted: uint8 [h, w, 3].
        trusted: bool [h, w], where the sketch has no line.
    """
    lightness = painted.mean(-1)
    around = ndimage.grey_closing(lightness, (PAINTED_WIDTH, PAINTED_WIDTH))
    beside = ndimage.binary_dilation(~trusted, np.ones((3, 3)))
    lines = trusted & beside & (around - lightness > PAINTED_LINE)
    # a shape that is dark all over is a dark shape
    shapes, count = ndimage.label(trusted)
    lit = np.bincount(shapes[trusted & ~lines], minlength=count + 1) > 0
    return lines & lit[shapes]


def flatten(colors: np.ndarray, ink: np.ndarray, ground: np.ndarray) -> np.ndarray:
    """Give each region that lines close one clean color.

    Small gaps in the lines are closed first, as flatters do with a ball that does not fit through
    (Zhang et al., "Vectorizing cartoon animations", 2009, section 4). Where a wider gap lets the
    background in, what is painted there is a region of its own. The color is the median of those
    pixels that bear the commonest name; that of all might be one that nobody painted.

    Args:
        colors: uint8 [height, width, 3], of `color_layer`.
        ink: float [height, width], 0 to 1.
        ground: bool [height, width], of `background`.

    Returns:
        uint8 [height, width, 3].
    """
    height, width = ink.shape
    working = _fit_side(ink)
    small = resize(colors, working.shape)
    nothing = resize(ground.astype(np.int32), working.shape, Resampling.NEAREST) > 0
    pixels = np.flatnonzero(working < LINE)
    if not pixels.size:
        return colors  # all is ink
    regions = _apart(_regions(working, FLAT_GAP)[0], working, nothing)
    of = regions.ravel()[pixels]
    values = small.reshape(-1, 3)[pixels]
    names = name_colors(values)
    votes = np.zeros((regions.max() + 1, len(TERMS)), np.int64)
    np.add.at(votes, (of, names), 1)
    common = votes.argmax(1)[of] == names
    flat = np.zeros((len(votes), 3), np.uint8)
    labels = np.arange(1, len(flat))
    for channel in range(3):
        flat[1:, channel] = ndimage.median(values[common, channel], of[common], labels)
    grown = resize(regions, (height, width), Resampling.NEAREST)
    return flat[grown]


def _apart(regions: np.ndarray, ink: np.ndarray, nothing: np.ndarray) -> np.ndarray:
    """Regions, int32 [height, width], those that are partly background divided from it."""
    open_ = ink < LINE
    mixed = np.isin(regions, np.unique(regions[nothing])) & open_
    painted, count = ndimage.label(mixed & ~nothing)
    if not count:
        return regions
    specks = np.bincount(painted.ravel()) < SPECK * ink.size
    last = regions.max()
    seeds = np.where(open_, regions, 0)
    seeds[painted > 0] = last + painted[painted > 0]
    seeds[(painted > 0) & specks[painted]] = 0
    return _flood(ink, seeds)


def background(colors: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """Where nothing is drawn: bool [height, width].

    These are the regions at the border, closed by lines as in `flatten`, that are light in a good
    part. What was spilled beyond the lines in such a region is none of the drawing. But a shape may
    be open, such as shoulders at the lower border: what is painted solidly stays. And where the
    ball does not fit, there may be a tail whose outline is broken: all that is painted there stays.

    Args:
        colors: uint8 [height, width, 3], of `color_layer`.
        ink: float [height, width], 0 to 1.
    """
    height, width = ink.shape
    working = _fit_side(ink)
    regions, wide = _regions(working, GROUND_GAP)
    lightness = resize(colors, working.shape).min(-1) / 255
    light = lightness >= GROUND
    open_ = working < LINE
    size = np.bincount(regions[open_], minlength=regions.max() + 1)
    share = np.bincount(regions[open_ & light], minlength=len(size)) / np.maximum(size, 1)
    border = np.concatenate([regions[0], regions[-1], regions[:, 0], regions[:, -1]])
    empty = [region for region in np.unique(border) if share[region] >= GROUND_SHARE]
    nothing = np.isin(regions, empty)
    nothing &= light | (wide & ~_solid(nothing & (lightness < SOLID), open_))
    return (resize(nothing.astype(np.int32), (height, width), Resampling.NEAREST) > 0) & (
        ink < LINE
    )


def _solid(paint: np.ndarray, open_: np.ndarray) -> np.ndarray:
    """The patches of paint that are large and thick and end at lines.

    Args:
        paint: bool [height, width].
        open_: bool [height, width], where no line is.
    """
    patches, count = ndimage.label(paint)
    if not count:
        return paint
    # a line that runs through a patch makes it no thinner
    around = np.pad(paint | ~open_, 1, mode="edge")
    depth = ndimage.distance_transform_edt(around)[1:-1, 1:-1]
    thick = depth > max(1.0, SOLID_RADIUS * max(paint.shape))
    rim = np.where(paint, 0, ndimage.maximum_filter(patches, 3))

    def pixels(of: np.ndarray) -> np.ndarray:
        return np.bincount(of.ravel(), minlength=count + 1)

    solid = (pixels(patches) >= SOLID_AREA * paint.size) & (pixels(patches[thick]) > 0)
    solid &= pixels(rim[~open_]) >= SOLID_RIM * pixels(rim)
    solid[0] = False
    return solid[patches]


def _regions(ink: np.ndarray, gap: float) -> tuple[np.ndarray, np.ndarray]:
    """The regions that lines close, gaps closed by a ball of this diameter.

    Args:
        ink: float [height, width], 0 to 1.
        gap: as a share of the longer side.

    Returns:
        numbers from 1 on, int32 [height, width], lines included; and where the ball fits, bool.
    """
    open_ = ink < LINE
    plain, count = ndimage.label(open_)
    if not count:
        return np.ones(ink.shape, np.int32), np.zeros(ink.shape, bool)
    radius = gap * max(ink.shape) / 2
    seeds, balls = ndimage.label(ndimage.distance_transform_edt(open_) > radius)
    if balls:
        # what the balls cover lies on their side of every line
        away, nearest = ndimage.distance_transform_edt(seeds == 0, return_indices=True)
        seeds = np.where(away <= radius, seeds[tuple(nearest)], 0)
    wide = seeds > 0
    # a region too small for a ball is a region all the same, unless it is a speck
    wanted = np.bincount(plain.ravel()) >= SPECK * ink.size
    wanted[np.unique(plain[seeds > 0])] = False
    wanted[0] = False
    numbers = np.where(wanted, balls + np.cumsum(wanted), 0)
    seeds = np.where(seeds > 0, seeds, numbers[plain])
    if not seeds.any():
        return np.ones(ink.shape, np.int32), wide
    return _flood(ink, seeds), wide


def _flood(ink: np.ndarray, seeds: np.ndarray) -> np.ndarray:
    """Grow numbered seeds over all pixels, those with little ink first: int32 [height, width]."""
    cost = np.round(255 * np.clip(ink, 0, 1)).astype(np.uint8)
    return ndimage.watershed_ift(cost, seeds.astype(np.int32))


def _fit_side(ink: np.ndarray) -> np.ndarray:
    scale = MAX_SIDE / max(ink.shape)
    if scale >= 1:
        return ink.astype(np.float32)
    shape = tuple(max(1, round(side * scale)) for side in ink.shape)
    return resize(ink.astype(np.float32), shape, Resampling.BOX)
