"""Rasterizes SVG files."""

from __future__ import annotations

from xml.etree import ElementTree

from pokecolor.core.extras import hint

SIDE = 1024
"""Longer side of a rendered drawing, in pixels; lines stay sharp at this size."""
DPI = 96.0
"""Pixels per inch, as in CSS. Without it resvg refuses sizes in millimeters."""
_INSIDE = ("#", "data:")


def svg_to_png(data: bytes) -> bytes:
    """Rasterize an SVG file to a PNG file with transparency; its longer side is `SIDE` pixels.

    Only the content of the file itself is drawn: no system fonts, no external files.

    Raises:
        ValueError: it is no SVG, broken, or refers to an external file; or resvg is not installed.
    """
    try:
        import resvg_py
    except ModuleNotFoundError:
        raise ValueError(f"SVG: {hint('svg')}") from None
    try:
        # entities of other files are undefined for this parser
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
            height=SIDE,  # the drawing fits into this square and keeps its aspect ratio
            skip_system_fonts=True,
            dpi=DPI,
        )
    )


def _draws(element: ElementTree.Element) -> bool:
    return element.tag.rpartition("}")[2] != "a"  # a hyperlink


def _is_outside(reference: str) -> bool:
    return not reference.strip().startswith(_INSIDE)
