"""A figure as SVG: its sketch, its color image, and the map of its parts."""

from __future__ import annotations

import numpy as np

from pokecolor.colors import format_hex
from pokecolor.data.creatures.contours import shifted
from pokecolor.data.creatures.figure import Figure, Shape
from pokecolor.data.creatures.style import PAGE, Lines

RGB = tuple[int, int, int]


def sketch(figure: Figure, lines: Lines) -> str:
    """The lines alone, on white, with the flaws that `lines` asks for."""

    def paint(shape: Shape) -> str:
        if shape.region is None and shape.weight == 0:
            return _pupil(shape, lines)
        fill = "none" if shape.open else "#fff"
        width = shape.weight * lines.sketch_width
        stroke = _stroke(shape, "#000", width, lines.breaks)
        if lines.double and shape.weight >= 0.8 and lines.sketch_width > 2:
            stroke += _stroke(shape, "#fff", width - 1.7, lines.double)
        return _fill(shape, fill), stroke

    ticks = "".join(
        f'<path d="M{x:.1f} {y:.1f}l{dx:.1f} {dy:.1f}" stroke="#000" stroke-width="1"/>'
        for x, y, dx, dy in lines.specks
    )
    return _page(figure, paint, ticks)


def color_image(figure: Figure, lines: Lines, colors: dict[str, RGB], line: RGB) -> str:
    """The drawing with `colors` for its parts and lines of color `line`, on white."""
    stroke_color = format_hex(line)

    def paint(shape: Shape) -> tuple[str, str]:
        width = shape.weight * lines.width
        if shape.region is None:
            fill = "none" if shape.open else {"black": "#000", "white": "#fff"}[shape.ink]
            return _fill(shape, fill), _stroke(shape, stroke_color, width)
        rgb = colors[shape.region]
        body = _fill(shape, format_hex(rgb))
        if lines.shade and np.ptp(shape.points, 0).min() > 5 * lines.shade:
            body = _fill(shape, format_hex(shaded(rgb))) + _light(shape, rgb, lines.shade)
        return body, _stroke(shape, stroke_color, width)

    return _page(figure, paint, "")


def part_map(figure: Figure, lines: Lines, index: dict[str, int]) -> str:
    """Red is `index` of the part that shows, 0 outside and wherever a line may touch."""

    def paint(shape: Shape) -> tuple[str, str]:
        level = 0 if shape.region is None else index[shape.region]
        fill = "none" if shape.open else f"rgb({level},0,0)"
        # wider than the line, because its soft edge mixes the colors
        width = shape.weight * lines.width + (1.2 if shape.weight else 0.0)
        return _fill(shape, fill), _stroke(shape, "#000", width)

    return _page(figure, paint, "", 'shape-rendering="crispEdges"', "#000")


def shaded(rgb: RGB) -> RGB:
    """The flat shade of a color: darker, and a little towards blue as cartoons have it."""
    r, g, b = rgb
    return int(0.8 * r), int(0.8 * g), int(0.84 * b)


def _page(figure: Figure, paint, extra: str, attributes: str = "", ground: str = "#fff") -> str:
    """All shapes, each as fill, children cut at its edge, and then its line."""
    parts = []
    for number, shape in enumerate(figure.shapes):
        fill, stroke = paint(shape)
        parts.append(fill)
        if shape.children:
            inner = "".join(part for child in shape.children for part in paint(child))
            parts.append(
                f'<clipPath id="c{number}"><path d="{_path(shape.points)}Z"/></clipPath>'
                f'<g clip-path="url(#c{number})">{inner}</g>'
            )
        parts.append(stroke)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {PAGE:g} {PAGE:g}" {attributes}>'
        f'<rect width="{PAGE:g}" height="{PAGE:g}" fill="{ground}"/>'
        f'<g stroke-linejoin="round" stroke-linecap="round">{"".join(parts)}{extra}</g></svg>'
    )


def _path(points: np.ndarray) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points.tolist())


def _fill(shape: Shape, color: str) -> str:
    if color == "none":
        return ""
    return f'<path d="{_path(shape.points)}Z" fill="{color}"/>'


def _stroke(shape: Shape, color: str, width: float, dashes: tuple[float, ...] | None = None) -> str:
    if width <= 0 or not len(shape.points):
        return ""
    around = shape.line is None and not shape.open
    points = shape.points if shape.line is None else shape.points[slice(*shape.line)]
    dash = f' stroke-dasharray="{" ".join(f"{d:.1f}" for d in dashes)}"' if dashes else ""
    return (
        f'<path d="{_path(points)}{"Z" if around else ""}" fill="none" stroke="{color}" '
        f'stroke-width="{width:.2f}"{dash}/>'
    )


def _light(shape: Shape, rgb: RGB, offset: float) -> str:
    """The lit side: the shape's own contour moved up and to the left, cut off at the shape."""
    moved = _path(shifted(shape.points, -0.6 * offset, -offset))
    key = f"l{id(shape)}"
    return (
        f'<clipPath id="{key}"><path d="{_path(shape.points)}Z"/></clipPath>'
        f'<path d="{moved}Z" fill="{format_hex(rgb)}" clip-path="url(#{key})"/>'
    )


def _pupil(shape: Shape, lines: Lines) -> tuple[str, str]:
    if lines.pupils == "black":
        return _fill(shape, {"black": "#000", "white": "#fff"}[shape.ink or "black"]), ""
    if lines.pupils == "outline":
        return _fill(shape, "#fff"), _stroke_thin(shape)
    return "", ""


def _stroke_thin(shape: Shape) -> str:
    return f'<path d="{_path(shape.points)}Z" fill="none" stroke="#000" stroke-width="0.8"/>'
