"""The style of a drawing: position on the page, line widths, and how its sketch is made."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from pokecolor.sources.creatures.contours import turn
from pokecolor.sources.creatures.figure import Figure

PAGE = 128.0
"""Width and height of the page in the units of all contours and line widths."""

FINE = 0.8
"""Width of fine lines, which the sketch's strokes cover."""


@dataclass(frozen=True)
class Lines:
    """The lines of one drawing; widths in page units."""

    width: float
    """In the color image."""
    sketch_width: float
    """In the sketch."""
    core: tuple[float, ...] | None
    """Dashes of the white core of double lines; None for no core."""
    breaks: tuple[float, ...] | None
    """Dashes of broken lines; None for unbroken ones."""
    specks: tuple[tuple[float, float, float, float], ...]
    """Stray ticks of an edge detector: (x, y, dx, dy)."""
    pupils: str
    """How the sketch shows black ink: "black", "outline" or "none"."""
    shade: float
    """Offset of the shade in the color image, 0 for flat colors."""
    dark_lines: bool
    """Whether the color image's lines are a dark shade of the main color, not black."""

    def color(self, main: tuple[int, int, int]) -> tuple[int, int, int]:
        """sRGB of the color image's lines where the main color is `main`."""
        r, g, b = main
        return (int(0.3 * r), int(0.3 * g), int(0.3 * b)) if self.dark_lines else (0, 0, 0)

    def fine(self) -> Lines:
        """The style with fine lines in the color image, and thinner thin lines in the sketch.

        A model that is trained on them extends colors below the strokes. Otherwise it draws lines
        as thick as in training, which are visible beside thin strokes.
        """
        thin = self.core is None and self.sketch_width < 1.8
        sketch_width = 0.5 + 1.3 * (self.sketch_width - 0.8) if thin else self.sketch_width
        return replace(self, width=FINE, sketch_width=sketch_width)


def pose(figure: Figure) -> None:
    """Give the figure a random pose (lean, squeeze, wobble, mirror), and fit it to the page."""
    rng = figure.rng
    angle, shear = rng.normal(0, 0.07), rng.normal(0, 0.06)
    stretch = rng.uniform(0.88, 1.12)
    flip = -1 if rng.random() < 0.5 else 1
    figure.move(lambda p: turn(p * (flip * stretch, 1) + shear * p[:, 1:] * (1, 0), angle))
    points = np.vstack([shape.points for shape in figure.shapes])
    low, high = points.min(0), points.max(0)
    room = PAGE - 2 * rng.uniform(4, 14)
    scale = room / (high - low).max()
    free = (PAGE - (high - low) * scale) / 2 - 4
    shift = PAGE / 2 + rng.uniform(-0.7, 0.7, 2) * np.maximum(free, 0)
    figure.move(lambda p: (p - (low + high) / 2) * scale + shift)
    _wobble(figure, rng)


def _wobble(figure: Figure, rng: np.random.Generator) -> None:
    """Distort the page by smooth waves, so that lines are as uneven as hand-drawn ones."""
    strength = rng.choice([0.3, 0.8, 1.4])
    for length, amount in ((60, 1.6), (24, 0.6), (9, 0.22)):
        wave = rng.normal(0, 2 * np.pi / length, (2, 2))
        phase, high = rng.uniform(0, 2 * np.pi, 2), strength * amount * rng.uniform(0.5, 1.0, 2)
        figure.move(lambda p, w=wave, f=phase, a=high: p + a * np.sin(p @ w + f))


def draw_lines(rng: np.random.Generator) -> Lines:
    """Random lines: clean, broken, or like those of an edge detector."""
    width = float(rng.uniform(0.9, 2.4))
    kind = rng.choice(["clean", "broken", "edges"], p=[0.35, 0.2, 0.45])
    sketch_width, core, breaks, specks = width, None, None, []
    if kind == "edges":
        sketch_width = float(rng.uniform(0.8, 1.8))
        dice = rng.random()
        if dice < 0.6:
            sketch_width = float(rng.uniform(2.3, 3.2))
            # doubled everywhere, or in some places
            core = (1.0, 0.0) if dice < 0.15 else _dashes(rng, (3, 16), (0, 22))
        for _ in range(rng.integers(0, 7)):
            specks.append((*rng.uniform(8, PAGE - 8, 2), *rng.normal(0, 1.6, 2)))
    if kind == "broken" or (kind == "edges" and rng.random() < 0.7):
        breaks = _dashes(rng, (12, 60), (1.5, 5))
    return Lines(
        width=width,
        sketch_width=sketch_width,
        core=core,
        breaks=breaks,
        specks=tuple(specks),
        pupils=str(rng.choice(["black", "outline", "none"], p=[0.45, 0.35, 0.2])),
        shade=float(rng.uniform(2, 6)) if rng.random() < 0.35 else 0.0,
        dark_lines=bool(rng.random() < 0.2),
    )


def _dashes(
    rng: np.random.Generator, on: tuple[float, float], off: tuple[float, float]
) -> tuple[float, ...]:
    """Four dashes and gaps of random lengths within the ranges `on` and `off`."""
    return tuple(float(rng.uniform(*limits)) for _ in range(4) for limits in (on, off))
