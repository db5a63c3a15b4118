"""DiceBear avatars as a source of triplets: people whose parts are labeled by key colors."""

from __future__ import annotations

import colorsys
import dataclasses
import functools
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from scipy import ndimage

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError
from pokecolor.sources.color_areas import SIDE, fit_picture, segment_flat_areas
from pokecolor.sources.labeled.drawing import LabeledDrawing
from pokecolor.sources.labeled.triplets import VERSIONS, PartsSource
from pokecolor.sources.splits import split_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pokecolor.core.schema import Split, Triplet

VERSION = 1
"""Raised whenever the same settings give other triplets."""

KEY_COLORS = {
    "face": "ff8001",
    "hair": "01ff80",
    "shirt": "8001ff",
    "glasses": "00c0c1",
    "hat": "c0c100",
    "beard": "c00080",
    "eyes": "c100c0",
    "earrings": "80ff01",
}
"""Key color => part, for all options of a style; see conf/data/avatars.yaml."""
HUE_STEP = 9.0
"""Maximum hue difference between a key color and its shades, in degrees."""
SATURATED = 0.45
"""Minimum saturation of a key color's shades."""
DARK = 90
"""Pixels below this value, of 255, are ink; their hue is unreliable."""
SUBJECTS = ("person", "person", "character", "man", "woman", "girl", "boy")


@dataclass(frozen=True, eq=False)
class AvatarSource(PartsSource):
    """Triplets from avatars in key colors: "a woman with purple hair in a yellow shirt".

    `root` is a folder of SVG files, see conf/data/avatars.yaml.

    Raises:
        UserError: see `PartsSource`; or no SVG file is there.
    """

    name = "avatars"
    attribution = (
        "Avatars: [DiceBear](https://www.dicebear.com), each style under a license of its own, "
        "some of which ask to name the authors."
    )

    recolorings: int = 3

    def __post_init__(self) -> None:
        super().__post_init__()
        if not self.paths:
            raise UserError(f"{self.root}: no SVG files in it; see conf/data/avatars.yaml")

    @functools.cached_property
    def paths(self) -> dict[str, Path]:
        """Drawing id => file."""
        files = sorted(Path(self.root).expanduser().glob("*.svg"))
        return {f"avatar-{path.stem}": path for path in files}

    def depends_on(self) -> list[object]:
        files = [
            (key, hashlib.sha256(path.read_bytes()).hexdigest()) for key, path in self.paths.items()
        ]
        return [VERSION, VERSIONS, files]

    def drawings(self) -> Sequence[str]:
        """Such as "avatar-micah-7"."""
        return list(self.paths)

    def split_of(self, drawing_id: str) -> Split:
        return split_of(drawing_id, self.val, self.test)

    def triplets(self, drawing_id: str) -> Iterator[Triplet]:
        """`recolorings`.

        Raises:
            ImageError: the file cannot be rendered, or has none of the key colors.
        """
        pick = int(hashlib.sha256(drawing_id.encode()).hexdigest(), 16)
        try:
            drawing = read_avatar(_render(self.paths[drawing_id]))
        except (OSError, ValueError, RuntimeError) as error:
            raise ImageError(f"{self.paths[drawing_id]}: {error}") from None
        if pick % 5 < 2:  # people say either
            names = ["skin" if name == "face" else name for name in drawing.names]
            drawing = dataclasses.replace(drawing, names=tuple(names))
        subject = SUBJECTS[pick % len(SUBJECTS)]
        return self.recolored(drawing, drawing_id, subject)


def read_avatar(picture: np.ndarray) -> LabeledDrawing:
    """Segment the parts of an avatar by their key colors and shades of these.

    Areas of other colors, such as teeth, are paper.

    Args:
        picture: uint8 [SIDE, SIDE, 3], see `color_areas.fit_picture`.

    Raises:
        ValueError: the picture has no key color.
    """
    part_of = _nearest_key(picture)
    _, ink = segment_flat_areas(picture)
    # lines and antialiased edges belong to the nearest part or paper
    settled = (part_of > 0) | (picture.min(-1) > 250)
    if not part_of.any():
        raise ValueError("none of the key colors is in it")
    nearest = ndimage.distance_transform_edt(~settled, return_distances=False, return_indices=True)
    part_map = part_of[tuple(nearest)]
    area = np.bincount(part_map.ravel(), minlength=len(KEY_COLORS) + 1)[1:]
    order = [int(i) for i in np.argsort(-area, kind="stable") if area[i] > 0]
    renumbered = np.zeros(len(KEY_COLORS) + 1, np.uint8)
    for rank, i in enumerate(order, 1):
        renumbered[i + 1] = rank
    names = list(KEY_COLORS)
    return LabeledDrawing(tuple(names[i] for i in order), renumbered[part_map], ink)


def _nearest_key(picture: np.ndarray) -> np.ndarray:
    """1 + the index of each pixel's key color, 0 for none: uint8 [h, w]."""
    hsv = np.asarray(Image.fromarray(picture).convert("HSV")).astype(np.float32)
    hue, saturated = hsv[..., 0] * 360 / 256, hsv[..., 1] > 255 * SATURATED
    part_of = np.zeros(picture.shape[:2], np.uint8)
    for number, color in enumerate(KEY_COLORS.values(), 1):
        key_hue = 360 * colorsys.rgb_to_hsv(*(c / 255 for c in bytes.fromhex(color)))[0]
        step = np.abs((hue - key_hue + 180) % 360 - 180)
        shades = (step < HUE_STEP) & saturated & (hsv[..., 2] > DARK)
        # the antialiased edge between two parts may have the hue of a third
        part_of[ndimage.binary_opening(shades, np.ones((3, 3)))] = number
    return part_of


def _render(path: Path) -> np.ndarray:
    import resvg_py

    png = resvg_py.svg_to_bytes(
        svg_string=path.read_text(encoding="utf-8"), width=SIDE, skip_system_fonts=True
    )
    return fit_picture(Image.open(io.BytesIO(bytes(png))).convert("RGBA"))
