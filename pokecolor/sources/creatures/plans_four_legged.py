"""Creatures on four legs, seen from the side, that look to the left: beasts, dragons, turtles."""

from __future__ import annotations

import numpy as np

from pokecolor.sources.creatures.contours import arcs, blob, leaf, limb, ruff, shifted, smooth
from pokecolor.sources.creatures.figure import Figure, Shape
from pokecolor.sources.creatures.heads import add_head
from pokecolor.sources.creatures.limbs import add_leg, add_tail, wing
from pokecolor.sources.creatures.markings import add_belly, add_markings, add_spots


def quadruped(figure: Figure) -> None:
    """A beast: a fox, a dog, a cat, a horse."""
    _beast(figure, wings=0.1, spikes=0.12, neck=figure.u(-5, 10))


def dragon(figure: Figure) -> None:
    """A beast with a longer neck, mostly with wings and spikes."""
    _beast(figure, wings=0.85, spikes=0.6, neck=figure.u(4, 18))


def _beast(figure: Figure, wings: float, spikes: float, neck: float) -> None:
    """A body on four legs.

    Args:
        wings, spikes: the probabilities of wings and of spikes along the back.
        neck: how far the head lies above the shoulders.
    """
    long, deep = figure.u(15, 27), figure.u(12, 17)
    chest, rump = figure.u(0.8, 1.05), figure.u(0.8, 1.1)
    spine = [(-long, figure.u(-3, 1)), (-0.1 * long, figure.u(-1, 3)), (long, figure.u(-3, 2))]
    waist = figure.u(0.8, 1.0)
    widths = [0.85 * chest * deep, chest * deep, waist * deep, rump * deep, 0.9 * rump * deep]
    body = figure.make("body", limb(spine, widths, points=22))
    radius = figure.u(15, 24)
    center = (-long - figure.u(0.1, 0.7) * radius, -0.8 * deep - 0.45 * radius - neck)
    legs = figure.pick("body", "body", "body", "legs")
    toe = figure.pick(legs, legs, "paws", None)
    wide = figure.u(0.28, 0.44) * deep
    floor = deep + figure.u(4, 15)
    ahead = -figure.u(0.2, 0.6)
    for x in (-0.5 * long, 0.7 * long):
        foot = (x + figure.u(-4, 4), floor - figure.u(1, 4))
        add_leg(figure, (x, 0.3 * deep), foot, wide, body, legs, toe, ahead)
    root = (long + 0.5 * rump * deep, -0.3 * deep)
    add_tail(figure, root, figure.u(22, 36), None)
    if figure.chance(spikes):
        _spikes(figure, spine, deep)
    both = figure.chance(wings)
    feather = wing(figure, figure.u(26, 38), figure.chance(0.5))
    if both:
        figure.add("wings", shifted(0.85 * feather, -0.2 * long - 6, -0.7 * deep))
    throat = limb([(-0.8 * long, 0), center], [0.8 * deep, 0.6 * deep, 0.45 * radius], points=12)
    figure.add("body", throat)
    figure.shapes.append(body)
    # once more without its root, so that no line parts the neck from the chest
    figure.add("body", throat, joined=body, most=0.45).flat = True
    if figure.chance(0.4):
        add_belly(figure, body, (0, 0.95 * deep), (0.95 * long, 0.5 * deep))
    if figure.chance(0.5):
        add_markings(figure, body)
    for x in (-0.85 * long, 0.95 * long):
        foot = (x + figure.u(-4, 4), floor)
        add_leg(figure, (x, 0.1 * deep), foot, 1.1 * wide, body, legs, toe, ahead)
    if both:
        figure.add("wings", shifted(feather, -0.1 * long, -0.5 * deep))
    elif figure.chance(0.16):
        _bulb(figure, deep)
    if figure.chance(0.18):
        count = int(figure.rng.integers(8, 13))
        fur = ruff(
            (-0.85 * long, -0.25 * deep),
            (0.95 * deep, 0.95 * deep),
            count,
            0.22,
            0.1,
            figure.rng.uniform(0.9, 1.15, count),
        )
        figure.add(figure.pick("collar", "mane", "chest"), fur)
    tall = radius * figure.u(0.78, 1.0)
    add_head(figure, center, (radius, tall), body, figure.u(-0.4, 0.0), mane=0.12, snout=0.4)


def _spikes(figure: Figure, spine: list[tuple[float, float]], deep: float) -> None:
    """A row of spikes along the back; to be drawn before the body."""
    for x, y in smooth(spine, 7):
        top = (x + figure.u(0, 4), y - deep - figure.u(5, 10))
        figure.add("spikes", leaf((x, y - 0.6 * deep), top, 4.5, 0, 1.0))


def _bulb(figure: Figure, deep: float) -> None:
    """A plant bulb or a shell on the back."""
    size = figure.u(13, 19)
    x, y = figure.u(-2, 8), -deep - 0.35 * size
    corners = np.array([(-1, 0.5), (-0.8, -0.5), (0, -1.15), (0.8, -0.5), (1, 0.5)])
    outline = arcs(size * corners, [0.15, 0.08, 0.08, 0.15, 0.08])
    shape = figure.add(figure.pick("bulb", "shell"), shifted(outline, x, y))
    for k in (-0.45, 0.0, 0.45):
        line = size * np.array([(0.3 * k, -1.1), (k, 0), (0.9 * k, 1)])
        figure.ink(shifted(smooth(line, 7), x, y), on=shape, weight=0.7)


def turtle(figure: Figure) -> None:
    """A turtle that walks to the left."""
    w, h = figure.u(22, 30), figure.u(16, 25)
    floor = 0.35 * h
    under = figure.make("body", blob((0, floor), (0.92 * w, 0.4 * h)))
    legs = figure.pick("body", "body", "legs")
    wide = figure.u(4.5, 7)
    if figure.chance(0.8):
        tip = (w + figure.u(8, 18), floor + figure.u(-4, 6))
        figure.add(figure.pick("tail", "body"), leaf((0.8 * w, floor + 2), tip, 4, 0.1, 1.0))
    for x in (-0.4 * w, 0.75 * w):
        add_leg(figure, (x, floor), (x, floor + 0.55 * h), wide, under, legs, legs, -0.3)
    figure.shapes.append(under)
    for x in (-0.68 * w, 0.48 * w):
        foot = (x - 2, floor + 0.62 * h)
        add_leg(figure, (x, floor), foot, 1.15 * wide, under, legs, legs, -0.3)
    radius = figure.u(12, 18)
    center = (-w - 0.45 * radius, floor - figure.u(0.2, 1.3) * radius)
    throat = limb([(-0.7 * w, floor), center], [0.6 * radius, 0.55 * radius], points=8)
    figure.add("body", throat, joined=under).flat = True
    figure.shapes.append(_dome(figure, w, h, floor))
    add_head(figure, center, (radius, 0.88 * radius), under, -0.3, own=0.2, mane=0.0)


def _dome(figure: Figure, w: float, h: float, floor: float) -> Shape:
    """A turtle's shell with plates or spots, often with a rim."""
    dome = [(-w, floor), (-0.85 * w, -0.35 * h), (-0.3 * w, -h), (0.35 * w, -0.95 * h)]
    dome += [(0.88 * w, -0.3 * h), (w, floor)]
    base = smooth([(w, floor), (0, 1.35 * floor), (-w, floor)], 9)
    shell = figure.make("shell", np.vstack([smooth(dome, 26), base[1:-1]]))
    if figure.chance(0.5):
        add_spots(figure, shell, "shell spots", 0.2)
    else:
        for x in (-0.55 * w, 0.0, 0.5 * w):
            seam = smooth([(0.6 * x, -1.2 * h), (x, -0.3 * h), (1.25 * x, 1.2 * floor)], 9)
            figure.ink(seam, on=shell, weight=0.8)
        figure.ink(smooth([(-w, -0.2 * h), (0, -0.35 * h), (w, -0.2 * h)], 9), on=shell, weight=0.8)
    if figure.chance(0.6):
        edge = smooth([(-w, floor - 5), (0, floor - 1), (w, floor - 5)], 9)
        figure.add("shell rim", np.vstack([edge, [(w, 2 * h), (-w, 2 * h)]]), on=shell)
    return shell
