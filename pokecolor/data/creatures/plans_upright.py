"""Creatures that stand upright and face us: balls, bipeds, birds, ghosts, octopuses."""

from __future__ import annotations

import numpy as np

from pokecolor.data.creatures.contours import arcs, blob, limb, mirrored, ruff
from pokecolor.data.creatures.crowns import add_crest, add_crown
from pokecolor.data.creatures.faces import Head, add_beak, add_face
from pokecolor.data.creatures.figure import Figure, Shape
from pokecolor.data.creatures.trunks import (
    add_belly,
    add_head,
    add_leg,
    add_markings,
    add_spots,
    add_tail,
    add_wings,
    wing,
)  # fmt: skip


def ball(figure: Figure) -> None:
    """A round creature that is all head."""
    rx = figure.u(24, 34)
    ry = rx * figure.u(0.75, 1.15)
    if figure.chance(0.12):
        spikes = int(figure.rng.integers(9, 16))
        figure.add("gas" if figure.chance(0.5) else "mane", ruff((0, 0), (1.45 * rx, 1.45 * ry), spikes,
                   0.2, figure.pick(0.1, 0.35), figure.rng.uniform(0.85, 1.1, spikes)))  # fmt: skip
    body = figure.make(
        "body", blob((0, 0), (rx, ry), 0, figure.u(1.9, 2.8), figure.u(-0.15, 0.25), 44)
    )
    head = Head(0, 0, rx, ry, body, figure.pick(0.0, 0.0, -0.2, 0.2))
    if figure.chance(0.4):
        add_tail(figure, (0.75 * rx, 0.45 * ry), rx * figure.u(0.7, 1.1), None, figure.pick(-1, 1))
    if figure.chance(0.2):
        add_wings(figure, (-0.8 * rx, -0.1 * ry), (0.8 * rx, -0.1 * ry), rx * figure.u(0.6, 1.0))
    add_crown(figure, head)
    feet = figure.pick("feet", "feet", "body") if figure.chance(0.7) else None
    if feet:
        size = rx * figure.u(0.22, 0.36)
        for side in (-1, 1):
            figure.add(feet, blob((side * rx * 0.5, 0.92 * ry), (size, 0.65 * size), side * 0.2))
    figure.shapes.append(body)
    if figure.chance(0.35):
        add_belly(figure, body, (0, 0.75 * ry), (0.62 * rx, 0.5 * ry))
    elif figure.chance(0.4):
        add_markings(figure, body)
    if figure.chance(0.5):
        arms(figure, body, (0.85 * rx, 0.15 * ry), rx * figure.u(0.3, 0.5), 0.14 * rx)
    beak = figure.chance(0.1)
    add_face(figure, head, mouth=not beak, nose=not beak)
    if beak:
        add_beak(figure, head)
    if figure.chance(0.35):
        add_crest(figure, head)


def arms(figure: Figure, body: Shape, shoulder: tuple[float, float], length: float,
         width: float) -> None:  # fmt: skip
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
                figure.add("claws", limb([root, (root[0] + width * dx, root[1] + width * dy)],
                                         [0.35 * width, 0.2 * width, 0.0], "point", 5))  # fmt: skip


def biped(figure: Figure) -> None:
    """A creature on two legs with arms, a round head and mostly a tail."""
    w, h = figure.u(14, 22), figure.u(17, 26)
    radius = figure.u(15, 25)
    body_shape = blob((0, 0), (w, h), figure.u(-0.08, 0.08), 2.1, figure.u(0.0, 0.35), 40)
    body = figure.make("body", body_shape)
    if figure.chance(0.7):
        add_tail(figure, (figure.u(0.5, 0.8) * w, 0.6 * h), figure.u(24, 38), None)
    if figure.chance(0.25):
        add_wings(figure, (-0.5 * w, -0.5 * h), (0.5 * w, -0.5 * h), figure.u(24, 40))
    if figure.chance(0.12):
        figure.add("shell", blob((figure.u(2, 6), -0.05 * h), (1.35 * w, 1.05 * h)))
    legs = figure.pick("body", "body", "body", "legs")
    toe = figure.pick(legs, legs, "feet", None)
    leg, wide = figure.u(0.25, 0.75) * h, figure.u(0.28, 0.42) * w
    in_front = figure.chance(0.5)
    if in_front:
        figure.shapes.append(body)
        _torso(figure, body, w, h)
    for side in (-1, 1):
        hip, foot = (side * 0.55 * w, 0.7 * h), (side * figure.u(0.6, 1.0) * w, h + leg)
        add_leg(figure, hip, foot, wide, body, legs, toe, side * figure.u(0.2, 0.8))
    if not in_front:
        figure.shapes.append(body)
        _torso(figure, body, w, h)
    arms(figure, body, (0.75 * w, -0.5 * h), figure.u(0.7, 1.2) * w + 4, figure.u(0.2, 0.3) * w)
    if figure.chance(0.1):
        figure.add("scarf", blob((0, -0.85 * h), (0.85 * w, 0.25 * h)))
    tall = radius * figure.u(0.8, 1.1)
    add_head(figure, (figure.u(-3, 3), -h - tall * figure.u(0.35, 0.8)), (radius, tall), body,
             figure.u(-0.35, 0.35))  # fmt: skip


def _torso(figure: Figure, body: Shape, w: float, h: float) -> None:
    if figure.chance(0.6):
        add_belly(figure, body, (figure.u(-0.1, 0.1) * w, figure.u(0.1, 0.3) * h),
                  (w * figure.u(0.55, 0.75), h * figure.u(0.55, 0.85)))  # fmt: skip
    else:
        add_markings(figure, body)


def bird(figure: Figure) -> None:
    """An egg-shaped bird, owl or chick that faces us or half aside."""
    w, h = figure.u(19, 27), figure.u(22, 31)
    look = figure.u(-0.4, 0.4)
    body = figure.make(
        "body", blob((0, 0), (w, h), figure.u(-0.12, 0.12), 2.0, figure.u(-0.05, 0.3), 44)
    )
    if figure.chance(0.7):
        count = figure.pick(2, 3, 3)
        side = figure.pick(-1, 1)
        for k in range(count):
            tip = (side * (0.9 * w + 13 + 3 * k), 0.3 * h + 8 * k)
            figure.add("tail", limb([(side * 0.4 * w, 0.6 * h), tip], [2.0, 5.0, 5.0], points=8))
    legs = figure.pick("legs", "feet")
    for side in (-1, 1):
        x, y = side * 0.38 * w, h + figure.u(3, 9)
        figure.add(legs, limb([(x, 0.8 * h), (x, y)], [1.6, 1.5], points=5))
        foot = [(x - 6, y + 3), (x - 2, y + 0.5), (x, y - 2), (x + 2, y + 0.5), (x + 6, y + 3), (x + 1, y + 3),
                (x, y + 4), (x - 1, y + 3)]  # fmt: skip
        figure.add(legs, arcs(foot, 0.05, 3))
    folded = figure.chance(0.6)
    if not folded:
        shape = wing(figure, figure.u(0.9, 1.4) * w, bat=False)
        figure.add("wings", mirrored(shape) + (-0.7 * w, -0.05 * h))
        figure.add("wings", shape + (0.7 * w, -0.05 * h))
    if figure.chance(0.6):
        figure.shapes.append(body)
        head = Head(0, -0.5 * h, 0.8 * w, 0.55 * h, body, look)
        if figure.chance(0.55):
            add_belly(figure, body, (0.3 * look * w, 0.45 * h), (0.66 * w, 0.62 * h))
        else:
            add_markings(figure, body)
        add_face(figure, head, mouth=False, nose=False)
        add_beak(figure, head)
        if figure.chance(0.5):
            add_crest(figure, Head(0, -0.5 * h, 0.8 * w, 0.52 * h, body, 0.3 * look))
    else:
        figure.shapes.append(body)
        if figure.chance(0.6):
            add_belly(figure, body, (0, 0.25 * h), (0.65 * w, 0.7 * h))
        r = figure.u(0.75, 1.0) * w
        add_head(figure, (0.2 * look * w, -h - 0.25 * r), (r, 0.9 * r), body, look, own=0.4, beak=1.0,
                 mane=0.04)  # fmt: skip
    if folded:
        for side in (-1, 1):
            spine = [
                (side * 0.8 * w, -0.15 * h),
                (side * 1.05 * w, 0.3 * h),
                (side * 0.75 * w, 0.75 * h),
            ]
            shape = figure.add("wings", limb(spine, [4, 8, 6, 0.5], "point"))
            if figure.chance(0.5):
                x, y = spine[1]
                figure.ink(np.array([(x - 4, y), (x, y + 4), (x + 4, y)]), on=shape, weight=0.7)


def ghost(figure: Figure) -> None:
    """A ghost or a jelly: round above, wavy below."""
    w, h = figure.u(19, 27), figure.u(24, 34)
    waves = int(figure.rng.integers(3, 6))
    hem = [(w * (1.15 - 2.3 * k / waves), h + figure.u(-3, 4)) for k in range(waves + 1)]
    top = [(-w, -0.2 * h), (-0.72 * w, -0.8 * h), (0, -h), (0.72 * w, -0.8 * h), (w, -0.2 * h)]
    bulge = [0.0 if k > 4 else 0.12 for k in range(len(top) + len(hem))]
    for k in range(len(top), len(bulge) - 1):
        bulge[k] = figure.pick(0.3, 0.3, -0.25)
    bulge[4] = bulge[-1] = -0.06
    body = figure.make("body", arcs(top + hem, bulge, 7))
    head = Head(0, -0.35 * h, 0.9 * w, 0.62 * h, body, figure.u(-0.2, 0.2))
    add_crown(figure, head)
    figure.shapes.append(body)
    if figure.chance(0.35):
        add_belly(figure, body, (0, 0.75 * h), (0.6 * w, 0.45 * h))
    elif figure.chance(0.35):
        add_spots(figure, body)
    if figure.chance(0.7):
        arms(figure, body, (0.9 * w, 0.15 * h), figure.u(0.4, 0.8) * w, 0.18 * w)
    add_face(figure, head, nose=False)
    if figure.chance(0.3):
        add_crest(figure, head)


def octopus(figure: Figure) -> None:
    """A big head on tentacles."""
    w, h = figure.u(20, 28), figure.u(20, 30)
    body = figure.make("body", blob((0, -8), (w, h), 0, 2.1, figure.u(-0.2, 0.15), 44))
    region = figure.pick("body", "tentacles", "tentacles")
    count = figure.pick(4, 5, 6)
    order = sorted(np.linspace(-1, 1, count), key=lambda place: -abs(place))
    for place in order:
        end = (place * w * 1.5, h + figure.u(6, 18) - 10 * abs(place))
        middle = (place * w * 0.9, h * 0.9 + 3)
        curl = (end[0] + figure.u(-5, 5), end[1] + figure.u(-6, 2))
        spine = [(place * w * 0.6, 0.4 * h), middle, end, curl]
        arm = figure.add(region, limb(spine, [6, 5, 4, 2], points=16))
        if figure.chance(0.25):
            figure.add("suckers", blob((end[0], end[1] - 1), (2.4, 2.4), points=12), on=arm)
    figure.shapes.append(body)
    add_markings(figure, body)
    head = Head(0, -2, 0.9 * w, 0.85 * h, body, figure.u(-0.15, 0.15))
    add_face(figure, head, nose=False)
    if figure.chance(0.25):
        add_crest(figure, Head(0, -8, w, h, body))
