"""Creatures seen from the side: four-legged beasts, turtles, fish, serpents, insects, snails."""

from __future__ import annotations

import numpy as np

from pokecolor.data.creatures.contours import arcs, blob, leaf, limb, mirrored, ruff, smooth
from pokecolor.data.creatures.crowns import add_antennae, add_crest, add_crown, add_horns
from pokecolor.data.creatures.faces import Head, add_face, add_tongue
from pokecolor.data.creatures.figure import Figure, Shape
from pokecolor.data.creatures.trunks import (
    add_belly,
    add_head,
    add_leg,
    add_markings,
    add_spots,
    add_stripes,
    add_tail,
    wing,
)  # fmt: skip


def quadruped(figure: Figure) -> None:
    """A beast on four legs that looks to the left."""
    long, deep = figure.u(22, 34), figure.u(13, 19)
    spine = [(-long, 0), (-0.2 * long, figure.u(-2, 3)), (long, figure.u(-2, 3))]
    body = figure.make(
        "body", limb(spine, [0.8 * deep, deep, 0.95 * deep, deep, 0.9 * deep], points=22)
    )
    tail_root = (long + 0.6 * deep, -0.3 * deep)
    radius = figure.u(14, 22)
    neck = figure.u(-4, 18)
    center = (-long - figure.u(0.1, 0.6) * radius, -deep - 0.45 * radius - neck)
    legs = figure.pick("body", "body", "body", "legs")
    toe = figure.pick(legs, legs, "paws", None)
    leg, wide = figure.u(6, 20), figure.u(0.26, 0.42) * deep
    floor = deep + leg
    for x in (-0.55 * long, 0.75 * long):
        add_leg(
            figure, (x, 0.3 * deep), (x + figure.u(-3, 3), floor - 3), wide, body, legs, toe, -0.4
        )
    add_tail(figure, tail_root, figure.u(22, 36), None)
    if figure.chance(0.16):
        _spines(figure, spine, deep)
    if figure.chance(0.15):
        figure.add("wings", wing(figure, figure.u(24, 36), figure.chance(0.5)) + (2, -0.7 * deep))
    if neck > 6:
        figure.add(
            "body",
            limb([(-0.75 * long, 0), center], [0.75 * deep, 0.5 * deep, 0.45 * radius], points=10),
        )
    figure.shapes.append(body)
    if neck > 6:
        # covers the line between neck and chest
        joint = limb(
            [(-0.75 * long, -0.3 * deep), center], [0.7 * deep, 0.5 * deep, 0.4 * radius], points=10
        )
        figure.add("body", joint, joined=body, most=0.45)
    if figure.chance(0.45):
        add_belly(figure, body, (0, 0.95 * deep), (0.95 * long, 0.5 * deep))
    if figure.chance(0.5):
        add_markings(figure, body)
    for x in (-0.85 * long, 0.95 * long):
        foot = (x + figure.u(-3, 3), floor)
        add_leg(figure, (x, 0.1 * deep), foot, 1.1 * wide, body, legs, toe, -0.4)
    if figure.chance(0.14):
        _bulb(figure, deep)
    if figure.chance(0.16):
        at = (-0.85 * long, -0.35 * deep)
        spikes = int(figure.rng.integers(8, 13))
        figure.add(figure.pick("collar", "mane", "chest"), ruff(at, (1.0 * deep, 1.0 * deep), spikes, 0.22, 0.1,
                   figure.rng.uniform(0.9, 1.15, spikes)))  # fmt: skip
    add_head(
        figure,
        center,
        (radius, radius * figure.u(0.78, 1.0)),
        body,
        figure.u(-0.4, 0.05),
        mane=0.15,
    )


def _spines(figure: Figure, spine: list[tuple[float, float]], deep: float) -> None:
    """A row of spikes along the back; to be drawn before the body."""
    line = smooth(spine, 7)
    for x, y in line[1:]:
        top = (x + figure.u(0, 4), y - deep - figure.u(5, 10))
        figure.add("spikes", leaf((x, y - 0.6 * deep), top, 4.5, 0, 1.0))


def _bulb(figure: Figure, deep: float) -> None:
    """A plant bulb or a shell on the back."""
    size = figure.u(13, 19)
    x, y = figure.u(-2, 8), -deep - 0.35 * size
    name = figure.pick("bulb", "shell")
    shape = figure.add(name, arcs([(x - size, y + 0.5 * size), (x - 0.8 * size, y - 0.5 * size),
                                   (x, y - 1.15 * size), (x + 0.8 * size, y - 0.5 * size),
                                   (x + size, y + 0.5 * size)], [0.15, 0.08, 0.08, 0.15, 0.08]))  # fmt: skip
    for k in (-0.45, 0.0, 0.45):
        line = [
            (x + 0.3 * k * size, y - 1.1 * size),
            (x + k * size, y),
            (x + 0.9 * k * size, y + size),
        ]
        figure.ink(smooth(line, 7), on=shape, weight=0.7)


def turtle(figure: Figure) -> None:
    """A turtle that walks to the left."""
    w, h = figure.u(26, 34), figure.u(17, 26)
    floor = 0.35 * h
    dome = np.array([(-w, floor), (-0.85 * w, -0.35 * h), (-0.3 * w, -h), (0.35 * w, -0.95 * h),
                     (0.88 * w, -0.3 * h), (w, floor)])  # fmt: skip
    top = np.vstack(
        [smooth(dome, 26), smooth([(w, floor), (0, 1.35 * floor), (-w, floor)], 9)[1:-1]]
    )
    under = figure.make("body", blob((0, floor), (0.92 * w, 0.4 * h)))
    legs = figure.pick("body", "body", "legs")
    wide = figure.u(4.5, 7)
    if figure.chance(0.8):
        tail = leaf(
            (0.8 * w, floor + 2), (w + figure.u(8, 18), floor + figure.u(-4, 6)), 4, 0.1, 1.0
        )
        figure.add(figure.pick("tail", "body"), tail)
    for x in (-0.4 * w, 0.75 * w):
        add_leg(figure, (x, floor), (x, floor + 0.55 * h), wide, under, legs, legs, -0.3)
    figure.shapes.append(under)
    for x in (-0.68 * w, 0.48 * w):
        add_leg(figure, (x, floor), (x - 2, floor + 0.62 * h), 1.15 * wide, under, legs, legs, -0.3)
    radius = figure.u(11, 17)
    center = (-w - 0.45 * radius, floor - figure.u(0.2, 1.3) * radius)
    figure.add(
        "body",
        limb([(-0.7 * w, floor), center], [0.6 * radius, 0.55 * radius], points=8),
        joined=under,
    )
    shell = figure.make("shell", top)
    if figure.chance(0.5):
        add_spots(figure, shell, "shell spots", 0.2)
    else:
        for k in (-0.55, 0.0, 0.5):
            x = k * w
            figure.ink(
                smooth([(0.6 * x, -1.2 * h), (x, -0.3 * h), (1.25 * x, 1.2 * floor)], 9),
                on=shell,
                weight=0.8,
            )
        figure.ink(smooth([(-w, -0.2 * h), (0, -0.35 * h), (w, -0.2 * h)], 9), on=shell, weight=0.8)
    if figure.chance(0.6):
        rim = np.vstack(
            [
                smooth([(-w, floor - 5), (0, floor - 1), (w, floor - 5)], 9),
                [(w, 2 * h), (-w, 2 * h)],
            ]
        )
        figure.add("shell rim", rim, on=shell)
    figure.shapes.append(shell)
    add_head(figure, center, (radius, 0.88 * radius), under, -0.3, own=0.2, mane=0.0)


def fish(figure: Figure) -> None:
    """A fish that swims to the left, or a whale."""
    w, h = figure.u(26, 36), figure.u(15, 25)
    body = figure.make("body", blob((0, 0), (w, h), 0, figure.u(1.8, 2.3), 0, 48))
    fins = figure.pick("fins", "fins", "body")
    tail = figure.pick("tail", "tail", "tail fin", fins)
    reach, spread = figure.u(14, 24), figure.u(12, 22)
    x = 0.85 * w
    points = [(x, -4), (x + reach, -spread), (x + 0.75 * reach, 0), (x + reach, spread), (x, 4)]
    shape = figure.add(tail, arcs(points, [0.08, -0.1, -0.1, 0.08, 0.0]))
    _rays(figure, shape, (x, 0), [(x + reach, k * spread) for k in (-0.5, 0.0, 0.5)])
    height = figure.u(6, 16)
    lean = figure.u(0, 12)
    if figure.chance(0.5):
        dorsal = arcs(
            [(-0.45 * w, -0.7 * h), (lean, -h - height), (0.55 * w, -0.6 * h)], [0.12, -0.1, 0.0]
        )
    else:
        dorsal = arcs([(-0.5 * w, -0.75 * h), (-0.25 * w, -h - height), (0, -h), (0.1 * w, -h - 0.8 * height),
                       (0.3 * w, -0.8 * h), (0.45 * w, -h - 0.4 * height), (0.6 * w, -0.6 * h)], 0.06)  # fmt: skip
    figure.add(fins, dorsal)
    figure.add(fins, leaf((0.1 * w, 0.8 * h), (0.5 * w, h + figure.u(5, 12)), 5, 0.1, 0.9))
    figure.shapes.append(body)
    if figure.chance(0.5):
        add_belly(figure, body, (-0.1 * w, 0.95 * h), (w, 0.62 * h))
    if figure.chance(0.6):
        add_markings(figure, body, figure.u(-0.1, 0.1))
    own_head = figure.chance(0.25)
    if own_head:
        face = blob((-w, 0), (figure.u(0.7, 0.95) * w, 1.4 * h))
        figure.add("head", face, on=body)
    else:
        figure.ink(
            smooth([(-0.3 * w, -0.5 * h), (-0.18 * w, 0), (-0.32 * w, 0.5 * h)], 9),
            on=body,
            weight=0.8,
        )
    side = leaf((-0.12 * w, 0.25 * h), (0.3 * w, figure.u(0.3, 0.8) * h), 0.24 * h, 0.1, 0.5)
    figure.add(fins if fins != "body" else "body", side)
    head = Head(-0.58 * w, -0.05 * h, 0.5 * w, 0.75 * h, body, 0.0, profile=True)
    add_face(figure, head, nose=False)
    if figure.chance(0.2):
        add_crest(figure, Head(-0.35 * w, -0.2 * h, 0.5 * w, 0.75 * h, body))


def _rays(
    figure: Figure, fin: Shape, root: tuple[float, float], tips: list[tuple[float, float]]
) -> None:
    if figure.chance(0.5):
        for tip in tips:
            start = np.add(root, 0.3 * np.subtract(tip, root))
            end = np.add(root, 0.8 * np.subtract(tip, root))
            figure.ink(np.array([start, end]), on=fin, weight=0.6)


def serpent(figure: Figure) -> None:
    """A snake, worm or sea serpent in curves."""
    w, thick = figure.u(20, 28), figure.u(6.5, 10)
    pose = figure.pick("rising", "wave", "coil")
    if pose == "rising":
        spine = [(1.6 * w, 10), (1.1 * w, 26), (0.2 * w, 22), (-0.8 * w, 24), (-0.9 * w, 8), (-0.2 * w, 0),
                 (-0.1 * w, -14), (-0.5 * w, -26)]  # fmt: skip
    elif pose == "wave":
        spine = [
            (2.0 * w, -6),
            (1.5 * w, 8),
            (0.9 * w, -6),
            (0.3 * w, 8),
            (-0.4 * w, -2),
            (-0.9 * w, -14),
        ]
    else:
        spine = [(1.4 * w, 18), (0.4 * w, 26), (-0.9 * w, 22), (-0.9 * w, 8), (0.2 * w, 4), (0.8 * w, -4),
                 (0.3 * w, -16), (-0.4 * w, -26)]  # fmt: skip
    root = spine[::-1]
    contour = limb(
        root, [0.95 * thick, thick, thick, 0.9 * thick, 0.6 * thick, 0.1 * thick], "point", 60
    )
    body = figure.add("body", contour)
    line = smooth(root, 60)
    if figure.chance(0.4):
        figure.add("tail tip", blob(tuple(line[-1]), (1.6 * thick, 1.6 * thick)), on=body)
    along = np.gradient(line, axis=0)
    style = figure.pick("stripes", "spots", "belly", "none")
    if style in ("stripes", "spots"):
        for k in range(8, 56, figure.pick(6, 8)):
            center, direction = line[k], along[k] / np.linalg.norm(along[k])
            across = np.array([direction[1], -direction[0]])
            if style == "spots":
                figure.add(
                    "spots", blob(tuple(center), (0.45 * thick, 0.4 * thick), points=16), on=body
                )
            else:
                half, wide = 1.4 * thick * across, 0.28 * thick * direction
                figure.add("stripes", np.array([center - half - wide, center - half + wide,
                                                center + half + wide, center + half - wide]), on=body)  # fmt: skip
    elif style == "belly":
        offset = np.stack([along[:, 1], -along[:, 0]], 1)
        offset /= np.linalg.norm(offset, axis=1, keepdims=True)
        inner = line - 0.35 * thick * offset
        figure.add("belly", np.vstack([inner, (line - 1.6 * thick * offset)[::-1]]), on=body)
    x, y = line[0]
    radius = thick * figure.u(1.3, 1.9)
    if figure.chance(0.2):
        figure.add("hood", blob((x, y + 0.4 * radius), (1.7 * radius, 1.6 * radius), 0, 2, -0.3))
    add_head(figure, (x, y), (radius, 0.85 * radius), body, figure.u(-0.3, 0.0), own=0.2, mane=0.06)
    if figure.chance(0.3):
        add_tongue(figure, (x - 0.9 * radius, y + 0.4 * radius), 0.7 * radius)


def butterfly(figure: Figure) -> None:
    """A butterfly, moth or bee with spread wings, facing us."""
    w, h = figure.u(6, 11), figure.u(15, 23)
    big = figure.u(24, 34)
    body = figure.make("body", blob((0, 0), (w, h), 0, 2, figure.u(-0.1, 0.2)))
    turned = figure.u(-0.3, 0.3)
    upper = leaf(
        (0.4 * w, -0.3 * h), (w + big, -h - figure.u(0, 12)), 0.42 * big, figure.u(-0.2, 0.1), 0.4
    )
    low_end = (w + 0.75 * big, 0.3 * h + figure.u(4, 16))
    lower = limb([(0.4 * w, 0.1 * h), low_end], [0.15 * big, 0.3 * big, 0.26 * big])
    if figure.chance(0.6):
        tip = (w + 0.75 * big, -h - figure.u(-4, 6))
        upper = limb(
            [(0.4 * w, -0.3 * h), (0.5 * big, -0.7 * h), tip], [0.16 * big, 0.3 * big, 0.4 * big]
        )
    names = figure.pick(("wings", "wings"), ("wings", "wings"), ("upper wings", "lower wings"))
    spot = figure.u(0.1, 0.2) * big if figure.chance(0.6) else 0
    edge = figure.chance(0.3)
    for flip in (False, True):
        for name, shape in ((names[1], lower), (names[0], upper)):
            contour = mirrored(shape) if flip else shape
            added = figure.add(name, contour)
            outer = contour[np.argmax(np.abs(contour[:, 0]))]
            middle = contour.mean(0)
            if edge:
                far = middle + 1.25 * (outer - middle)
                figure.add("wing tips", blob(tuple(far), (0.3 * big, 0.5 * big)), on=added)
            if spot:
                figure.add(
                    "wing spots", blob(tuple(middle), (spot, spot * 1.2), points=18), on=added
                )
    radius = figure.u(1.1, 1.7) * w
    shape = figure.make(
        "head" if figure.chance(0.4) else "body", blob((0, -h - 0.5 * radius), (radius, radius))
    )
    head = Head(0, -h - 0.5 * radius, radius, radius, shape, turned)
    add_antennae(figure, head, figure.u(1.0, 1.8))
    figure.shapes.append(body)
    if figure.chance(0.5):
        add_stripes(figure, body, np.pi / 2, 3)
    figure.shapes.append(shape)
    add_face(figure, head, nose=False)


def crawler(figure: Figure) -> None:
    """A caterpillar, a beetle, a snail or a crab."""
    style = figure.pick("caterpillar", "snail", "crab")
    if style == "crab":
        _crab(figure)
        return
    if style == "snail":
        foot = limb([(38, 22), (10, 21), (-18, 20), (-26, 2)], [1, 6, 7, 7, 6], points=24)
        body = figure.make("body", foot)
        radius = figure.u(17, 24)
        center = (10, 18 - radius)
        figure.shapes.append(body)
        shell = figure.add("shell", blob(center, (1.1 * radius, radius)))
        turns = np.linspace(0, figure.u(3.5, 5) * np.pi, 40)
        spiral = (
            np.stack([np.cos(turns), np.sin(turns)], 1)
            * (radius * (1 - turns / turns[-1]))[:, None]
        )
        if figure.chance(0.75):
            figure.ink(spiral + center, on=shell)
        else:
            add_spots(figure, shell, "shell spots", 0.18)
        r = figure.u(9, 13)
        add_head(figure, (-27, -4), (r, r), body, -0.25, own=0.25, mane=0)
        return
    count = figure.pick(4, 5, 6)
    r = figure.u(8, 11)
    own = figure.chance(0.5)
    for k in range(count, 0, -1):
        center = (k * 1.35 * r - 20, 6 * np.sin(k * 1.2 + figure.u(-0.3, 0.3)))
        for offset in (-0.35, 0.35):
            foot = limb([(center[0] + offset * r, center[1] + 0.6 * r), (center[0] + offset * r, center[1] + 1.3 * r)],
                        [0.2 * r, 0.22 * r], points=5)  # fmt: skip
            figure.add("feet", foot)
        segment = figure.add("body", blob(center, (r, 1.05 * r)))
        if own and k % 2:
            figure.add(
                "spots",
                blob((center[0], center[1] - 0.2 * r), (0.4 * r, 0.4 * r), points=18),
                on=segment,
            )
    big = r * figure.u(1.3, 1.8)
    shape = figure.make("head" if figure.chance(0.5) else "body", blob((-24, -4), (big, big)))
    head = Head(-24, -4, big, big, shape, figure.u(-0.3, 0))
    (add_antennae if figure.chance(0.7) else add_horns)(figure, head)
    figure.shapes.append(shape)
    add_face(figure, head)


def _crab(figure: Figure) -> None:
    w, h = figure.u(22, 30), figure.u(14, 19)
    body = figure.make("body", blob((0, 0), (w, h), 0, 2.2, figure.u(-0.2, 0.2)))
    legs = figure.pick("legs", "body")
    for k in range(3):
        spine = [
            (0.6 * w, 0.3 * h),
            (w + 8 - 4 * k, 0.2 * h + 5 * k),
            (w + 10 - 7 * k, h + 5 + 3 * k),
        ]
        shape = limb(spine, [3, 2.6, 0.4], "point", 9)
        figure.add(legs, shape)
        figure.add(legs, mirrored(shape))
    claw = figure.u(8, 12)
    x, y = w + 7, -0.9 * h
    arm = limb([(0.7 * w, -0.1 * h), (w + 7, 0), (x, y)], [3.4, 3, 3], points=10)
    pincer = arcs([(x - 0.7 * claw, y), (x - claw, y - 1.1 * claw), (x - 0.1 * claw, y - 0.5 * claw),
                   (x + 0.5 * claw, y - 1.5 * claw), (x + 0.9 * claw, y), (x, y + 0.6 * claw)],
                  [0.2, -0.05, -0.1, 0.15, 0.2, 0.2])  # fmt: skip
    for shape in (arm, mirrored(arm)):
        figure.add(legs, shape)
    for shape in (pincer, mirrored(pincer)):
        figure.add("claws", shape)
    head = Head(0, -0.1 * h, 0.75 * w, 0.9 * h, body, 0.0)
    add_crown(figure, head) if figure.chance(0.3) else None
    figure.shapes.append(body)
    if figure.chance(0.5):
        add_belly(figure, body, (0, 0.95 * h), (0.8 * w, 0.5 * h))
    else:
        add_markings(figure, body)
    add_face(figure, head, nose=False)
