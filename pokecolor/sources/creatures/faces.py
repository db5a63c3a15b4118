"""Faces: eyes, mouth, nose, beak, cheeks, muzzle."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from pokecolor.sources.creatures.contours import arcs, blob, limb, mirrored, smooth
from pokecolor.sources.creatures.figure import Figure, Shape


@dataclass(frozen=True)
class Head:
    """The position, size and turn of a head, to place parts on it."""

    x: float
    y: float
    rx: float
    ry: float
    shape: Shape
    look: float = 0.0
    """How far the face is turned, as a share of the half width: -0.4 looks to the left."""
    profile: bool = False
    """Seen from the side, facing left: one eye."""

    def at(self, right: float, down: float) -> tuple[float, float]:
        """A point of the face in half widths and half heights from its center."""
        return self.x + (right + self.look) * self.rx, self.y + down * self.ry


def add_face(figure: Figure, head: Head, mouth: bool = True, nose: bool = True) -> None:
    """Put a random face on a head."""
    muzzle = mouth and nose and not head.profile and figure.chance(0.22)
    if muzzle:
        x, y = head.at(0, 0.42)
        size = (head.rx * figure.u(0.3, 0.5), head.ry * figure.u(0.24, 0.34))
        figure.add("muzzle", blob((x, y), size), on=head.shape)
    if figure.chance(0.35):
        _cheeks(figure, head)
    _eyes(figure, head)
    if nose and figure.chance(0.9 if muzzle else 0.4):
        _nose(figure, head)
    if mouth and figure.chance(0.9):
        _mouth(figure, head)


def _eyes(figure: Figure, head: Head) -> None:
    size = min(head.rx, head.ry) * figure.u(0.16, 0.34)
    tall = size * figure.u(0.9, 1.6)
    apart = max(figure.u(0.32, 0.56), 1.1 * size / head.rx)
    down = figure.u(-0.22, 0.12)
    tilt = figure.u(-0.25, 0.25)
    style = figure.rng.choice(
        ["plain", "pupil", "iris", "angry", "slit", "sleepy"], p=[0.2, 0.3, 0.2, 0.12, 0.1, 0.08]
    )
    sides = (-0.2,) if head.profile else (-apart, apart)
    glance = figure.u(-0.25, 0.25)
    for side in sides:
        center = head.at(side, down)
        # the eye turned away looks narrower
        wide = size * (1 - 0.35 * max(0.0, head.look * np.sign(side)))
        one_eye(figure, center, wide, tall, tilt * -np.sign(side), str(style), glance)


def one_eye(
    figure: Figure,
    center: tuple[float, float],
    wide: float,
    tall: float,
    tilt: float,
    style: str = "pupil",
    glance: float = 0.0,
) -> None:
    """One eye whose colored area is the part "eyes".

    Args:
        style: "plain", "pupil", "iris" (a colored iris in white), "angry", "slit" or "sleepy".
        glance: how far the pupil lies off the middle, as a share of the half width.
    """
    x, y = center
    outline = blob(center, (wide, tall), tilt, points=20)
    if style == "angry":
        # cut off by a slanted brow
        slope = 0.6 * (-1 if tilt > 0 else 1)
        brow = y - 0.25 * tall + slope * (outline[:, 0] - x)
        outline[:, 1] = np.maximum(outline[:, 1], brow)
    elif style == "sleepy":
        outline[:, 1] = np.maximum(outline[:, 1], y - 0.15 * tall)
    pupil = (x + glance * wide, y + 0.12 * tall)
    if style == "iris":
        figure.ink(outline, "white")
        shape = figure.shapes[-1]
        figure.add("eyes", blob(pupil, (0.68 * wide, 0.68 * tall), points=18), on=shape)
        figure.ink(blob(pupil, (0.28 * wide, 0.3 * tall), points=10), "black", on=shape, weight=0)
    else:
        shape = figure.add("eyes", outline)
        if style == "slit":
            figure.ink(
                blob(pupil, (0.16 * wide, 0.62 * tall), points=10), "black", on=shape, weight=0
            )
        elif style != "plain":
            figure.ink(
                blob(pupil, (0.36 * wide, 0.42 * tall), points=12), "black", on=shape, weight=0
            )
    if style in ("pupil", "iris"):
        shine = blob(
            (pupil[0] - 0.2 * wide, pupil[1] - 0.32 * tall), (0.2 * wide, 0.2 * tall), points=8
        )
        figure.ink(shine, "white", on=shape, weight=0)


def _nose(figure: Figure, head: Head) -> None:
    x, y = head.at(-0.6 if head.profile else 0, figure.u(0.22, 0.34))
    size = head.rx * figure.u(0.09, 0.19)
    if figure.chance(0.5):
        figure.add("nose", blob((x, y), (size, size * 0.75), points=14))
    else:
        corners = [(x - size, y - 0.6 * size), (x + size, y - 0.6 * size), (x, y + 0.8 * size)]
        figure.add("nose", arcs(corners, 0.15, 4))


def _mouth(figure: Figure, head: Head) -> None:
    middle = -0.5 if head.profile else 0.0
    half, down = figure.u(0.12, 0.4), figure.u(0.45, 0.58)
    left, right = head.at(middle - half, down), head.at(middle + half, down)
    center = head.at(middle, down + figure.u(0.08, 0.2))
    style = figure.pick("smile", "smile", "cat", "open", "open", "flat")
    if style == "cat":
        top = head.at(middle, down)
        for corner in (left, right):
            between = ((corner[0] + top[0]) / 2, center[1])
            figure.ink(smooth([corner, between, top], 7), weight=0.8)
    elif style == "open":
        low = head.at(middle, min(down + figure.u(0.2, 0.36), 0.9))
        lips = np.vstack([smooth([left, center, right], 9), smooth([right, low, left], 9)[1:-1]])
        figure.add("mouth", lips, on=head.shape)
        if figure.chance(0.3):
            x, y = center
            tooth = 0.1 * head.rx
            figure.ink(np.array([(x - tooth, y), (x + tooth, y), (x, y + 2 * tooth)]), "white")
    elif style == "flat":
        figure.ink(np.array([left, right]), weight=0.8)
    else:
        figure.ink(smooth([left, center, right], 9), weight=0.9)


def _cheeks(figure: Figure, head: Head) -> None:
    size = head.rx * figure.u(0.12, 0.22)
    apart, down = figure.u(0.58, 0.78), figure.u(0.25, 0.45)
    for side in (0.1,) if head.profile else (-apart, apart):
        figure.add(
            "cheeks", blob(head.at(side, down), (size, size * 0.85), points=16), on=head.shape
        )


def add_beak(figure: Figure, head: Head) -> None:
    """A beak: in the middle of the face, or pointing left in profile."""
    size = head.rx * figure.u(0.3, 0.55)
    if head.profile:
        x, y = head.x - 0.82 * head.rx, head.y + figure.u(0.0, 0.25) * head.ry
        length, hook = size * figure.u(1.2, 2.2), size * figure.u(-0.1, 0.5)
        tip = (x - length, y + hook)
        beak = arcs(
            [(x, y + 0.7 * size), tip, (x + 0.1 * size, y - 0.7 * size)], [-0.05, 0.12, 0.1]
        )
        figure.add("beak", beak)
        figure.ink(
            smooth([tip, (x - 0.4 * length, y + 0.1 * size), (x, y + 0.2 * size)], 7), weight=0.7
        )
        return
    x, y = head.at(0, figure.u(0.2, 0.4))
    deep = size * figure.u(0.5, 1.0)
    corners = [(x - size * 0.8, y), (x + size * 0.8, y), (x, y + deep)]
    figure.add("beak", arcs(corners, [0.25, 0.1, 0.1]))
    figure.ink(smooth([corners[0], (x, y + 0.25 * deep), corners[1]], 7), weight=0.7)


def add_whiskers(figure: Figure, head: Head) -> None:
    """Two or three whiskers at either side."""
    for k in range(figure.pick(2, 3)):
        rise = 0.35 + 0.12 * k
        start, end = head.at(0.55, rise), head.at(1.25, rise - 0.15 + 0.15 * k)
        line = smooth([start, head.at(0.9, rise), end], 5)
        figure.ink(line, weight=0.6)
        figure.ink(mirrored(line, head.x + head.look * head.rx), weight=0.6)


def add_tongue(figure: Figure, tip: tuple[float, float], size: float) -> None:
    """A serpent's tongue that hangs out to the left of `tip`."""
    x, y = tip
    spine = [(x, y), (x - size, y + 0.2 * size), (x - 1.8 * size, y - 0.1 * size)]
    figure.add("tongue", limb(spine, [0.16 * size, 0.2 * size, 0.12 * size], points=8))
