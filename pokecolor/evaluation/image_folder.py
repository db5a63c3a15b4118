"""A folder of generated images, one file per sample: `generate` writes it, `score` reads it."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from pokecolor.core.atomic_files import written_whole
from pokecolor.core.errors import UserError
from pokecolor.core.file_names import printable
from pokecolor.core.images.conversion import ImageError, load_image
from pokecolor.core.images.failed_pictures import REASONS, NoPicture

FAILED = ".failed"
"""Suffix of the file that replaces a failed image; it contains the kind of the `NoPicture`."""
REQUEST = "request"
"""Key of the PNG text with the digest of what an image was generated from."""
LONGEST = 60
"""Characters of an id in a file name."""


def file_stem(sample_id: str) -> str:
    """The file name of a sample: its id, or a shortened id and a hash of it."""
    clean = re.sub(r"[^\w-]", "_", sample_id)[:LONGEST]
    # some file systems do not distinguish "Frog" and "frog"
    if clean == sample_id and clean == clean.lower():
        return clean
    return f"{clean}-{hashlib.sha256(sample_id.encode()).hexdigest()[:8]}"


class ImageFolder:
    """Images by name; "swapped/frog" is in the subfolder `swapped`.

    Args:
        root: the folder; created when the first image is saved.
    """

    def __init__(self, root: str | Path) -> None:
        self.root = Path(root)
        self._files = cache(self._list)

    def holds(self, name: str, request: str) -> bool:
        """Whether there is an undamaged image with the same request digest."""
        try:
            with Image.open(self.root / f"{name}.png") as image:
                image.load()
                return image.info.get(REQUEST) == request
        except (OSError, SyntaxError):  # Pillow raises the latter of a damaged file
            return False

    def save(self, name: str, picture: Image.Image | NoPicture, request: str) -> None:
        """Write an image, or the reason why there is none, atomically.

        Raises:
            UserError: it cannot be written.
        """
        path, marker = self.root / f"{name}.png", self.root / f"{name}{FAILED}"
        try:
            if isinstance(picture, NoPicture):
                with written_whole(marker) as partial:
                    partial.write_text(f"{picture.kind}\n", encoding="utf-8")
                path.unlink(missing_ok=True)
                return
            about = PngInfo()
            about.add_text(REQUEST, request)
            with written_whole(path) as partial:
                picture.save(partial, "PNG", compress_level=3, pnginfo=about)
            marker.unlink(missing_ok=True)
        except OSError as error:
            raise UserError(f"{path}: cannot be written ({error.strerror})") from error

    def load(self, *names: str) -> Image.Image | NoPicture | None:
        """The image with the first of these names that exists, RGB or RGBA; None if none exists.

        Raises:
            UserError: the file is no image, or there are several of the name.
        """
        for name in names:
            place, _, stem = name.rpartition("/")
            if files := self._files(place).get(stem):
                return self._read(files)
        return None

    def has(self, place: str) -> bool:
        """Whether a subfolder, such as "swapped/", contains anything."""
        return bool(self._files(place.rstrip("/")))

    def _read(self, files: list[Path]) -> Image.Image | NoPicture:
        if len(files) > 1:
            listed = " and ".join(printable(path.name) for path in sorted(files))
            raise UserError(f"{printable(self.root)}: {listed} are of the same name; keep one")
        (path,) = files
        if path.suffix == FAILED:
            kind = path.read_text(encoding="utf-8", errors="replace").strip()
            if kind not in REASONS:
                raise UserError(f"{printable(path)}: {kind[:20]!r} is not one of {list(REASONS)}")
            return NoPicture(kind)
        try:
            return load_image(path, keep_alpha=True)
        except ImageError as error:
            raise UserError(
                f"{error}; name a folder of images called <drawing id>.png, and nothing else "
                "by these names"
            ) from error

    def _list(self, place: str) -> dict[str, list[Path]]:
        """Stem => the files in a folder of that name; hidden ones are left out."""
        found: dict[str, list[Path]] = {}
        folder = self.root / place
        for path in folder.iterdir() if folder.is_dir() else ():
            if not path.name.startswith(".") and path.is_file():
                found.setdefault(path.stem, []).append(path)
        return found
