"""Drawings from the flat color icons of an Iconify package, whose outlines make the sketch.

Such a package (https://iconify.design) contains the icons of a set as SVG without lines: flat fills
that cover one another. The visible area of each shape is found by rendering every shape in a color
that encodes its number; a line is drawn where numbers meet.
"""

from __future__ import annotations

import json
import re
import tarfile
import xml.etree.ElementTree as ET
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageFilter

from pokecolor.core.errors import UserError
from pokecolor.sources.fills import families_of, lightness
from pokecolor.sources.openmoji_drawing import drawing_of, render_svg

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pokecolor.sources.openmoji_drawing import Pose

SHAPES = {"path", "circle", "ellipse", "rect", "polygon"}
OTHER = re.compile(
    r'opacity|stroke=|mask|filter|clip-path|style=|<use|<stop|fill="(?!#[0-9a-fA-F]{3,6}"|none")'
)
"""Features other than plain, opaque fills. Icons with them are left out."""

LINES_BETWEEN = ("shapes", "fills", "families")
"""Where lines are drawn: between all shapes, between colors, or between color names."""
INK_LIGHTNESS = 30.0
"""Fills below this CIELAB lightness may be ink."""
MAX_INK_SHARE = 0.04
"""Maximum area of a family that is ink, as a share of the page."""
OVERSAMPLING = 4


@dataclass(frozen=True)
class IconPackage:
    """A package of `npm pack`."""

    path: Path
    icons: dict[str, dict]
    """Name => icon in Iconify's format."""
    characters: dict[str, str]
    """Code points => name of the icon; empty if the package does not tell them."""
    width: float
    """Width and height of the icons' view box."""
    version: str

    @classmethod
    def load(cls, path: Path) -> IconPackage:
        """Read a package.

        Raises:
            UserError: it is none.
        """
        try:
            with tarfile.open(path, "r:gz") as archive:
                icons, chars, about = (
                    json.load(archive.extractfile(f"package/{name}.json"))
                    for name in ("icons", "chars", "package")
                )
        except (OSError, EOFError, tarfile.TarError, zlib.error, KeyError, ValueError) as error:
            reason = str(error).strip("\"'")
            raise UserError(
                f"{path}: not an Iconify package of emoji ({reason}); remove it, or fetch it "
                "again with npm pack"
            ) from None
        return cls(path, icons["icons"], chars, icons.get("width", 16), about["version"])


@dataclass(frozen=True)
class IconSet:
    """The icons of a package by drawing, without icons that have their own view box."""

    bodies: dict[str, str]
    """Drawing (code points such as "1F98A") => SVG elements."""
    width: float
    """Width and height of the view box."""
    version: str

    @classmethod
    def of(cls, package: IconPackage, characters: Iterable[tuple[str, str]]) -> IconSet:
        """The emoji of plain fills in a package.

        Args:
            package: what is in it.
            characters: code points as in "1f98a" and the name of the icon that shows them.

        Raises:
            UserError: there are none.
        """
        bodies: dict[str, str] = {}
        # the plainest variant of a drawing has the shortest name
        for points, name in sorted(characters, key=lambda pair: (len(pair[0]), *pair)):
            drawing = drawing_of(points.upper())
            icon = package.icons.get(name, {})
            if drawing and set(icon) - {"hidden"} == {"body"} and not OTHER.search(icon["body"]):
                bodies.setdefault(drawing, icon["body"])
        if not bodies:
            mend = "remove it"
            if not package.characters:  # names only, which other sets may know
                mend = "fetch another set beside it: npm pack @iconify-json/twemoji"
            raise UserError(
                f"{package.path}: none of its icons is known as an emoji of plain fills; {mend}"
            )
        return cls(bodies, package.width, package.version)


def load_sets(paths: Sequence[Path]) -> list[IconSet]:
    """The icons of packages.

    Older sets do not contain code points. Their icons are looked up by name in the packages that
    do; icons that no other package has are left out, because their subject is unknown.

    Raises:
        UserError: one cannot be read, or has no emoji of plain fills.
    """
    packages = [IconPackage.load(path) for path in paths]
    known = {pair for package in packages for pair in package.characters.items()}
    return [IconSet.of(package, package.characters.items() or known) for package in packages]


class IconDrawing:
    """The visible fills of an icon in a pose.

    Args:
        body: SVG elements.
        width: width and height of the view box.
        size: width and height of all images in pixels.
    """

    def __init__(self, body: str, width: float, pose: Pose, size: int) -> None:
        self.size = size
        self.fills: list[str] = []
        root = ET.fromstring(f"<g>{body}</g>")
        self._number(root, "#000000")
        self.families = families_of(self.fills)
        inner = ET.tostring(root, encoding="unicode")
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72" '
            f'shape-rendering="crispEdges"><g transform="{pose.transform}">'
            f'<g transform="scale({72 / width})">{inner}</g></g></svg>'
        )
        image = render_svg(svg, size * OVERSAMPLING).astype(int)
        self.shapes = np.where(image[..., 2] == 255, 0, image[..., 0] + 200 * image[..., 1])
        """int [4 size, 4 size]: 1 + the index of the visible shape, 0 for the background."""

    def _number(self, element: ET.Element, inherited: str) -> None:
        fill = element.get("fill", inherited)
        if element.tag in SHAPES and fill != "none":
            self.fills.append(fill)
            number = len(self.fills)
            element.set("fill", f"#{number % 200:02x}{number // 200:02x}00")
        for child in element:
            self._number(child, fill)

    def ink(self) -> list[int]:
        """Shapes of small dark families, such as pupils and notes, which are part of the sketch."""
        page = self.shapes.size
        shown = np.bincount(self.shapes.reshape(-1), minlength=len(self.fills) + 1)[1:]
        return [
            index
            for family in self.families
            if lightness(self.fills[family[0]]) < INK_LIGHTNESS
            and shown[family].sum() < MAX_INK_SHARE * page
            for index in family
        ]

    def part_map(self, groups: list[list[int]]) -> np.ndarray:
        """uint8 [size, size]: 1 + the index of the visible group, 0 elsewhere."""
        middle = slice(OVERSAMPLING // 2, None, OVERSAMPLING)
        return self._labels(groups)[middle, middle].astype(np.uint8)

    def edges(self, between: str) -> Image.Image:
        """Edges, white, oversampled; see `LINES_BETWEEN`."""
        labels = self._labels(self._groups(between))
        edges = np.zeros(labels.shape, np.uint8)
        edges[:, 1:][labels[:, 1:] != labels[:, :-1]] = 255
        edges[1:][labels[1:] != labels[:-1]] = 255
        return Image.fromarray(edges)

    def lines(self, edges: Image.Image, width: float) -> np.ndarray:
        """float32 [size, size]: coverage of each pixel by lines of `width` pixels, 0 to 1."""
        brush = ImageFilter.BoxBlur(round(width * OVERSAMPLING / 2))
        near = np.asarray(edges.filter(brush)) > 0
        return self._shrink(near.astype(np.float32))

    def paint(self, rgb: list[tuple[int, int, int]], lines: np.ndarray) -> np.ndarray:
        """uint8 [size, size, 3]: each shape in its color, on white, below black lines."""
        table = np.array([(255, 255, 255), *rgb], np.float32)
        image = self._shrink(table.take(self.shapes, axis=0)) * (1 - lines[..., None])
        return image.round().astype(np.uint8)

    def _groups(self, between: str) -> list[list[int]]:
        if between == "families":
            return self.families
        keys = self.fills if between == "fills" else range(len(self.fills))
        groups: dict[object, list[int]] = {}
        for index, key in enumerate(keys):
            groups.setdefault(key, []).append(index)
        return list(groups.values())

    def _labels(self, groups: list[list[int]]) -> np.ndarray:
        """As `part_map`, of the oversampled page."""
        table = np.zeros(len(self.fills) + 1, int)
        for number, group in enumerate(groups, start=1):
            table[[index + 1 for index in group]] = number
        return table[self.shapes]

    def _shrink(self, image: np.ndarray) -> np.ndarray:
        # sums of whole rows: the mean over both axes at once takes fifteen times as long
        rows = image.reshape(self.size, OVERSAMPLING, *image.shape[1:]).sum(1)
        return sum(rows[:, i::OVERSAMPLING] for i in range(OVERSAMPLING)) / OVERSAMPLING**2
