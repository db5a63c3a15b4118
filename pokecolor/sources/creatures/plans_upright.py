"""Creatures that stand upright and face us: balls, bipeds, ghosts."""

from __future__ import annotations

from pokecolor.sources.creatures.contours import arcs, blob, ruff
from pokecolor.sources.creatures.crowns import add_crest, add_crown
from pokecolor.sources.creatures.faces import Head, add_beak, add_face
from pokecolor.sources.creatures.figure import Figure, Shape
from pokecolor.sources.creatures.heads import add_head
from pokecolor.sources.creatures.limbs import add_arms, add_leg, add_tail, add_wings
from pokecolor.sources.creatures.markings import add_belly, add_markings, add_spots


def ball(figure: Figure) -> None:
    """A round creature that is all head."""
    rx = figure.u(24, 34)
    ry = rx * figure.u(0.75, 1.15)
    if figure.chance(0.12):
        spikes = int(figure.rng.integers(9, 16))
        length = figure.rng.uniform(0.85, 1.1, spikes)
        ring = ruff((0, 0), (1.45 * rx, 1.45 * ry), spikes, 0.2, figure.pick(0.1, 0.35), length)
        figure.add(figure.pick("gas", "mane"), ring).flat = True
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
        add_arms(figure, body, (0.85 * rx, 0.15 * ry), rx * figure.u(0.3, 0.5), 0.14 * rx)
    beak = figure.chance(0.1)
    add_face(figure, head, mouth=not beak, nose=not beak)
    if beak:
        add_beak(figure, head)
    if figure.chance(0.35):
        add_crest(figure, head)


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
    add_arms(figure, body, (0.75 * w, -0.5 * h), figure.u(0.7, 1.2) * w + 4, figure.u(0.2, 0.3) * w)
    if figure.chance(0.1):
        figure.add("scarf", blob((0, -0.85 * h), (0.85 * w, 0.25 * h)))
    tall = radius * figure.u(0.8, 1.1)
    add_head(
        figure,
        (figure.u(-3, 3), -h - tall * figure.u(0.35, 0.8)),
        (radius, tall),
        body,
        figure.u(-0.35, 0.35),
    )


def _torso(figure: Figure, body: Shape, w: float, h: float) -> None:
    if figure.chance(0.6):
        add_belly(
            figure,
            body,
            (figure.u(-0.1, 0.1) * w, figure.u(0.1, 0.3) * h),
            (w * figure.u(0.55, 0.75), h * figure.u(0.55, 0.85)),
        )
    else:
        add_markings(figure, body)


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
        add_arms(figure, body, (0.9 * w, 0.15 * h), figure.u(0.4, 0.8) * w, 0.18 * w)
    add_face(figure, head, nose=False)
    if figure.chance(0.3):
        add_crest(figure, head)
