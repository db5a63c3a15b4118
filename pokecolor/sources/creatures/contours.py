"""Contours: closed or open lines as float arrays [points, 2], x to the right and y down."""

from __future__ import annotations

import numpy as np


def smooth(controls: np.ndarray | list, points: int = 16) -> np.ndarray:
    """A curve of `points` points through the control points (uniform Catmull-Rom spline)."""
    p = np.asarray(controls, float)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = np.linspace(0, len(p) - 3, points)
    i = np.minimum(t.astype(int), len(p) - 4)
    t = (t - i)[:, None]
    a, b, c, d = p[i], p[i + 1], p[i + 2], p[i + 3]
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )


def blob(
    center: tuple[float, float],
    radii: tuple[float, float],
    tilt: float = 0.0,
    square: float = 2.0,
    pear: float = 0.0,
    points: int = 36,
) -> np.ndarray:
    """A closed superellipse that starts at its lowest point.

    Args:
        tilt: turned by so many radians.
        square: exponent; 2 is an ellipse, larger is boxier.
        pear: from -0.5 to 0.5; above 0 the lower end is wider, below 0 the upper.
    """
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False) + np.pi / 2
    c, s = np.cos(angle), np.sin(angle)
    x = np.sign(c) * np.abs(c) ** (2 / square) * radii[0] * (1 + pear * s)
    y = np.sign(s) * np.abs(s) ** (2 / square) * radii[1]
    return turn(np.stack([x, y], 1), tilt) + np.asarray(center)


def limb(
    spine: np.ndarray | list, widths: list[float], tip: str = "round", points: int = 16
) -> np.ndarray:
    """The closed contour around a curved spine; it starts and ends at the spine's root.

    Args:
        spine: control points from the root to the tip.
        widths: two or more half widths, spread evenly over the spine.
        tip: "round" (a half circle) or "point".
    """
    line = smooth(spine, points)
    along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True) + 1e-9
    across = np.stack([along[:, 1], -along[:, 0]], 1)
    width = np.maximum(smooth(np.stack([widths, widths], 1), points)[:, :1], 0.0)
    left, right = line + across * width, line - across * width
    if tip == "point":
        end = line[-1:] + along[-1:] * width[-1]
    else:
        angle = np.linspace(0, np.pi, 9)[1:-1, None]
        end = line[-1] + width[-1] * (np.cos(angle) * across[-1] + np.sin(angle) * along[-1])
    return np.vstack([left, end, right[::-1]])


def leaf(
    base: tuple[float, float],
    tip: tuple[float, float],
    width: float,
    bend: float = 0.0,
    root: float = 0.55,
) -> np.ndarray:
    """A pointed shape from `base` to `tip`: an ear, a horn, a feather, a fin.

    Args:
        width: half width at the widest place.
        bend: how far the middle lies off the straight line, as a share of the length.
        root: half width at the base as a share of `width`.
    """
    a, b = np.asarray(base, float), np.asarray(tip, float)
    along = b - a
    middle = (a + b) / 2 + bend * np.array([along[1], -along[0]])
    return limb([a, middle, b], [width * root, width, width * 0.8, width * 0.45, 0.0], "point")


def arcs(vertices: np.ndarray | list, bulge: float | list[float], points: int = 6) -> np.ndarray:
    """A closed contour whose vertices are joined by arcs.

    Args:
        bulge: height of each arc as a share of its chord, one for all or one for each edge; above 0
            it lies to the left of the walk from vertex to vertex (outside, when that is clockwise
            on the screen).
    """
    a = np.asarray(vertices, float)
    edge = np.roll(a, -1, 0) - a
    normal = np.stack([edge[:, 1], -edge[:, 0]], 1) * np.broadcast_to(bulge, len(a))[:, None]
    t = np.linspace(0, 1, points, endpoint=False)[None, :, None]
    curve = a[:, None] + t * edge[:, None] + 4 * t * (1 - t) * normal[:, None]
    return curve.reshape(-1, 2)


def ruff(
    center: tuple[float, float],
    radii: tuple[float, float],
    spikes: int,
    depth: float,
    bulge: float,
    jitter: np.ndarray,
) -> np.ndarray:
    """A closed ring of spikes or curls, as a mane, a flower or a puff of gas.

    Args:
        depth: how far the valleys lie inside, as a share of the radius.
        bulge: of the arcs between tip and valley, see `arcs`.
        jitter: [spikes] random lengths around 1 of the spikes.
    """
    angle = np.linspace(0, 2 * np.pi, 2 * spikes, endpoint=False) + np.pi / 2
    length = np.full(2 * spikes, 1.0 - depth)
    length[::2] = jitter
    ring = np.stack([np.cos(angle), np.sin(angle)], 1) * length[:, None] * np.asarray(radii)
    return arcs(ring + np.asarray(center), bulge, 4)


def turn(contour: np.ndarray, angle: float, pivot: tuple[float, float] = (0, 0)) -> np.ndarray:
    """Turned by `angle` radians, clockwise on the screen, around `pivot`."""
    c, s = np.cos(angle), np.sin(angle)
    return (contour - pivot) @ np.array([[c, s], [-s, c]]) + pivot


def mirrored(contour: np.ndarray, x: float = 0.0) -> np.ndarray:
    """Mirrored at a vertical line; walked backwards, so that left of the walk stays outside."""
    return (contour * (-1, 1) + (2 * x, 0))[::-1]


def contains(contour: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Which of `points` [n, 2] lie inside a closed contour: bool [n] (even-odd rule)."""
    a, b = contour, np.roll(contour, -1, 0)
    x, y = points[:, :1], points[:, 1:]
    crosses = (a[:, 1] > y) != (b[:, 1] > y)
    rise = b[:, 1] - a[:, 1]
    at = a[:, 0] + (y - a[:, 1]) * (b[:, 0] - a[:, 0]) / np.where(rise == 0, 1, rise)
    return ((crosses & (x < at)).sum(1) % 2).astype(bool)


def shifted(contour: np.ndarray, x: float, y: float) -> np.ndarray:
    """Moved to the right by `x` and down by `y`."""
    return contour + np.array([x, y])
