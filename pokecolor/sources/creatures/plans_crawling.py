"""Creatures that crawl to the left: serpents, caterpillars, snails."""

from __future__ import annotations

import numpy as np

from pokecolor.sources.creatures.contours import blob, limb, smooth
from pokecolor.sources.creatures.crowns import add_antennae, add_horns
from pokecolor.sources.creatures.faces import Head, add_face, add_tongue
from pokecolor.sources.creatures.figure import Figure, Shape
from pokecolor.sources.creatures.heads import add_head
from pokecolor.sources.creatures.markings import add_spots

POSES = (
    # upright on one curve
    ((-0.5, -26), (-0.1, -14), (-0.2, 0), (-0.9, 8), (-0.8, 24), (0.2, 22), (1.1, 26), (1.6, 10)),
    # in waves
    ((-0.9, -14), (-0.4, -2), (0.3, 8), (0.9, -6), (1.5, 8), (2.0, -6)),
    # coiled
    ((-0.4, -26), (0.3, -16), (0.8, -4), (0.2, 4), (-0.9, 8), (-0.9, 22), (0.4, 26), (1.4, 18)),
)
"""Spines of serpents from head to tail; x in shares of the width."""


def serpent(figure: Figure) -> None:
    """A snake, a worm or a sea serpent."""
    w, thick = figure.u(20, 28), figure.u(6.5, 10)
    spine = np.array(figure.pick(*POSES)) * (w, 1) + figure.rng.normal(0, 1.2, 2)
    widths = [0.95 * thick, thick, thick, 0.9 * thick, 0.6 * thick, 0.1 * thick]
    body = figure.add("body", limb(spine, widths, "point", 60))
    line = smooth(spine, 60)
    if figure.chance(0.4):
        figure.add("tail tip", blob(tuple(line[-1]), (1.6 * thick, 1.6 * thick)), on=body)
    _scales(figure, body, line, thick)
    x, y = line[0]
    radius = thick * figure.u(1.3, 2.0)
    if figure.chance(0.2):
        figure.add("hood", blob((x, y + 0.4 * radius), (1.7 * radius, 1.6 * radius), 0, 2, -0.3))
    look, radii = figure.u(-0.3, 0.0), (radius, 0.85 * radius)
    add_head(figure, (x, y), radii, body, look, own=0.2, mane=0.06, snout=0.2)
    if figure.chance(0.3):
        add_tongue(figure, (x - 0.9 * radius, y + 0.4 * radius), 0.7 * radius)


def _scales(figure: Figure, body: Shape, line: np.ndarray, thick: float) -> None:
    """Stripes, spots or a belly along the spine `line`, or none."""
    along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    across = np.stack([along[:, 1], -along[:, 0]], 1)
    style = figure.pick("stripes", "spots", "belly", "none")
    if style == "belly":
        inner, outer = line - 0.35 * thick * across, line - 1.6 * thick * across
        figure.add("belly", np.vstack([inner, outer[::-1]]), on=body)
        return
    if style == "none":
        return
    for k in range(8, 56, figure.pick(6, 8)):
        if style == "spots":
            spot = blob(tuple(line[k]), (0.45 * thick, 0.4 * thick), points=16)
            figure.add("spots", spot, on=body)
        else:
            half, wide = 1.4 * thick * across[k], 0.28 * thick * along[k]
            band = [-half - wide, -half + wide, half + wide, half - wide]
            figure.add("stripes", line[k] + np.array(band), on=body)


def snail(figure: Figure) -> None:
    """A snail with a spiral or a spotted shell."""
    spine = [(38, 22), (10, 21), (-18, 20), (-26, 2)]
    body = figure.add("body", limb(spine, [1, 6, 7, 7, 6], points=24))
    radius = figure.u(17, 24)
    center = (figure.u(6, 12), 18 - radius)
    shell = figure.add("shell", blob(center, (1.1 * radius, radius)))
    if figure.chance(0.7):
        angle = np.linspace(0, figure.u(3.5, 5) * np.pi, 40)
        spiral = np.stack([np.cos(angle), np.sin(angle)], 1)
        figure.ink(spiral * (radius * (1 - angle / angle[-1]))[:, None] + center, on=shell)
    else:
        add_spots(figure, shell, "shell spots", 0.18)
    r = figure.u(9, 14)
    add_head(figure, (-27, -4), (r, r), body, -0.25, own=0.25, mane=0)


def caterpillar(figure: Figure) -> None:
    """A row of balls on short feet."""
    count, r = figure.pick(3, 4, 5), figure.u(9, 12)
    spotted, spots = figure.chance(0.5), figure.pick("spots", "stripes")
    for k in range(count, 0, -1):
        x, y = k * 1.35 * r - 20, 6 * np.sin(k * 1.2 + figure.u(-0.3, 0.3))
        for side in (-0.35 * r, 0.35 * r):
            foot = [(x + side, y + 0.6 * r), (x + side, y + 1.3 * r)]
            figure.add("feet", limb(foot, [0.2 * r, 0.22 * r], points=5))
        segment = figure.add("body", blob((x, y), (r, 1.05 * r)))
        if spotted and spots == "spots":
            figure.add("spots", blob((x, y - 0.2 * r), (0.4 * r, 0.4 * r), points=18), on=segment)
        elif spotted:
            figure.add("stripes", blob((x, y), (0.28 * r, 2 * r), points=18), on=segment)
    big = r * figure.u(1.3, 1.8)
    shape = figure.make(figure.pick("head", "body"), blob((-24, -4), (big, big)))
    head = Head(-24, -4, big, big, shape, figure.u(-0.3, 0))
    (add_antennae if figure.chance(0.7) else add_horns)(figure, head)
    figure.shapes.append(shape)
    add_face(figure, head)
