"""Limbs: arms, legs, tails, wings."""

from __future__ import annotations

import numpy as np

from pokecolor.sources.creatures.contours import arcs, blob, leaf, limb, mirrored, ruff
from pokecolor.sources.creatures.figure import Figure, Shape
from pokecolor.sources.creatures.markings import add_stripes


def add_arms(
    figure: Figure, body: Shape, shoulder: tuple[float, float], length: float, width: float
) -> None:
    """Two arms, each in a pose of its own, with hands at times."""
    own = figure.pick("arms", "body", "body", "body")
    hands = figure.pick("hands", None, None, None, "claws")
    for side in (-1, 1):
        x, y = side * shoulder[0], shoulder[1]
        angle = figure.u(-0.9, 1.1)
        elbow = (x + side * 0.55 * length * np.cos(0.5 * angle), y + 0.55 * length * np.sin(angle))
        hand = (x + side * length * np.cos(angle), y + length * np.sin(angle))
        inner = (x - side * width, y)
        shape = limb([inner, elbow, hand], [width, width, 0.85 * width], points=12)
        figure.add(own, shape, joined=body if own == "body" else None)
        if hands == "hands":
            figure.add("hands", blob(hand, (1.3 * width, 1.2 * width), points=20))
        elif hands == "claws":
            for k in (-0.6, 0.0, 0.6):
                dx, dy = side * np.cos(angle + k), np.sin(angle + k)
                root = (hand[0] + 0.4 * width * dx, hand[1] + 0.4 * width * dy)
                figure.add(
                    "claws",
                    limb(
                        [root, (root[0] + width * dx, root[1] + width * dy)],
                        [0.35 * width, 0.2 * width, 0.0],
                        "point",
                        5,
                    ),
                )


def add_leg(
    figure: Figure,
    hip: tuple[float, float],
    foot: tuple[float, float],
    width: float,
    body: Shape,
    region: str,
    toe: str | None,
    ahead: float = 0.35,
) -> None:
    """A leg from hip to foot with a paw.

    Args:
        region: of the leg; joined to `body` when that is the body's.
        toe: the part the paw belongs to, None for a leg that just ends.
        ahead: how far the paw sticks out to the right, in widths; below 0 to the left.
    """
    knee = ((hip[0] + foot[0]) / 2 - 0.2 * ahead * width, (hip[1] + foot[1]) / 2)
    shape = limb([hip, knee, foot], [1.2 * width, width, 0.9 * width], points=10)
    leg = figure.add(region, shape, joined=body if region == body.region else None)
    if toe is None:
        return
    center = (foot[0] + ahead * width, foot[1] + 0.45 * width)
    paw = blob(center, (1.35 * width, 0.8 * width), square=2.4, points=24)
    if toe == region:
        figure.add(toe, np.roll(paw, 12, 0), joined=leg, most=0.45)
    else:
        figure.add(toe, paw)
    if figure.chance(0.5):
        for k in (-0.4, 0.25):
            x = center[0] + (k + 0.3 * np.sign(ahead)) * width
            line = np.array([(x, center[1] + 0.75 * width), (x, center[1] + 0.15 * width)])
            figure.ink(line, weight=0.7)


def add_wings(
    figure: Figure,
    left: tuple[float, float],
    right: tuple[float, float],
    size: float,
    name: str = "wings",
) -> None:
    """A pair of wings that rise from two shoulders."""
    bat = figure.chance(0.5)
    shape = wing(figure, size, bat)
    for shoulder, contour in ((left, mirrored(shape)), (right, shape)):
        added = figure.add(name, contour + shoulder)
        if bat and figure.chance(0.7):
            tip = contour[np.argmin(contour[:, 1])] + shoulder
            for corner in (0.35, 0.6):
                low = contour[np.argmax(contour[:, 1])] + shoulder
                to = (
                    tip
                    + corner * (low - tip)
                    + (0.3 * (low - tip)[1] * np.sign(tip[0] - shoulder[0]), 0)
                )
                figure.ink(np.array([tip, to]), on=added, weight=0.6)


def wing(figure: Figure, size: float, bat: bool) -> np.ndarray:
    """A wing to the right of its shoulder at (0, 0): a bat's or a bird's."""
    high, out = figure.u(0.5, 1.1) * size, figure.u(0.9, 1.3) * size
    low = figure.u(0.15, 0.5) * size
    lobes = figure.pick(2, 3, 3, 4)
    top = (0.8 * out if bat else out, -high)
    points = [(0.0, 0.15 * size), (0.0, -0.15 * size), top]
    for k in range(1, lobes + 1):
        t = k / (lobes + 0.3)
        points.append((out * (1.05 - 0.85 * t**1.3), -high + (high + low) * (t**0.8)))
    bulge = [0.05, 0.15] + [-0.16 if bat else 0.22] * lobes + [0.05]
    return arcs(points, bulge, 6)


def add_tail(
    figure: Figure, root: tuple[float, float], size: float, body: Shape | None, side: int = 1
) -> None:
    """A tail to one side; joined to `body` where one is given and the tail has its color."""
    x, y = root
    own = figure.chance(0.45)
    style = figure.pick("whip", "bushy", "bushy", "curl", "stub", "bolt", "thick", "thick")

    def path(*steps: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x + side * right * size, y + down * size) for right, down in steps]

    high = figure.u(0.3, 1.1)
    if style == "whip":
        shape = limb(
            path((0, 0), (0.6, 0.1), (1.0, -0.3 * high), (1.3, -high)),
            [0.1 * size, 0.07 * size, 0.05 * size],
        )
    elif style == "bushy":
        wide = figure.u(0.2, 0.38) * size
        shape = limb(
            path((0, 0), (0.5, 0.05), (0.95, -0.35 * high), (1.0, -1.1 * high)),
            [0.3 * wide, 0.7 * wide, wide, 0.9 * wide, 0.0],
            "point",
        )
    elif style == "curl":
        shape = limb(
            path((0, 0), (0.5, 0.1), (0.9, -0.2), (0.8, -0.65), (0.45, -0.6), (0.5, -0.3)),
            [0.13 * size, 0.13 * size, 0.1 * size, 0.07 * size],
            points=24,
        )
    elif style == "stub":
        shape = blob(path((0.15, -0.05))[0], (0.22 * size, 0.22 * size))
    elif style == "bolt":
        upper = path((0, 0.06), (0.35, 0.1), (0.3, -0.2), (0.8, -0.25), (0.7, -0.55), (1.35, -0.8))
        lower = path((1.15, -0.25), (0.95, -0.3), (1.0, 0.0), (0.5, 0.02), (0.55, 0.28), (0, 0.2))
        shape = arcs(upper + lower, 0.0, 3)
    else:
        shape = limb(
            path((0, 0), (0.5, 0.2), (1.0, 0.1), (1.35, -0.25 * high)),
            [0.32 * size, 0.24 * size, 0.15 * size, 0.02 * size],
            "point",
        )
    tail = figure.add("tail" if own else "body", shape, joined=None if own else body)
    end = shape[np.argmax(side * shape[:, 0] - shape[:, 1])]
    if style in ("whip", "thick", "curl") and figure.chance(0.3):
        _tail_end(figure, tuple(end), size, side)
    elif style in ("bushy", "whip", "thick", "bolt") and figure.chance(0.35):
        if style == "bolt" or figure.chance(0.5):
            figure.add("tail tip", blob(tuple(end), (0.55 * size, 0.45 * size)), on=tail)
        else:
            spikes = ruff(tuple(end), (0.5 * size, 0.5 * size), 9, 0.25, 0.0, np.ones(9))
            figure.add("tail tip", spikes, on=tail)
    elif figure.chance(0.15):
        add_stripes(figure, tail, figure.u(-0.6, 0.6), 3)


def _tail_end(figure: Figure, end: tuple[float, float], size: float, side: int) -> None:
    """A flame, a ball, a leaf or a tuft at the end of a tail."""
    x, y = end
    name = figure.pick("flame", "tail tip", "leaf")
    if name == "flame":
        r = size * figure.u(0.2, 0.32)
        points = [
            (x - 0.8 * r, y - 0.5 * r),
            (x - 0.9 * r, y - 1.5 * r),
            (x - 0.3 * r, y - r),
            (x + 0.1 * r, y - 2.6 * r),
            (x + 0.5 * r, y - 1.1 * r),
            (x + 0.9 * r, y - 1.6 * r),
            (x + 0.8 * r, y - 0.4 * r),
            (x, y + 0.5 * r),
        ]
        flame = figure.add("flame", arcs(points, [0.1] * 6 + [0.25] * 2))
        if figure.chance(0.4):
            figure.add(
                "flame core", leaf((x, y + 0.4 * r), (x, y - 1.3 * r), 0.4 * r, 0.05, 0.8), on=flame
            )
    elif name == "leaf":
        figure.add(
            "leaf", leaf((x, y), (x + side * 0.5 * size, y - 0.5 * size), 0.18 * size, 0.1, 0.2)
        )
    else:
        r = size * figure.u(0.14, 0.24)
        figure.add("tail tip", blob((x, y), (r, r)))
