"""A drawing with named parts, which can be posed and redrawn with another pen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.sources.color_areas import SIDE, segment_flat_areas
from pokecolor.sources.labeled.labels import BACKGROUND
from pokecolor.sources.labeled.strokes import Pen, draw_strokes, redraw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator

    from pokecolor.sources.labeled.labels import Label

FINE = 0.8
"""Line width of the color image, in pixels: the sketch's strokes are drawn over it anyway."""
OVERSAMPLING = 2


@dataclass(frozen=True)
class LabeledDrawing:
    """The parts and the ink of a drawing, on a page of SIDE x SIDE pixels."""

    names: tuple[str, ...]
    """Names of the parts, the largest first."""
    part_map: np.ndarray
    """uint8 [SIDE, SIDE]: 1 + the index of the part, also below lines, 0 for paper."""
    ink: np.ndarray
    """bool [SIDE, SIDE]."""

    @classmethod
    def of(cls, picture: np.ndarray, label: Label) -> LabeledDrawing:
        """Segment the labeled parts of a picture of `color_areas.fit_picture`.

        Unlabeled regions belong to the nearest part.

        Raises:
            ValueError: the label's points hit no region, as if it is of another picture.
        """
        regions, ink = segment_flat_areas(picture)
        part_of = np.zeros(regions.max() + 1, np.uint8)
        names = [name for name in label.parts if name != BACKGROUND]
        known = np.zeros(len(part_of), bool)
        for name, points in label.parts.items():
            for x, y in points:
                hit = regions[min(SIDE - 1, int(y * SIDE)), min(SIDE - 1, int(x * SIDE))]
                if hit:
                    part_of[hit] = 0 if name == BACKGROUND else 1 + names.index(name)
                    known[hit] = True
        if not part_of.any():
            raise ValueError(f"{label.id}: none of its points is on a region")
        nearest = ndimage.distance_transform_edt(
            ~known[regions], return_distances=False, return_indices=True
        )
        part_map = part_of[regions][tuple(nearest)]
        area = np.bincount(part_map.ravel(), minlength=len(names) + 1)[1:]
        order = np.argsort(-area, kind="stable")
        renumbered = np.concatenate([[0], 1 + np.argsort(order)]).astype(np.uint8)
        shown = order[area[order] > 0]
        return cls(tuple(names[i] for i in shown), renumbered[part_map], ink)

    def posed(self, place: PagePlace, side: int) -> LabeledDrawing:
        """The drawing in a pose, on a page of `side` x `side` pixels."""
        matrix, offset = place.inverse(side)
        part_map = ndimage.affine_transform(
            self.part_map, matrix, offset, (side, side), order=0, prefilter=False
        )
        ink = ndimage.affine_transform(
            self.ink.astype(np.float32), matrix, offset, (side, side), order=1, prefilter=False
        )
        return LabeledDrawing(self.names, part_map, ink > 0.5)


@dataclass(frozen=True)
class PagePlace:
    """The pose of a drawing on a page: position, size, rotation."""

    x: float
    y: float
    """Center, as shares of the page."""
    width: float
    height: float
    """Size, relative to a drawing that fills the page."""
    angle: float
    """Radians."""
    mirrored: bool

    @classmethod
    def sample(cls, rng: Generator, center: tuple[float, float], size: float) -> PagePlace:
        """A random pose, slightly rotated and stretched."""
        stretch = np.exp(rng.uniform(-0.12, 0.12))
        x, y = center
        return cls(
            x,
            y,
            size * stretch,
            size / stretch,
            float(rng.normal(0, 0.12)),
            bool(rng.random() < 0.5),
        )

    @classmethod
    def alone(cls, rng: Generator) -> PagePlace:
        """A random pose for the only drawing on a page."""
        size = rng.uniform(0.6, 1.06)
        room = max(0.0, 1 - size) / 2
        x, y = 0.5 + rng.uniform(-room, room, 2)
        return cls.sample(rng, (float(x), float(y)), float(size))

    def inverse(self, side: int) -> tuple[np.ndarray, np.ndarray]:
        """Matrix and offset of the map from the page's pixels (row, column) to the drawing's."""
        cos, sin = np.cos(self.angle), np.sin(self.angle)
        turn = np.array([[cos, sin], [-sin, cos]])
        scale = SIDE / side
        flip = -1 if self.mirrored else 1
        matrix = scale * np.diag([1 / self.height, flip / self.width]) @ turn
        center = side * np.array([self.y, self.x])
        return matrix, SIDE / 2 - matrix @ center


def render_sketch(drawing: LabeledDrawing, pen: Pen, rng: Generator, size: int) -> np.ndarray:
    """Black strokes on white: uint8 [size, size, 3]."""
    strokes = redraw(drawing.ink, edges_of(drawing.part_map), pen.width)
    return _page(1 - draw_strokes(strokes, pen, rng), size)


def render_colors(
    drawing: LabeledDrawing, rgb: Sequence[tuple[int, int, int]], size: int
) -> np.ndarray:
    """Each part in its color, on white, below fine black lines: uint8 [size, size, 3]."""
    lines = redraw(drawing.ink, edges_of(drawing.part_map), FINE * OVERSAMPLING)
    table = np.array([(255, 255, 255), *rgb], np.float32) / 255
    page = table[drawing.part_map] * (1 - lines[..., None].astype(np.float32))
    return _page(page, size)


def shrink_map(drawing: LabeledDrawing, sketch: np.ndarray) -> np.ndarray:
    """The part map at the sketch's size, 0 on its lines: uint8 [size, size]."""
    middle = slice(OVERSAMPLING // 2, None, OVERSAMPLING)
    return np.where(sketch.min(-1) < 128, 0, drawing.part_map[middle, middle]).astype(np.uint8)


def edges_of(part_map: np.ndarray) -> np.ndarray:
    """Where parts meet: bool [height, width]."""
    edges = np.zeros(part_map.shape, bool)
    edges[:, 1:] |= part_map[:, 1:] != part_map[:, :-1]
    edges[1:] |= part_map[1:] != part_map[:-1]
    return edges


def _page(light: np.ndarray, size: int) -> np.ndarray:
    image = Image.fromarray(np.round(255 * np.clip(light, 0, 1)).astype(np.uint8)).convert("RGB")
    return np.asarray(image.resize((size, size), Image.Resampling.BOX))
