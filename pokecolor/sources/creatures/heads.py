"""Heads: their shape, the parts on them, and the face, frontal or in profile."""

from __future__ import annotations

import numpy as np

from pokecolor.sources.creatures.contours import blob, limb, shifted, smooth
from pokecolor.sources.creatures.crowns import add_crest, add_crown, add_mane
from pokecolor.sources.creatures.faces import Head, add_beak, add_face, add_whiskers, one_eye
from pokecolor.sources.creatures.figure import Figure, Shape


def add_head(
    figure: Figure,
    center: tuple[float, float],
    radii: tuple[float, float],
    body: Shape,
    look: float = 0.0,
    *,
    own: float = 0.25,
    beak: float = 0.05,
    mane: float = 0.08,
    snout: float = 0.0,
) -> None:
    """A head with all that grows on it, joined to `body` unless it has its own color.

    Args:
        look: how far the face is turned, see `Head`.
        own, beak, mane, snout: the probabilities of a color of its own, of a beak, of a mane, and
            of a profile with a snout to the left.
    """
    outline = blob(center, radii, figure.u(-0.1, 0.1), figure.u(1.9, 2.5), figure.u(-0.12, 0.22))
    if figure.chance(own):
        shape = figure.make("head", outline)
    else:
        # the line opens towards the body
        nearest = np.argmin(((outline - body.points.mean(0)) ** 2).sum(1))
        shape = figure.make("body", np.roll(outline, -nearest, 0), body, 0.45)
    profile = figure.chance(snout)
    head = Head(*center, *radii, shape, look, profile)
    if figure.chance(mane):
        add_mane(figure, head, 0.2)
        shape.line = None
    add_crown(figure, head)
    figure.shapes.append(shape)
    if profile:
        _snout(figure, head)
    elif figure.chance(beak):
        _face_patch(figure, head)
        add_face(figure, head, mouth=False, nose=False)
        add_beak(figure, head)
    else:
        _face_patch(figure, head)
        add_face(figure, head)
        if figure.chance(0.08):
            add_whiskers(figure, head)
    if figure.chance(0.28):
        add_crest(figure, head)


def _face_patch(figure: Figure, head: Head) -> None:
    """At times a patch of another color over the lower or the upper half of a head."""
    if not figure.chance(0.13):
        return
    down = figure.pick(0.75, 0.6, -0.9)
    size = (head.rx * figure.u(0.75, 1.3), head.ry * figure.u(0.55, 0.8))
    figure.add("face" if down > 0 else "forehead", blob(head.at(0, down), size), on=head.shape)


def _snout(figure: Figure, head: Head) -> None:
    """A snout to the left with nose, mouth and one eye."""
    rx, ry = head.rx, head.ry
    long, deep = figure.u(0.35, 0.9) * rx, figure.u(0.3, 0.42) * ry
    x, y = head.x - rx - long, head.y + figure.u(0.25, 0.4) * ry
    spine = [(head.x - 0.3 * rx, y - 0.1 * ry), (head.x - 0.9 * rx, y - 0.05 * ry), (x, y)]
    outline = limb(spine, [1.3 * deep, 1.15 * deep, 0.85 * deep], points=12)
    if figure.chance(0.25):
        figure.add("muzzle", outline)
    else:
        figure.add(head.shape.region, outline, joined=head.shape, most=0.42)
    low = y + 0.35 * deep
    jaw = [(x - 0.7 * deep, low), (x + 0.3 * long, low + 0.1 * deep), (head.x - 0.75 * rx, low)]
    figure.ink(smooth(jaw, 9), weight=0.8)
    if figure.chance(0.6):
        size = deep * figure.u(0.3, 0.5)
        figure.add("nose", blob((x - 0.7 * deep, y - 0.5 * deep), (size, 0.8 * size), points=14))
    else:
        nostril = np.array([(-0.2, 0.0), (0.2, 0.1)]) * deep
        figure.ink(shifted(nostril, x - 0.3 * deep, y - 0.35 * deep), weight=0.8)
    size = min(rx, ry) * figure.u(0.2, 0.32)
    tall = size * figure.u(0.9, 1.4)
    style = figure.pick("plain", "pupil", "pupil", "iris", "angry", "slit")
    center = (head.x - 0.35 * rx, head.y - figure.u(0.05, 0.3) * ry)
    one_eye(figure, center, size, tall, figure.u(-0.3, 0.3), style, -0.15)
    if figure.chance(0.3):
        size = rx * figure.u(0.15, 0.24)
        cheek = (head.x + 0.1 * rx, head.y + 0.45 * ry)
        figure.add("cheeks", blob(cheek, (size, 0.85 * size), points=16), on=head.shape)
