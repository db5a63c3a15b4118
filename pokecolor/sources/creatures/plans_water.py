"""Creatures of the water: fish, octopuses, crabs."""

from __future__ import annotations

import numpy as np

from pokecolor.sources.creatures.contours import arcs, blob, leaf, limb, mirrored, shifted, smooth
from pokecolor.sources.creatures.crowns import add_crest, add_crown
from pokecolor.sources.creatures.faces import Head, add_face
from pokecolor.sources.creatures.figure import Figure
from pokecolor.sources.creatures.markings import add_belly, add_markings


def fish(figure: Figure) -> None:
    """A fish that swims to the left, or a whale."""
    w, h = figure.u(24, 36), figure.u(15, 26)
    body = figure.make("body", blob((0, 0), (w, h), 0, figure.u(1.8, 2.3), 0, 48))
    fins = figure.pick("fins", "fins", "body")
    _tail_fin(figure, 0.85 * w, figure.pick("tail", "tail", "tail fin", fins))
    _dorsal_fin(figure, w, h, fins)
    figure.add(fins, leaf((0.1 * w, 0.8 * h), (0.5 * w, h + figure.u(5, 12)), 5, 0.1, 0.9))
    figure.shapes.append(body)
    if figure.chance(0.5):
        add_belly(figure, body, (-0.1 * w, 0.95 * h), (w, 0.62 * h))
    if figure.chance(0.6):
        add_markings(figure, body, figure.u(-0.1, 0.1))
    if figure.chance(0.25):
        figure.add("head", blob((-w, 0), (figure.u(0.7, 0.95) * w, 1.4 * h)), on=body)
    else:
        gill = smooth([(-0.3 * w, -0.5 * h), (-0.18 * w, 0), (-0.32 * w, 0.5 * h)], 9)
        figure.ink(gill, on=body, weight=0.8)
    tip = (0.3 * w, figure.u(0.3, 0.8) * h)
    figure.add(fins, leaf((-0.12 * w, 0.25 * h), tip, 0.24 * h, 0.1, 0.5))
    head = Head(-0.58 * w, -0.05 * h, 0.5 * w, 0.75 * h, body, 0.0, profile=True)
    add_face(figure, head, nose=False)
    if figure.chance(0.2):
        add_crest(figure, Head(-0.35 * w, -0.2 * h, 0.5 * w, 0.75 * h, body))


def _tail_fin(figure: Figure, x: float, region: str) -> None:
    reach, spread = figure.u(14, 24), figure.u(12, 22)
    points = [(x, -4), (x + reach, -spread), (x + 0.75 * reach, 0), (x + reach, spread), (x, 4)]
    fin = figure.add(region, arcs(points, [0.08, -0.1, -0.1, 0.08, 0.0]))
    if figure.chance(0.5):
        for k in (-0.5, 0.0, 0.5):
            ray = np.array([(0.3 * reach, 0.3 * k * spread), (0.8 * reach, 0.8 * k * spread)])
            figure.ink(shifted(ray, x, 0), on=fin, weight=0.6)


def _dorsal_fin(figure: Figure, w: float, h: float, region: str) -> None:
    high = figure.u(6, 16)
    if figure.chance(0.5):
        corners = [(-0.45 * w, -0.7 * h), (figure.u(0, 12), -h - high), (0.55 * w, -0.6 * h)]
        figure.add(region, arcs(corners, [0.12, -0.1, 0.0]))
        return
    left = [(-0.5 * w, -0.75 * h), (-0.25 * w, -h - high), (0, -h), (0.1 * w, -h - 0.8 * high)]
    right = [(0.3 * w, -0.8 * h), (0.45 * w, -h - 0.4 * high), (0.6 * w, -0.6 * h)]
    figure.add(region, arcs(left + right, 0.06))


def octopus(figure: Figure) -> None:
    """A big head on tentacles."""
    w, h = figure.u(20, 28), figure.u(20, 30)
    body = figure.make("body", blob((0, -8), (w, h), 0, 2.1, figure.u(-0.2, 0.15), 44))
    region = figure.pick("body", "tentacles", "tentacles")
    suckers = figure.chance(0.3)
    places = np.linspace(-1, 1, figure.pick(4, 5, 6))
    # the outer ones lie behind
    for k in sorted(places, key=lambda place: -abs(place)):
        middle = (k * w * 0.9, 0.9 * h + 3)
        end = (k * w * 1.5, h + figure.u(6, 18) - 10 * abs(k))
        curl = (end[0] + figure.u(-5, 5), end[1] + figure.u(-6, 2))
        arm = limb([(k * w * 0.6, 0.4 * h), middle, end, curl], [6, 5, 4, 2])
        tentacle = figure.add(region, arm)
        if suckers:
            figure.add("suckers", blob((end[0], end[1] - 1), (2.6, 2.6), points=12), on=tentacle)
    figure.shapes.append(body)
    add_markings(figure, body)
    add_face(figure, Head(0, -2, 0.9 * w, 0.85 * h, body, figure.u(-0.15, 0.15)), nose=False)
    if figure.chance(0.25):
        add_crest(figure, Head(0, -8, w, h, body))


def crab(figure: Figure) -> None:
    """A crab with two claws that faces us."""
    w, h = figure.u(20, 28), figure.u(14, 20)
    body = figure.make("body", blob((0, 0), (w, h), 0, 2.2, figure.u(-0.2, 0.2)))
    legs = figure.pick("legs", "body")
    shapes = []
    for k in range(3):
        knee, end = (w + 8 - 4 * k, 0.2 * h + 5 * k), (w + 10 - 7 * k, h + 5 + 3 * k)
        shapes.append(limb([(0.6 * w, 0.3 * h), knee, end], [3, 2.6, 0.4], "point", 9))
    x, y = w + 7, -0.9 * h
    shapes.append(limb([(0.7 * w, -0.1 * h), (w + 7, 0), (x, y)], [3.4, 3, 3], points=10))
    corners = [(-0.7, 0), (-1, -1.1), (-0.1, -0.5), (0.5, -1.5), (0.9, 0), (0, 0.6)]
    pincer = arcs(figure.u(8, 12) * np.array(corners), [0.2, -0.05, -0.1, 0.15, 0.2, 0.2])
    for shape in shapes:
        figure.add(legs, shape)
        figure.add(legs, mirrored(shape))
    for shape in (shifted(pincer, x, y), mirrored(shifted(pincer, x, y))):
        figure.add("claws", shape)
    head = Head(0, -0.1 * h, 0.75 * w, 0.9 * h, body)
    if figure.chance(0.3):
        add_crown(figure, head)
    figure.shapes.append(body)
    if figure.chance(0.5):
        add_belly(figure, body, (0, 0.95 * h), (0.8 * w, 0.5 * h))
    else:
        add_markings(figure, body)
    add_face(figure, head, nose=False)
