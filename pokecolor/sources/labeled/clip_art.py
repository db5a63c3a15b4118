"""Loads the labeled drawings of clip-art sets by their ids."""

from __future__ import annotations

import functools
import io
import json
import re
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError
from pokecolor.sources.color_areas import SIDE, fit_picture
from pokecolor.sources.openmoji_drawing import drawing_files

if TYPE_CHECKING:
    import numpy as np

OPENMOJI, OPENCLIPART = "openmoji", "openclipart"
SHADOW = re.compile(r'<path[^>]*opacity="\.15"[^>]*/>')
"""The shadow below an icon of Streamline, which is removed."""
DPI = 96.0


class ClipArt:
    """Sets of pictures in a folder.

    Args:
        root: folder with Iconify packages (`npm pack @iconify-json/streamline-emojis`), also in
            `icons/`, and with `openclipart/`, which is `usr/share/openclipart/svg` of Debian's
            package openclipart-svg. OpenMoji is a Python package.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root).expanduser()

    def has(self, set_name: str) -> bool:
        """Whether a set is available."""
        if set_name == OPENMOJI:
            return True
        if set_name == OPENCLIPART:
            return (self.root / OPENCLIPART).is_dir()
        return self._package(set_name) is not None

    def picture(self, picture_id: str) -> np.ndarray:
        """A picture, scaled to the page: uint8 [SIDE, SIDE, 3].

        Args:
            picture_id: set and name.

        Raises:
            ImageError: it is missing, or cannot be rendered.
        """
        import resvg_py

        try:
            png = resvg_py.svg_to_bytes(
                svg_string=self._svg(picture_id), width=SIDE, skip_system_fonts=True, dpi=DPI
            )
            return fit_picture(Image.open(io.BytesIO(bytes(png))).convert("RGBA"))
        except (OSError, KeyError, ValueError, RuntimeError) as error:
            raise ImageError(f"{picture_id}: cannot be rendered ({error})") from None

    def _svg(self, picture_id: str) -> str:
        set_name, _, name = picture_id.partition("/")
        if set_name == OPENMOJI:
            return drawing_files()[name].read_text(encoding="utf-8")
        if set_name == OPENCLIPART:
            path = self.root / OPENCLIPART / name
            return path.read_text(encoding="utf-8", errors="replace")
        icons = _icons(self._package(set_name))
        icon = icons["icons"][name]
        box = [
            icon.get(key, icons.get(key, default))
            for key, default in (("left", 0), ("top", 0), ("width", 16), ("height", 16))
        ]
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{" ".join(map(str, box))}">'
            f"{SHADOW.sub('', icon['body'])}</svg>"
        )

    def _package(self, set_name: str) -> Path | None:
        name = f"iconify-json-{set_name}-[0-9]*.tgz"
        found = [*sorted(self.root.glob(name)), *sorted(self.root.glob(f"icons/{name}"))]
        return found[-1] if found else None


@functools.cache
def _icons(package: Path) -> dict:
    """What Iconify's format says of a set."""
    try:
        with tarfile.open(package, "r:gz") as archive:
            return json.load(archive.extractfile("package/icons.json"))
    except (OSError, EOFError, tarfile.TarError, KeyError, ValueError) as error:
        raise UserError(f"{package}: not an Iconify package ({error}); fetch it again") from None
