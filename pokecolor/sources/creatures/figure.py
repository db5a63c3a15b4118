"""A figure: the shapes of a creature, ordered from back to front."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from pokecolor.sources.creatures.contours import contains


@dataclass
class Shape:
    """One contour with its fill and its line."""

    points: np.ndarray
    """float [n, 2]."""
    region: str | None
    """The part it belongs to, "belly"; None for ink, which no coloring changes."""
    ink: str | None = None
    """Fill of an ink shape: "black", "white", or None for a line alone."""
    line: tuple[int, int] | None = None
    """Slice of `points` along which the line runs; None: all around."""
    open: bool = False
    """A line from the first to the last point that does not return."""
    weight: float = 1.0
    """Line width relative to the drawing's; 0 for no line."""
    flat: bool = False
    """Never shaded, because only its shaded side would show."""
    children: list[Shape] = field(default_factory=list)
    """Shapes cut off at this one's contour, such as the spots on a back."""


class Figure:
    """Collects shapes, and draws the random numbers that a creature is made of."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.shapes: list[Shape] = []

    def u(self, low: float, high: float) -> float:
        """A number between `low` and `high`."""
        return float(self.rng.uniform(low, high))

    def chance(self, probability: float) -> bool:
        return bool(self.rng.random() < probability)

    def pick(self, *choices):
        """One of the choices, each as likely."""
        return choices[self.rng.integers(len(choices))]

    def make(
        self, region: str, points: np.ndarray, joined: Shape | None = None, most: float = 0.3
    ) -> Shape:
        """A shape that is not in the figure yet.

        Args:
            joined: this shape grows out of that one: no line is drawn at the root, from the
                contour's two ends for as long as they lie inside `joined`.
            most: the largest share of the contour that either end may go without a line.
        """
        shape = Shape(points, region)
        if joined is not None:
            inside = contains(joined.points, points)
            shape.line = _beyond(inside, int(len(points) * most))
        return shape

    def add(
        self,
        region: str,
        points: np.ndarray,
        *,
        joined: Shape | None = None,
        most: float = 0.3,
        on: Shape | None = None,
    ) -> Shape:
        """Add a part in front of all others; `joined` and `most` as for `make`.

        Args:
            on: the shape lies on that one and is cut off at its edge.
        """
        shape = self.make(region, points, joined, most)
        (self.shapes if on is None else on.children).append(shape)
        return shape

    def ink(
        self,
        points: np.ndarray,
        fill: str | None = None,
        *,
        on: Shape | None = None,
        weight: float = 1.0,
    ) -> None:
        """Add something no coloring changes: an open line, or a shape filled black or white."""
        shape = Shape(points, None, ink=fill, open=fill is None, weight=weight)
        (self.shapes if on is None else on.children).append(shape)

    def walk(self) -> Iterator[Shape]:
        """All shapes with their children, from back to front."""
        for shape in self.shapes:
            yield shape
            yield from shape.children

    def move(self, transform: Callable[[np.ndarray], np.ndarray]) -> None:
        """Apply a map of points [n, 2] to all shapes."""
        for shape in self.walk():
            shape.points = transform(shape.points)


def _beyond(inside: np.ndarray, limit: int) -> tuple[int, int] | None:
    """The slice left when the inside points are cut from both ends, at most `limit` at each."""
    if inside.all():
        return limit, len(inside) - limit
    first = int(np.argmin(inside))
    last = int(np.argmin(inside[::-1]))
    if first == 0 and last == 0:
        return None
    # one point more than lies outside, so that the lines meet
    return max(0, min(first, limit) - 1), len(inside) - max(0, min(last, limit) - 1)
