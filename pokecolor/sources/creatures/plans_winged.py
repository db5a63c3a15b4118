"""Creatures whose wings matter most: birds, butterflies, bees."""

from __future__ import annotations

import numpy as np

from pokecolor.sources.creatures.contours import arcs, blob, leaf, limb, mirrored, shifted
from pokecolor.sources.creatures.crowns import add_antennae, add_crest
from pokecolor.sources.creatures.faces import Head, add_beak, add_face
from pokecolor.sources.creatures.figure import Figure, Shape
from pokecolor.sources.creatures.heads import add_head
from pokecolor.sources.creatures.limbs import wing
from pokecolor.sources.creatures.markings import add_belly, add_markings, add_stripes


def bird(figure: Figure) -> None:
    """An egg-shaped bird, owl or chick that faces us or half aside."""
    w, h = figure.u(19, 27), figure.u(22, 31)
    look, tilt = figure.u(-0.4, 0.4), figure.u(-0.12, 0.12)
    body = figure.make("body", blob((0, 0), (w, h), tilt, 2.0, figure.u(-0.05, 0.3), 44))
    _tail_feathers(figure, w, h)
    _bird_legs(figure, w, h)
    folded = figure.chance(0.6)
    if not folded:
        shape = shifted(wing(figure, figure.u(0.9, 1.4) * w, bat=False), 0.7 * w, -0.05 * h)
        figure.add("wings", mirrored(shape))
        figure.add("wings", shape)
    figure.shapes.append(body)
    if figure.chance(0.55):
        _face_on_body(figure, body, w, h, look)
    else:
        if figure.chance(0.6):
            add_belly(figure, body, (0, 0.25 * h), (0.65 * w, 0.7 * h))
        r = figure.u(0.75, 1.0) * w
        center = (0.2 * look * w, -h - 0.25 * r)
        add_head(figure, center, (r, 0.9 * r), body, look, own=0.4, beak=1.0, mane=0.04)
    if folded:
        _folded_wings(figure, w, h)


def _face_on_body(figure: Figure, body: Shape, w: float, h: float, look: float) -> None:
    """A bird without a neck."""
    head = Head(0, -0.5 * h, 0.8 * w, 0.55 * h, body, look)
    if figure.chance(0.55):
        add_belly(figure, body, (0.3 * look * w, 0.45 * h), (0.66 * w, 0.62 * h))
    else:
        add_markings(figure, body)
    add_face(figure, head, mouth=False, nose=False)
    add_beak(figure, head)
    if figure.chance(0.5):
        add_crest(figure, Head(0, -0.5 * h, 0.8 * w, 0.52 * h, body, 0.3 * look))


def _tail_feathers(figure: Figure, w: float, h: float) -> None:
    side, count = figure.pick(-1, 1), figure.pick(0, 2, 3, 3)
    for k in range(count):
        tip = (side * (0.9 * w + 13 + 3 * k), 0.3 * h + 8 * k)
        figure.add("tail", limb([(side * 0.4 * w, 0.6 * h), tip], [2.0, 5.0, 5.0], points=8))


def _bird_legs(figure: Figure, w: float, h: float) -> None:
    region = figure.pick("legs", "feet")
    toes = [(-6, 3), (-2, 0.5), (0, -2), (2, 0.5), (6, 3), (1, 3), (0, 4), (-1, 3)]
    size, down = figure.u(0.9, 1.4), h + figure.u(3, 9)
    for x in (-0.38 * w, 0.38 * w):
        figure.add(region, limb([(x, 0.8 * h), (x, down)], [1.6 * size, 1.5 * size], points=5))
        figure.add(region, shifted(arcs(size * np.array(toes), 0.05, 3), x, down))


def _folded_wings(figure: Figure, w: float, h: float) -> None:
    feathers = figure.chance(0.5)
    spine = [(0.8 * w, -0.15 * h), (1.05 * w, 0.3 * h), (0.75 * w, 0.75 * h)]
    outline = limb(spine, [4, 8, 6, 0.5], "point")
    x, y = spine[1]
    edge = np.array([(x - 4, y), (x, y + 4), (x + 4, y)])
    for flip in (mirrored, np.copy):
        shape = figure.add("wings", flip(outline))
        if feathers:
            figure.ink(flip(edge), on=shape, weight=0.7)


def butterfly(figure: Figure) -> None:
    """A butterfly or moth with spread wings that faces us."""
    w, h = figure.u(6, 11), figure.u(15, 23)
    big = figure.u(24, 34)
    body = figure.make("body", blob((0, 0), (w, h), 0, 2, figure.u(-0.1, 0.2)))
    corner = (w + 0.75 * big, -h - figure.u(-4, 8))
    if figure.chance(0.4):
        upper = leaf((0.4 * w, -0.3 * h), corner, 0.42 * big, figure.u(-0.2, 0.1), 0.4)
    else:
        spine = [(0.4 * w, -0.3 * h), (0.5 * big, -0.7 * h), corner]
        upper = limb(spine, [0.16 * big, 0.3 * big, 0.4 * big])
    end = (w + 0.75 * big, 0.3 * h + figure.u(4, 16))
    lower = limb([(0.4 * w, 0.1 * h), end], [0.15 * big, 0.3 * big, 0.26 * big])
    names = figure.pick(("wings", "wings"), ("wings", "wings"), ("lower wings", "upper wings"))
    spot = figure.u(0.1, 0.2) * big if figure.chance(0.6) else 0.0
    edge = figure.chance(0.3)
    for flip in (mirrored, np.copy):
        for name, shape in zip(names, (lower, upper), strict=True):
            _patterned_wing(figure, name, flip(shape), spot, 0.3 * big if edge else 0.0)
    _insect_body(figure, body, w, h)


def _patterned_wing(
    figure: Figure, name: str, contour: np.ndarray, spot: float, edge: float
) -> None:
    """A wing with a spot and a tip of these sizes, 0 for none."""
    shape = figure.add(name, contour)
    middle = contour.mean(0)
    if edge:
        outer = contour[np.argmax(np.abs(contour[:, 0]))]
        far = middle + 1.25 * (outer - middle)
        figure.add("wing tips", blob(tuple(far), (edge, 1.7 * edge)), on=shape)
    if spot:
        figure.add("wing spots", blob(tuple(middle), (spot, 1.2 * spot), points=18), on=shape)


def _insect_body(figure: Figure, body: Shape, w: float, h: float) -> None:
    """A body, mostly striped, with a head and antennae."""
    radius = figure.u(1.2, 1.8) * w
    y = -h - 0.4 * radius
    shape = figure.make(figure.pick("head", "body"), blob((0, y), (radius, radius)))
    head = Head(0, y, radius, radius, shape, figure.u(-0.3, 0.3))
    add_antennae(figure, head, figure.u(1.0, 1.8))
    figure.shapes.append(body)
    if figure.chance(0.5):
        add_stripes(figure, body, np.pi / 2, 3)
    figure.shapes.append(shape)
    add_face(figure, head, nose=False)


def bee(figure: Figure) -> None:
    """A bee, fly or beetle from the side, flying to the left."""
    w, h = figure.u(20, 27), figure.u(13, 19)
    body = figure.make("body", blob((0, 0), (w, h), figure.u(0.0, 0.35), 2, 0, 44))
    size = figure.u(9, 13)
    for x in (6, -3):
        high = -h - figure.u(14, 24)
        spine = [(x - 4, -0.5 * h), (x + 0.4 * size, 0.6 * high), (x + size, high)]
        figure.add("wings", limb(spine, [0.2 * size, 0.7 * size, size]))
    if figure.chance(0.5):
        root = (0.85 * w, 0.25 * h)
        figure.add("stinger", leaf(root, (w + figure.u(6, 12), 0.45 * h), 3.5, 0, 1.2))
    feet = figure.pick("feet", "legs")
    for x in (-0.35 * w, 0.0, 0.35 * w):
        spine = [(x, 0.7 * h), (x - 2, h + 5), (x - 5, h + 9)]
        figure.add(feet, limb(spine, [2.0, 1.8, 1.6], points=8))
    figure.shapes.append(body)
    add_stripes(figure, body, figure.u(0.0, 0.3), figure.pick(2, 3))
    radius = figure.u(11, 16)
    shape = figure.make(figure.pick("head", "body"), blob((-w, -3), (radius, radius)))
    head = Head(-w, -3, radius, radius, shape, figure.u(-0.35, 0.0))
    add_antennae(figure, head)
    figure.shapes.append(shape)
    add_face(figure, head, nose=False)
