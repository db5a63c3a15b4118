"""Rasterizes SVG files."""

from __future__ import annotations

from xml.etree import ElementTree

from pokecolor.core.extras import hint

SIDE = 1024
"""Longer side that a drawing is rendered at, in pixels; lines of drawings stay sharp there."""
DPI = 96.0
"""Pixels of an inch, as CSS has it. Without it resvg refuses pages measured in millimeters."""
_INSIDE = ("#", "data:")


def render_svg(data: bytes) -> bytes:
    """A PNG file, with transparency, of an SVG file; its longer side is `SIDE` pixels.

    Only what the file itself holds is drawn: no system fonts, no other file.

    Raises:
        ValueError: no SVG, broken, or it refers to a file outside; or resvg is not installed.
    """
    try:
        import resvg_py
    except ModuleNotFoundError:
        raise ValueError(f"SVG: {hint('svg')}") from None
    try:
        # an entity that lies in another file is undefined to this parser
        root = ElementTree.fromstring(data)
    except ElementTree.ParseError as error:
        raise ValueError(f"broken SVG: {error}") from None
    if root.tag.rpartition("}")[2] != "svg":
        raise ValueError("no SVG")
    for element in root.iter():
        for name, value in element.attrib.items():
            if name.rpartition("}")[2] == "href" and _draws(element) and _is_outside(value):
                raise ValueError(f"it refers to {value.strip()[:60]}; embed that in the SVG")
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=ElementTree.tostring(root, "unicode"),
            width=SIDE,
            height=SIDE,  # the drawing fits into this square, its aspect kept
            skip_system_fonts=True,
            dpi=DPI,
        )
    )


def _draws(element: ElementTree.Element) -> bool:
    return element.tag.rpartition("}")[2] != "a"  # a link to click


def _is_outside(reference: str) -> bool:
    return not reference.strip().startswith(_INSIDE)
