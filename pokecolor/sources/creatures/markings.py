"""Markings on a body: bellies, spots, stripes."""

from __future__ import annotations

import numpy as np

from pokecolor.sources.creatures.contours import arcs, blob, turn
from pokecolor.sources.creatures.figure import Figure, Shape


def add_belly(
    figure: Figure, body: Shape, center: tuple[float, float], radii: tuple[float, float]
) -> None:
    """A belly patch, sometimes ribbed."""
    patch = blob(center, radii, 0, figure.u(1.9, 2.6), figure.u(-0.1, 0.25))
    figure.add(figure.pick("belly", "belly", "belly", "chest"), patch, on=body)
    if figure.chance(0.22):
        for k in np.linspace(-0.6, 0.7, figure.pick(3, 4, 5)):
            half = 0.93 * radii[0] * np.sqrt(1 - k * k)
            rib = np.array([(-half, k * radii[1]), (0, (k + 0.1) * radii[1]), (half, k * radii[1])])
            figure.ink(rib + center, on=body, weight=0.7)


def add_spots(figure: Figure, body: Shape, name: str = "spots", size: float = 0.14) -> None:
    """Round or cornered spots, scattered over a shape without touching one another."""
    low, high = body.points.min(0), body.points.max(0)
    reach = (high - low).min()
    centers: list[tuple[np.ndarray, float]] = []
    for _ in range(20):
        center, radius = figure.rng.uniform(low, high), reach * size * figure.u(0.55, 1.1)
        if all(np.linalg.norm(center - c) > 1.25 * (radius + r) for c, r in centers):
            centers.append((center, radius))
        if len(centers) == 7:
            break
    cornered = figure.chance(0.25)
    for center, radius in centers:
        if cornered:
            angles = np.sort(figure.rng.uniform(0, 2 * np.pi, 3)) + np.array([0, 0.6, 1.2])
            corners = center + 1.2 * radius * np.stack([np.cos(angles), np.sin(angles)], 1)
            figure.add(name, arcs(corners, 0.1, 4), on=body)
        else:
            figure.add(
                name, blob(tuple(center), (radius, radius * figure.u(0.7, 1.0)), points=18), on=body
            )


def add_stripes(figure: Figure, body: Shape, tilt: float = 0.0, count: int | None = None) -> None:
    """Bands across a shape, or wedges from its back."""
    low, high = body.points.min(0), body.points.max(0)
    center, half = (low + high) / 2, (high - low) / 2
    count = count or int(figure.rng.integers(2, 5))
    wedge = figure.chance(0.4)
    width = half[0] / count * figure.u(0.3, 0.5)
    for k in range(count):
        x = (k + 0.5) / count * 2 - 1
        x *= 0.85 * half[0]
        if wedge:
            deep = half[1] * figure.u(-0.5, 0.2)
            stripe = arcs(
                [(x - width, -1.3 * half[1]), (x + width, -1.3 * half[1]), (x, deep)], 0.08, 4
            )
        else:
            sag = width * 0.8
            stripe = np.array(
                [
                    (x - width, -1.5 * half[1]),
                    (x + width, -1.5 * half[1]),
                    (x + width + sag, 0),
                    (x + width, 1.5 * half[1]),
                    (x - width, 1.5 * half[1]),
                    (x - width + sag, 0),
                ]
            )
        figure.add("stripes", turn(stripe, tilt) + center, on=body)


def add_markings(figure: Figure, body: Shape, tilt: float = 0.0) -> None:
    """Spots, stripes, or nothing."""
    style = figure.rng.choice(["spots", "stripes", "none"], p=[0.2, 0.17, 0.63])
    if style == "spots":
        add_spots(figure, body)
    elif style == "stripes":
        add_stripes(figure, body, tilt)
