"""Generated objects: simple shapes on and beside one another, as in icons."""

from __future__ import annotations

import numpy as np

from pokecolor.sources.creatures.contours import (
    arcs,
    blob,
    leaf,
    limb,
    mirrored,
    ruff,
    shifted,
    smooth,
    turn,
)
from pokecolor.sources.creatures.figure import Figure, Shape

Box = tuple[float, float, float, float]
"""Center and half width and half height."""

MOST_COLORS = 6
"""Maximum number of colors of a drawing."""


class ObjectPainter:
    """Draws into a figure; its shapes' regions number the colors: "0", "1".

    Args:
        figure: where shapes go.
    """

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.colors = 0

    def draw(self) -> None:
        """Draw one object or several."""
        if self.figure.chance(0.75):
            self._object((0, 0, 1, self.figure.u(0.5, 1.6)))
        else:
            self._several()

    def _color(self, fresh: float = 0.65) -> str:
        """The number of a color: a new one, or one of another shape."""
        if self.colors == 0 or (self.colors < MOST_COLORS and self.figure.chance(fresh)):
            self.colors += 1
            return str(self.colors - 1)
        return str(self.figure.rng.integers(self.colors))

    def _several(self) -> None:
        """Two to four objects in a row or scattered, each with few details."""
        f = self.figure
        count = f.pick(2, 2, 3, 4)
        falls = f.u(-0.5, 0.5)
        for k in range(count):
            size = f.u(0.7, 1.0)
            center = (2.1 * k, falls * k + f.u(-0.6, 0.6))
            self._object((*center, size, size * f.u(0.6, 1.5)), details=f.pick(0, 0, 1))

    def _object(self, box: Box, details: int | None = None) -> None:
        """A body, with what is behind it, on it and at its edges."""
        f = self.figure
        color = self._color()
        points = self._contour(box)
        if details is None:
            details = int(f.rng.choice([0, 1, 2, 3, 4], p=[0.08, 0.27, 0.3, 0.22, 0.13]))
        plans = [f.pick(*self._PLANS) for _ in range(details)]
        for plan in plans:
            if plan in self._BEHIND:
                plan(self, box, None)
        body = f.add(color, points)
        for plan in plans:
            if plan not in self._BEHIND:
                plan(self, box, body)
        if f.chance(0.25):
            self._strokes(box, body)

    def _contour(self, box: Box) -> np.ndarray:
        """A closed contour that about fills a box."""
        f = self.figure
        x, y, w, h = box
        kind = f.rng.integers(9)
        if kind <= 1:
            return blob((x, y), (w, h), 0, f.u(1.8, 2.4), f.u(-0.3, 0.3))
        if kind == 2:
            return blob((x, y), (w, h), 0, f.u(3, 9))
        if kind == 3:  # a polygon with straight or bulging sides
            sides = f.pick(3, 4, 5, 6, 8)
            angle = np.linspace(0, 2 * np.pi, sides, endpoint=False) + f.u(0, 2 * np.pi)
            corners = np.stack([np.cos(angle), np.sin(angle)], 1)
            return arcs(shifted(corners * (w, h), x, y), f.pick(0.0, 0.0, f.u(0.03, 0.2)), 6)
        if kind == 4:  # a star, a flower, a cloud
            spikes = int(f.rng.integers(4, 11))
            jitter = 1 + f.pick(0.0, 0.15) * f.rng.normal(size=spikes)
            return ruff((x, y), (w, h), spikes, f.u(0.12, 0.5), f.pick(0.0, f.u(0, 0.5)), jitter)
        if kind <= 6:  # a vessel: turned on a lathe
            heights = np.linspace(-h, h, 5)
            widths = w * np.array([f.u(0.15, 1), *f.rng.uniform(0.35, 1, 3), f.u(0.3, 1)])
            side = smooth(np.stack([widths, heights], 1), 20)
            return shifted(np.vstack([side, side[::-1] * (-1, 1)]), x, y)
        if kind == 7:  # a trapeze
            top, bottom = w * f.u(0.35, 1), w * f.u(0.35, 1)
            corners = np.array([(-top, -h), (top, -h), (bottom, h), (-bottom, h)])
            return arcs(shifted(corners, x, y), f.pick(0.0, 0.05), 5)
        bend = f.u(-0.7, 0.7) * w  # a banana, a river, a snake
        spine = np.array([(-w, 0), (-w / 3, bend), (w / 3, f.pick(-1, 1) * bend), (w, 0)])
        return limb(shifted(turn(spine, f.u(-0.8, 0.8)), x, y), [f.u(0.2, 0.4) * h] * 2)

    # ---- what a body may have; `box` is about its size, `body` None for what lies behind it

    def _bands(self, box: Box, body: Shape) -> None:
        """Cut across once or more often."""
        f = self.figure
        x, y, w, h = box
        color, long = self._color(0.8), 3 * max(w, h)
        count = f.pick(1, 1, 2, 3)
        tilt = f.pick(0, np.pi / 2, f.u(0, np.pi))
        reach = w if abs(np.cos(tilt)) > 0.7 else h
        for k in range(count):
            if count == 1 and f.chance(0.6):  # all beyond a line
                low, high = reach * f.u(-0.5, 0.5), long
            else:
                middle = reach * (2 * (k + 0.5) / count - 1)
                half = reach / count * f.u(0.25, 0.55)
                low, high = middle - half, middle + half
            band = np.array([(low, -long), (high, -long), (high, long), (low, long)])
            f.add(color, shifted(turn(band, tilt), x, y), on=body)

    def _inset(self, box: Box, body: Shape) -> None:
        """A smaller shape inside: a label, a window, a core; by chance one more in that."""
        f = self.figure
        x, y, w, h = box
        for _ in range(f.pick(1, 1, 2)):
            w, h = w * f.u(0.35, 0.8), h * f.u(0.35, 0.8)
            inner = (x + 0.3 * f.u(-1, 1) * w, y + 0.3 * f.u(-1, 1) * h, w, h)
            f.add(self._color(0.8), self._contour(inner), on=body)

    def _rim(self, box: Box, body: Shape) -> None:
        """Its own outline once more, smaller."""
        f = self.figure
        center = (body.points.min(0) + body.points.max(0)) / 2
        f.add(self._color(0.85), center + f.u(0.55, 0.85) * (body.points - center), on=body)

    def _row(self, box: Box, body: Shape) -> None:
        """Similar shapes side by side: buttons, windows, petals in a ring."""
        f = self.figure
        x, y, w, h = box
        color, count = self._color(0.8), int(f.rng.integers(2, 6))
        size = f.u(0.45, 0.85) / count
        if f.chance(0.4):
            angle = np.linspace(0, 2 * np.pi, count, endpoint=False) + f.u(0, 3)
            centers = 0.6 * np.stack([np.cos(angle), np.sin(angle)], 1)
        else:
            along = np.linspace(-1, 1, count) * (1 - 1 / count)
            across = np.full(count, f.u(-0.4, 0.4))
            centers = np.stack([along, across] if f.chance(0.6) else [across, along], 1)
        square, tall = f.pick(2.0, f.u(3, 8)), f.u(0.6, 1.6)
        for dx, dy in centers:
            patch = blob((x + dx * w, y + dy * h), (size * w, size * h * tall), 0, square, 0, 20)
            f.add(color, patch, on=body)

    def _cap(self, box: Box, body: Shape) -> None:
        """A lid, a roof, a knob on top."""
        f = self.figure
        x, y, w, h = box
        height = h * f.u(0.15, 0.5)
        at = (x + f.pick(0, f.u(-0.3, 0.3)) * w, y - h - 0.3 * height)
        f.add(self._color(0.75), self._contour((*at, w * f.u(0.2, 1.1), height)))

    def _feet(self, box: Box, body: Shape) -> None:
        """Wheels, legs, a stand: similar shapes below, sometimes with hubs."""
        f = self.figure
        x, y, w, h = box
        color, count = self._color(0.75), f.pick(1, 2, 2, 2, 3, 4)
        size = min(0.4 * w, 0.8 * w / count) * f.u(0.6, 1.0)
        square, tall = f.pick(2.0, f.u(4, 8)), f.u(0.5, 1.6)
        hub = self._color(0.6) if f.chance(0.35) else None
        for k in range(count):
            center = (x + w * 0.8 * (2 * (k + 0.5) / count - 1), y + h + 0.3 * size)
            wheel = f.add(color, blob(center, (size, size * tall), 0, square))
            if hub is not None:
                f.add(hub, blob(center, (0.5 * size, 0.5 * size * tall), 0, square), on=wheel)

    def _sides(self, box: Box, body: Shape) -> None:
        """Handles, leaves, arms: the same on both sides or on one."""
        f = self.figure
        x, y, w, h = box
        color, high = self._color(0.75), f.u(-0.7, 0.6) * h
        reach = w * f.u(0.3, 0.9)
        root, tip = (0.85 * w, high), (0.9 * w + reach, high + f.u(-0.8, 0.5) * h)
        if f.chance(0.5):
            points = leaf(root, tip, reach * f.u(0.15, 0.45), f.u(-0.3, 0.3))
        else:
            bow = (0.9 * w + 1.2 * reach, high + f.u(-0.3, 0.3) * h)
            points = limb([root, bow, tip], [reach * f.u(0.08, 0.25)] * 2)
        self._on_one_side_or_both(color, points, (x, y), both=0.6)

    def _backdrop(self, box: Box, body: None) -> None:
        """Something larger behind: a disc, a cloud, a board."""
        f = self.figure
        x, y, w, h = box
        center = (x + 0.2 * f.u(-1, 1) * w, y + 0.3 * f.u(-1, 1) * h)
        f.add(self._color(0.8), self._contour((*center, w * f.u(1.1, 1.6), h * f.u(1, 1.4))))

    def _stick(self, box: Box, body: None) -> None:
        """A stem, a handle, a pole that comes out from behind."""
        f = self.figure
        x, y, w, h = box
        far = np.array([(0, 0), (0.2 * f.u(-1, 1) * w, 1.3 * h), (0.4 * f.u(-1, 1) * w, 2.2 * h)])
        tilt = f.pick(0, 0, np.pi, f.u(0, 2 * np.pi))
        width = min(w, h) * f.u(0.08, 0.25)
        f.add(
            self._color(0.75), limb(shifted(turn(far, tilt), x, y), [width, width * f.u(0.6, 1.5)])
        )

    def _handle(self, box: Box, body: None) -> None:
        """A bow from body to body, on one side or on both, with the page seen through it."""
        f = self.figure
        x, y, w, h = box
        color, out = self._color(0.75), w * f.u(1.3, 1.9)
        high, low = sorted(h * f.u(-0.8, 0.8) for _ in range(2))
        low = max(low, high + 0.6 * h)
        bow = [(0.5 * w, high), (out, high + 0.1 * h), (out, low - 0.1 * h), (0.5 * w, low)]
        tilt = f.pick(0, 0, -np.pi / 2, f.u(0, 2 * np.pi))
        points = turn(limb(bow, [min(w, h) * f.u(0.06, 0.15)] * 2, points=24), tilt)
        self._on_one_side_or_both(color, points, (x, y), both=0.3)

    def _on_one_side_or_both(
        self, color: str, points: np.ndarray, middle: tuple[float, float], both: float
    ) -> None:
        """A shape beside a middle and, with the probability `both`, its mirror image."""
        self.figure.add(color, shifted(points, *middle))
        if self.figure.chance(both):
            self.figure.add(color, shifted(mirrored(points), *middle))

    def _strokes(self, box: Box, body: Shape) -> None:
        """Lines and dots that no color fills."""
        f = self.figure
        x, y, w, h = box
        for _ in range(f.rng.integers(1, 4)):
            start = np.array([x + f.u(-0.8, 0.8) * w, y + f.u(-0.8, 0.8) * h])
            if f.chance(0.3):
                dot = blob(tuple(start), (0.05, 0.05), points=12)
                f.ink(dot, "black", on=body, weight=0)
                continue
            turns = [start, start + f.rng.normal(0, 0.3, 2), start + f.rng.normal(0, 0.5, 2)]
            f.ink(smooth(turns, 12), on=body, weight=f.u(0.6, 1.0))

    _PLANS = (
        _bands, _bands, _inset, _inset, _rim, _row, _cap, _feet, _sides, _backdrop, _stick,
        _handle,
    )  # fmt: skip
    _BEHIND = (_backdrop, _stick, _handle)


def draw_object(rng: np.random.Generator) -> Figure:
    """An object of any size and position; see `ObjectPainter`."""
    figure = Figure(rng)
    ObjectPainter(figure).draw()
    return figure
