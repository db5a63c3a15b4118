"""Renders a creature: its sketch, its color image, and the map of its parts."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import resvg_py
from PIL import Image

from pokecolor.core.colors import format_hex
from pokecolor.sources.creatures.contours import shifted
from pokecolor.sources.creatures.figure import Figure, Shape
from pokecolor.sources.creatures.style import PAGE, Lines

RGB = tuple[int, int, int]
Paint = Callable[[Shape], tuple[str, str]]
"""Gives a shape's fill and its line as SVG elements."""

INK = {"black": "#000", "white": "#fff"}


class CreatureSvg:
    """A figure placed on the page, with its lines.

    Args:
        figure: in page units, see `pokecolor.sources.creatures.style.pose`.
        lines: how lines are drawn in the sketch and in the color image.
    """

    def __init__(self, figure: Figure, lines: Lines) -> None:
        self.figure = figure
        self.lines = lines
        # the contours' texts are the slowest part, and every picture needs them
        self._paths = {id(shape): _path(shape.points) for shape in figure.walk()}
        self._numbers = {key: number for number, key in enumerate(self._paths)}

    def sketch(self) -> str:
        """The lines on white, in the style of `Lines`."""
        lines = self.lines
        ticks = "".join(
            f'<path d="M{x:.1f} {y:.1f}l{dx:.1f} {dy:.1f}" stroke="#000" stroke-width="1"/>'
            for x, y, dx, dy in lines.specks
        )
        return self._page(self._sketch_paint, ticks)

    def _sketch_paint(self, shape: Shape) -> tuple[str, str]:
        lines = self.lines
        width = shape.weight * lines.sketch_width
        if shape.ink is None or shape.weight:
            stroke = self._stroke(shape, "#000", width, lines.breaks)
            if lines.core and shape.weight >= 0.8:
                stroke += self._stroke(shape, "#fff", width - 1.7, lines.core)
            return self._fill(shape, "#fff"), stroke
        if lines.pupils == "black":
            return self._fill(shape, INK[shape.ink]), ""
        if lines.pupils == "outline":
            return self._fill(shape, "#fff"), self._stroke(shape, "#000", 0.8)
        return "", ""

    def color_image(self, colors: dict[str, RGB], line: RGB) -> str:
        """The drawing on white.

        Args:
            colors: sRGB of each part, 0 to 255.
            line: sRGB of the lines.
        """
        stroke = format_hex(line)
        shade = self.lines.shade

        def paint(shape: Shape) -> tuple[str, str]:
            if shape.region is None:
                fill = self._fill(shape, INK.get(shape.ink, ""))
            elif shade and not shape.flat and np.ptp(shape.points, 0).min() > 5 * shade:
                fill = self._shaded(shape, colors[shape.region], shade)
            else:
                fill = self._fill(shape, format_hex(colors[shape.region]))
            return fill, self._stroke(shape, stroke, shape.weight * self.lines.width)

        return self._page(paint)

    def part_map(self, index: dict[str, int], edge: float) -> str:
        """The red channel is the `index` of the visible part, 0 outside and near lines.

        Args:
            edge: widening of the lines, in page units, so that their antialiased edges belong to no
                part.
        """

        def paint(shape: Shape) -> tuple[str, str]:
            level = 0 if shape.region is None else index[shape.region]
            width = shape.weight * self.lines.width + edge
            return self._fill(shape, f"rgb({level},0,0)"), self._stroke(shape, "#000", width)

        return self._page(paint, ground="#000", attributes=' shape-rendering="crispEdges"')

    def _page(
        self, paint: Paint, extra: str = "", ground: str = "#fff", attributes: str = ""
    ) -> str:
        """All shapes from back to front, each as fill, children cut at its edge, and line."""
        parts = []
        for shape in self.figure.shapes:
            fill, stroke = paint(shape)
            if shape.children:
                inner = "".join(part for child in shape.children for part in paint(child))
                fill += self._clipped(shape, "c", inner)
            parts += [fill, stroke]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {PAGE:g} {PAGE:g}"{attributes}>'
            f'<rect width="{PAGE:g}" height="{PAGE:g}" fill="{ground}"/>'
            f'<g stroke-linejoin="round" stroke-linecap="round">{"".join(parts)}{extra}</g></svg>'
        )

    def _fill(self, shape: Shape, color: str) -> str:
        if shape.open:
            return ""
        return f'<path d="{self._paths[id(shape)]}Z" fill="{color}"/>'

    def _shaded(self, shape: Shape, rgb: RGB, offset: float) -> str:
        """The shape in its shade, and over it its own contour moved up to the light."""
        moved = _path(shifted(shape.points, -0.6 * offset, -offset))
        light = f'<path d="{moved}Z" fill="{format_hex(rgb)}"/>'
        return self._fill(shape, format_hex(shade_of(rgb))) + self._clipped(shape, "s", light)

    def _clipped(self, shape: Shape, kind: str, inner: str) -> str:
        """Elements cut off at a shape's edge; `kind` sets clips of one shape apart."""
        key = f"{kind}{self._numbers[id(shape)]}"
        path = f'<path d="{self._paths[id(shape)]}Z"/>'
        return f'<clipPath id="{key}">{path}</clipPath><g clip-path="url(#{key})">{inner}</g>'

    def _stroke(
        self, shape: Shape, color: str, width: float, dashes: tuple[float, ...] | None = None
    ) -> str:
        if width <= 0:
            return ""
        if shape.line is None:
            path = self._paths[id(shape)] + ("" if shape.open else "Z")
        else:
            path = _path(shape.points[slice(*shape.line)])
        dash = f' stroke-dasharray="{" ".join(f"{d:.1f}" for d in dashes)}"' if dashes else ""
        return f'<path d="{path}" fill="none" stroke="{color}" stroke-width="{width:.2f}"{dash}/>'


def shade_of(rgb: RGB) -> RGB:
    """The flat shade of a color: darker, and a little towards blue as cartoons have it."""
    r, g, b = rgb
    return int(0.82 * r), int(0.82 * g), int(0.86 * b)


def render_page(drawing: str, size: int) -> np.ndarray:
    """uint8 [size, size, 3] of an SVG."""
    png = resvg_py.svg_to_bytes(svg_string=drawing, width=size, height=size, skip_system_fonts=True)
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def _path(points: np.ndarray) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist())
