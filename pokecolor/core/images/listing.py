"""Lists the images of a folder, and reports files that look like images but cannot be read."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError
from pokecolor.core.file_names import printable
from pokecolor.core.images.conversion import ImageError
from pokecolor.core.images.formats import UNREAD, readable_suffixes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

log = logging.getLogger(__name__)

SYSTEM_FOLDERS = ("@eaDir", "@Recycle", "#recycle", "#snapshot", "$RECYCLE.BIN", "__MACOSX")
"""Folders in which storage devices and systems keep thumbnails, deleted files and the like."""


def list_images(folder: Path, required: bool = True) -> list[Path]:
    """All images under a folder, sorted by name, without hidden files and folders.

    Links to folders are followed, each folder once. Files that look like images but are not, or
    whose format is not read, are left out and counted in one line of the log.

    Args:
        folder: a folder that need not exist.
        required: whether to raise if all images had to be left out.

    Raises:
        UserError: see `required`.
    """
    search = _Search(recursive=True)
    if os.path.isdir(folder):
        search.search(folder)
    if required and search.left_out and not search.images:
        raise UserError(f"{printable(folder)}: no image in it can be read; {search.summary}")
    search.report(folder)
    return sorted(search.images)


def find_images(paths: Sequence[Path]) -> list[Path]:
    """The given files, and for each folder the images directly in it, sorted by name.

    Files that are left out are reported as by `list_images`.

    Raises:
        ImageError: a folder contains no image.
    """
    found = []
    for path in paths:
        if not os.path.isdir(path):
            found.append(path)
            continue
        search = _Search(recursive=False)
        search.search(path)
        if not search.images:
            why = f" can be read; {search.summary}" if search.left_out else ""
            raise ImageError(f"{printable(path)}: no image in this folder{why}")
        search.report(path)
        found += sorted(search.images)
    return found


def walk_folder(
    root: Path,
    recursive: bool = True,
    not_opened: Callable[[Path, OSError], None] = lambda folder, error: None,
) -> Iterator[Path]:
    """Yield files and folders under a folder, without hidden ones and `SYSTEM_FOLDERS`.

    Links to folders are followed once each, and last, so that a file is found by its own path.

    Args:
        root: the folder to start from.
        recursive: whether to enter subfolders.
        not_opened: called for each folder that cannot be opened.
    """
    seen = set()
    folders, linked = [root], []
    while folders or linked:
        folder = folders.pop() if folders else linked.pop(0)
        try:
            status = os.stat(folder)
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            not_opened(folder, error)
            continue
        if (status.st_dev, status.st_ino) in seen:
            continue
        seen.add((status.st_dev, status.st_ino))
        for entry in entries:
            if entry.name.startswith("."):
                continue
            path = Path(entry.path)
            yield path
            if recursive and entry.name not in SYSTEM_FOLDERS and os.path.isdir(path):
                (linked if entry.is_symlink() else folders).append(path)


class _Search:
    """Searches folders for images and collects what it leaves out."""

    def __init__(self, recursive: bool) -> None:
        self.recursive = recursive
        self.images: list[Path] = []
        self.left_out: dict[str, list[Path]] = {}
        """Reason => the files that were left out for it."""
        self._like_images: list[Path] = []
        """Folders whose names end like those of images."""

    def search(self, root: Path) -> None:
        """Search a folder."""
        for path in walk_folder(root, self.recursive, self._not_opened):
            self._add(path)
        parents = {parent for image in self.images for parent in image.parents}
        for folder in self._like_images:
            if folder not in parents:
                self._leave_out(folder, "a folder, not an image")

    @property
    def summary(self) -> str:
        """What was left out, and why: "left out 3: a.heic and 1 more (...); link.png (...)"."""
        reasons = [
            f"{printable(paths[0].name)}{f' and {len(paths) - 1} more' * (len(paths) > 1)} ({why})"
            for why, paths in sorted(self.left_out.items())
        ]
        return f"left out {sum(map(len, self.left_out.values()))}: {'; '.join(reasons)}"

    def report(self, folder: Path) -> None:
        """Log what was left out, if anything was."""
        if self.left_out:
            log.warning("%s: %s", printable(folder), self.summary)

    def _add(self, path: Path) -> None:
        suffix = path.suffix.lower()
        try:
            mode = path.stat().st_mode
        except OSError:
            mode = None
        if mode is not None and stat.S_ISDIR(mode):
            if path.name in SYSTEM_FOLDERS:
                self._leave_out(path, "a folder of thumbnails or deleted files")
            elif suffix in readable_suffixes():
                self._like_images.append(path)
        elif suffix in readable_suffixes():
            if mode is None:
                self._leave_out(path, "a link to nothing")
            elif stat.S_ISREG(mode):
                self.images.append(path)
            else:
                self._leave_out(path, "a pipe or a device")
        elif suffix in UNREAD:
            self._leave_out(path, UNREAD[suffix])

    def _not_opened(self, folder: Path, error: OSError) -> None:
        self._leave_out(folder, f"a folder that cannot be opened: {error.strerror}")

    def _leave_out(self, path: Path, why: str) -> None:
        self.left_out.setdefault(why, []).append(path)
