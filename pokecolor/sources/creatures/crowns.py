"""Parts on top of a head: ears, horns, hair, crests, antennae, manes."""

from __future__ import annotations

import numpy as np

from pokecolor.sources.creatures.contours import arcs, blob, leaf, limb, ruff
from pokecolor.sources.creatures.faces import Head
from pokecolor.sources.creatures.figure import Figure, Shape


def add_ears(figure: Figure, head: Head, body: str = "body") -> None:
    """Two ears; to be drawn before the head. `body` is the part of an ear without its own color."""
    own = "ears" if figure.chance(0.5) else body
    style = figure.pick("point", "point", "round", "long", "flop", "tuft")
    spread = figure.u(0.45, 0.8)
    length, width = figure.u(0.7, 1.15), figure.u(0.24, 0.4)
    inner = style != "tuft" and figure.chance(0.5)
    tips = style in ("point", "long") and figure.chance(0.25)
    for side in (-1, 1):
        base = head.x + side * spread * head.rx, head.y - head.ry * np.sqrt(1 - spread**2) * 0.85
        shape, inside = _ear(figure, head, style, base, side, length, width)
        ear = figure.add(own, shape)
        if inner:
            figure.add("inner ears", inside, on=ear)
        if tips:
            tip = shape[np.argmin(shape[:, 1])]
            figure.add(
                "ear tips",
                blob(tip, (head.rx * width * 1.6, head.ry * length * 0.42), points=18),
                on=ear,
            )


def _ear(
    figure: Figure,
    head: Head,
    style: str,
    base: tuple[float, float],
    side: int,
    length: float,
    width: float,
) -> tuple[np.ndarray, np.ndarray]:
    """An ear's contour and that of its inside."""
    x, y = base
    r = min(head.rx, head.ry)
    if style == "round":
        center, radius = (x + side * 0.1 * r, y - 0.25 * r), r * (width + 0.12)
        return blob(center, (radius, radius)), blob(center, (0.55 * radius, 0.6 * radius))
    if style == "flop":
        spine = [(x, y), (x + side * 0.7 * r, y - 0.1 * r), (x + side * 0.95 * r, y + length * r)]
        widths = [0.5 * width * r, width * r, 0.9 * width * r]
        return limb(spine, widths), limb(
            spine[1:], [0.3 * width * r, 0.5 * width * r, 0.3 * r * width]
        )
    if style == "tuft":
        top = [
            (x + side * (0.5 - 0.25 * k) * r, y - (0.45 + 0.25 * k) * length * r) for k in (0, 1, 2)
        ]
        low = [(x + side * (0.3 - 0.15 * k) * r, y - 0.15 * r) for k in (0, 1)]
        points = [
            (x - 0.2 * r, y + 0.2 * r),
            top[2],
            low[1],
            top[1],
            low[0],
            top[0],
            (x + 0.2 * r, y + 0.2 * r),
        ]
        return arcs(points, 0.06, 4), np.empty((0, 2))
    high = {"point": 1.0, "long": 1.9}[style] * length * r
    lean = side * figure.u(0.05, 0.5) * r * length
    bend = side * figure.u(-0.1, 0.15)
    tip = (x + lean, y - high)
    ear = leaf((x, y + 0.15 * r), tip, width * r * (1.15 if style == "point" else 0.85), bend, 1.0)
    small = leaf(
        (x + 0.2 * lean, y - 0.12 * high),
        (x + 0.85 * lean, y - 0.8 * high),
        0.5 * width * r,
        bend,
        0.8,
    )
    return ear, small


def add_horns(figure: Figure, head: Head) -> None:
    """One horn in the middle, or two; to be drawn before or after the head."""
    r = min(head.rx, head.ry)
    long, wide = r * figure.u(0.4, 1.1), r * figure.u(0.12, 0.22)
    if figure.chance(0.35):
        x, y = head.at(0, -0.85)
        lean = figure.u(-0.3, 0.3) * r
        horn = figure.add("horn", leaf((x, y + 0.1 * r), (x + lean, y - long), wide, 0, 1.2))
        _rings(figure, horn, (x, y), (x + lean, y - long), wide)
        return
    spread, bend = figure.u(0.25, 0.6), figure.u(-0.3, 0.3)
    out = figure.u(-0.2, 0.7) * r
    for side in (-1, 1):
        x, y = head.x + side * spread * head.rx, head.y - 0.8 * head.ry
        tip = (x + side * out, y - long)
        horn = figure.add("horns", leaf((x, y + 0.1 * r), tip, wide, side * bend, 1.2))
        _rings(figure, horn, (x, y), tip, wide)


def _rings(
    figure: Figure, horn: Shape, base: tuple[float, float], tip: tuple[float, float], wide: float
) -> None:
    if not figure.rng.random() < 0.3:
        return
    for k in (0.25, 0.5):
        x, y = base[0] + k * (tip[0] - base[0]), base[1] + k * (tip[1] - base[1])
        figure.ink(
            np.array([(x - 2 * wide, y), (x, y + 0.3 * wide), (x + 2 * wide, y)]),
            on=horn,
            weight=0.6,
        )


def add_crest(figure: Figure, head: Head) -> None:
    """Feathers, a curl of hair, a leaf or a flame on top; to be drawn after the head."""
    name = figure.pick("crest", "hair", "leaf", "flame", "hair")
    x, y = head.at(0, -0.88)
    r = min(head.rx, head.ry)
    if name == "leaf":
        for k in range(figure.pick(1, 2, 2)):
            side = 1 if k else -1
            tip = (x + side * figure.u(0.4, 0.8) * r, y - figure.u(0.4, 0.8) * r)
            leaf_shape = figure.add("leaf", leaf((x, y), tip, 0.28 * r, side * 0.12, 0.2))
            figure.ink(
                np.array([(x, y), (x + 0.8 * (tip[0] - x), y + 0.8 * (tip[1] - y))]),
                on=leaf_shape,
                weight=0.6,
            )
        return
    count = figure.pick(2, 3, 3, 4, 5)
    lean, high = figure.u(-0.5, 0.5), figure.u(0.4, 0.85)
    half = figure.u(0.3, 0.6)
    points = [(x - half * r, y + 0.3 * r)]
    for k in range(count):
        place = (k + 0.5) / count * 2 - 1
        tip_high = high * (1 - 0.4 * abs(place)) * figure.u(0.8, 1.2)
        points.append((x + (half * place * 1.3 + lean * 0.6) * r, y - tip_high * r))
        if k < count - 1:
            valley = (k + 1) / count * 2 - 1
            points.append((x + (half * valley * 0.9 + 0.2 * lean) * r, y - 0.12 * r))
    points.append((x + half * r, y + 0.3 * r))
    bulge = [0.12 if name != "crest" else 0.2] * (len(points) - 1) + [-0.1]
    figure.add(name, arcs(points, bulge, 5))


def add_antennae(figure: Figure, head: Head, long: float = 1.0) -> None:
    """Two feelers with a knob, or bare; to be drawn before the head."""
    r = min(head.rx, head.ry)
    high, out, knob = figure.u(0.6, 1.0) * long, figure.u(0.3, 0.9), figure.u(0.1, 0.2)
    thick = figure.u(0.04, 0.08) * r
    bare = figure.chance(0.25)
    for side in (-1, 1):
        x, y = head.x + side * 0.3 * head.rx, head.y - 0.8 * head.ry
        tip = (x + side * out * r, y - high * r)
        spine = [(x, y), (x + side * 0.2 * out * r, y - 0.7 * high * r), tip]
        figure.add("antennae", limb(spine, [thick, thick, thick], points=9))
        if not bare:
            figure.add("antennae", blob(tip, (knob * r, knob * r), points=16))


def add_mane(figure: Figure, head: Head, down: float = 0.0) -> None:
    """A ring of fur around a head; to be drawn before the head."""
    spikes = int(figure.rng.integers(9, 17))
    size = figure.u(1.25, 1.55)
    center = (head.x, head.y + down * head.ry)
    ring = ruff(
        center,
        (size * head.rx, size * head.ry),
        spikes,
        figure.u(0.15, 0.3),
        figure.pick(0.05, 0.12, 0.2),
        figure.rng.uniform(0.9, 1.1, spikes),
    )
    figure.add("mane", ring).flat = True


def add_crown(figure: Figure, head: Head) -> None:
    """Whatever a head may carry behind it, at random: ears, horns, antennae or nothing."""
    style = figure.rng.choice(
        ["ears", "horns", "both", "antennae", "none"], p=[0.5, 0.2, 0.08, 0.08, 0.14]
    )
    if style in ("ears", "both"):
        add_ears(figure, head, head.shape.region or "body")
    if style in ("horns", "both"):
        add_horns(figure, head)
    if style == "antennae":
        add_antennae(figure, head)
