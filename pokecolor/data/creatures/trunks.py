"""What grows on a body: limbs, tails, wings, bellies, markings, shells, and heads."""

from __future__ import annotations

import numpy as np

from pokecolor.data.creatures.contours import arcs, blob, leaf, limb, mirrored, ruff, turn
from pokecolor.data.creatures.crowns import add_crest, add_crown, add_mane
from pokecolor.data.creatures.faces import Head, add_beak, add_face, add_whiskers
from pokecolor.data.creatures.figure import Figure, Shape


def add_head(
    figure: Figure,
    center: tuple[float, float],
    radii: tuple[float, float],
    body: Shape,
    look: float = 0.0,
    own: float = 0.25,
    beak: float = 0.05,
    mane: float = 0.08,
) -> Head:
    """A head with all that grows on it, joined to `body` unless it has its own color.

    Args:
        look: how far the face is turned, see `Head`.
        own, beak, mane: the probabilities of a color of its own, of a beak, of a mane.
    """
    outline = blob(center, radii, figure.u(-0.1, 0.1), figure.u(1.9, 2.5), figure.u(-0.12, 0.22))
    if figure.chance(own):
        shape = figure.make("head", outline)
    else:
        # the line opens towards the body
        nearest = np.argmin(((outline - body.points.mean(0)) ** 2).sum(1))
        shape = figure.make("body", np.roll(outline, -nearest, 0), body, 0.45)
    head = Head(*center, *radii, shape, look)
    if figure.chance(mane):
        add_mane(figure, head, 0.2)
        shape.line = None
    add_crown(figure, head)
    figure.shapes.append(shape)
    if figure.chance(0.12):
        _face_patch(figure, head)
    with_beak = figure.chance(beak)
    add_face(figure, head, mouth=not with_beak, nose=not with_beak)
    if with_beak:
        add_beak(figure, head)
    elif figure.chance(0.08):
        add_whiskers(figure, head)
    if figure.chance(0.28):
        add_crest(figure, head)
    return head


def _face_patch(figure: Figure, head: Head) -> None:
    """A mask over the lower face or one side of the head."""
    x, y = head.at(0, figure.pick(0.75, 0.6, -0.9))
    patch = blob((x, y), (head.rx * figure.u(0.75, 1.3), head.ry * figure.u(0.55, 0.8)))
    figure.add("face" if y > head.y else "forehead", patch, on=head.shape)


def add_belly(figure: Figure, body: Shape, center: tuple[float, float],
              radii: tuple[float, float], tilt: float = 0.0) -> None:  # fmt: skip
    """A belly patch, sometimes ribbed."""
    patch = blob(center, radii, tilt, figure.u(1.9, 2.6), figure.u(-0.1, 0.25))
    figure.add(figure.pick("belly", "belly", "belly", "chest"), patch, on=body)
    if figure.chance(0.22):
        for k in np.linspace(-0.6, 0.7, figure.pick(3, 4, 5)):
            half = 0.93 * radii[0] * np.sqrt(1 - k * k)
            rib = np.array([(-half, k * radii[1]), (0, (k + 0.1) * radii[1]), (half, k * radii[1])])
            figure.ink(turn(rib, tilt) + center, on=body, weight=0.7)


def add_spots(figure: Figure, body: Shape, name: str = "spots", size: float = 0.14) -> None:
    """Round or cornered spots, scattered over a shape without touching one another."""
    low, high = body.points.min(0), body.points.max(0)
    reach = (high - low).min()
    centers: list[tuple[np.ndarray, float]] = []
    for _ in range(20):
        center, radius = figure.rng.uniform(low, high), reach * size * figure.u(0.55, 1.1)
        if all(np.linalg.norm(center - c) > 1.25 * (radius + r) for c, r in centers):
            centers.append((center, radius))
        if len(centers) == 7:
            break
    cornered = figure.chance(0.25)
    for center, radius in centers:
        if cornered:
            angles = np.sort(figure.rng.uniform(0, 2 * np.pi, 3)) + np.array([0, 0.6, 1.2])
            corners = center + 1.2 * radius * np.stack([np.cos(angles), np.sin(angles)], 1)
            figure.add(name, arcs(corners, 0.1, 4), on=body)
        else:
            figure.add(name, blob(tuple(center), (radius, radius * figure.u(0.7, 1.0)), points=18),
                       on=body)  # fmt: skip


def add_stripes(figure: Figure, body: Shape, tilt: float = 0.0, count: int | None = None) -> None:
    """Bands across a shape, or wedges from its back."""
    low, high = body.points.min(0), body.points.max(0)
    center, half = (low + high) / 2, (high - low) / 2
    count = count or int(figure.rng.integers(2, 5))
    wedge = figure.chance(0.4)
    width = half[0] / count * figure.u(0.3, 0.5)
    for k in range(count):
        x = (k + 0.5) / count * 2 - 1
        x *= 0.85 * half[0]
        if wedge:
            deep = half[1] * figure.u(-0.5, 0.2)
            stripe = arcs(
                [(x - width, -1.3 * half[1]), (x + width, -1.3 * half[1]), (x, deep)], 0.08, 4
            )
        else:
            sag = width * 0.8
            stripe = np.array([(x - width, -1.5 * half[1]), (x + width, -1.5 * half[1]),
                               (x + width + sag, 0), (x + width, 1.5 * half[1]),
                               (x - width, 1.5 * half[1]), (x - width + sag, 0)])  # fmt: skip
        figure.add("stripes", turn(stripe, tilt) + center, on=body)


def add_markings(figure: Figure, body: Shape, tilt: float = 0.0) -> None:
    """Spots, stripes, or nothing."""
    style = figure.rng.choice(["spots", "stripes", "none"], p=[0.2, 0.17, 0.63])
    if style == "spots":
        add_spots(figure, body)
    elif style == "stripes":
        add_stripes(figure, body, tilt)


def add_tail(figure: Figure, root: tuple[float, float], size: float, body: Shape | None,
             side: int = 1) -> None:  # fmt: skip
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
        shape = limb(path((0, 0), (0.5, 0.05), (0.95, -0.35 * high), (1.0, -1.1 * high)),
                     [0.3 * wide, 0.7 * wide, wide, 0.9 * wide, 0.0], "point")  # fmt: skip
    elif style == "curl":
        shape = limb(path((0, 0), (0.5, 0.1), (0.9, -0.2), (0.8, -0.65), (0.45, -0.6), (0.5, -0.3)),
                     [0.13 * size, 0.13 * size, 0.1 * size, 0.07 * size], points=24)  # fmt: skip
    elif style == "stub":
        shape = blob(path((0.15, -0.05))[0], (0.22 * size, 0.22 * size))
    elif style == "bolt":
        upper = path((0, 0.06), (0.35, 0.1), (0.3, -0.2), (0.8, -0.25), (0.7, -0.55), (1.35, -0.8))
        lower = path((1.15, -0.25), (0.95, -0.3), (1.0, 0.0), (0.5, 0.02), (0.55, 0.28), (0, 0.2))
        shape = arcs(upper + lower, 0.0, 3)
    else:
        shape = limb(path((0, 0), (0.5, 0.2), (1.0, 0.1), (1.35, -0.25 * high)),
                     [0.32 * size, 0.24 * size, 0.15 * size, 0.02 * size], "point")  # fmt: skip
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
        points = [(x - 0.8 * r, y - 0.5 * r), (x - 0.9 * r, y - 1.5 * r), (x - 0.3 * r, y - r),
                  (x + 0.1 * r, y - 2.6 * r), (x + 0.5 * r, y - 1.1 * r), (x + 0.9 * r, y - 1.6 * r),
                  (x + 0.8 * r, y - 0.4 * r), (x, y + 0.5 * r)]  # fmt: skip
        flame = figure.add("flame", arcs(points, [0.1] * 6 + [0.25] * 2))
        if figure.chance(0.4):
            figure.add("flame core", leaf((x, y + 0.4 * r), (x, y - 1.3 * r), 0.4 * r, 0.05, 0.8),
                       on=flame)  # fmt: skip
    elif name == "leaf":
        figure.add(
            "leaf", leaf((x, y), (x + side * 0.5 * size, y - 0.5 * size), 0.18 * size, 0.1, 0.2)
        )
    else:
        r = size * figure.u(0.14, 0.24)
        figure.add("tail tip", blob((x, y), (r, r)))


def add_wings(figure: Figure, left: tuple[float, float], right: tuple[float, float], size: float,
              name: str = "wings") -> None:  # fmt: skip
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


def add_leg(figure: Figure, hip: tuple[float, float], foot: tuple[float, float], width: float,
            body: Shape, region: str, toe: str | None, ahead: float = 0.35) -> None:  # fmt: skip
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
