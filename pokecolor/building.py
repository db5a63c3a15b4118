"""Folders that are whole or absent: built beside their place, then renamed; and room for them."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from filelock import FileLock

from pokecolor.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Iterator

SPARE_BYTES = 100_000_000
"""What is left free on the disk beyond an estimate."""


@contextlib.contextmanager
def build_folder(target: Path, resumable: bool = False) -> Iterator[Path | None]:
    """Yield a new folder to fill; when the block ends, it becomes `target`.

    Yields None when `target` is there already. A lock makes a second process wait and then find
    the folder finished. If the block raises, or the process is killed, there is no `target`; what a
    killed process left is removed by the next.

    Args:
        target: the folder to be.
        resumable: what an interrupted or killed process left is not removed but yielded to the
            next, which must tell by itself what of it is whole.

    Raises:
        UserError: the folder cannot be written, or the disk ran full.
    """
    partial = target.with_name(target.name + ".partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.with_name(target.name + ".lock")):
            if target.is_dir():
                yield None
                return
            if not resumable:
                shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(exist_ok=True)
            try:
                yield partial
                partial.rename(target)
            except BaseException as error:
                # what failed would fail again; Ctrl-C is no failure
                if isinstance(error, Exception) or not resumable:
                    shutil.rmtree(partial, ignore_errors=True)
                raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise UserError(
                f"{target.parent}: the disk is full; free some space or set paths.cache to "
                "another disk"
            ) from error
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST):
            raise UserError(
                f"{target.parent}: cannot be written ({error.strerror}); set paths.cache to a "
                "folder of your own"
            ) from error
        raise


def replace_folder(new: Path, target: Path) -> None:
    """Put a folder in the place of another, which is back if that fails or is interrupted.

    Raises:
        OSError: it cannot be moved; a file is in its place.
    """
    old = target.with_name(f".{target.name}.{os.getpid()}.old")
    try:
        if target.is_dir():
            target.rename(old)
        new.rename(target)
    except BaseException:
        if old.exists() and not target.exists():
            old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def require_space(folder: Path, needed: float, what: str) -> None:
    """Check that `needed` bytes fit on the disk that holds `folder`.

    Raises:
        UserError: they do not.
    """
    free = shutil.disk_usage(folder).free
    if needed + SPARE_BYTES > free:
        raise UserError(
            f"{folder.parent}: {what} need about {needed / 1e9:.2f} GB and only "
            f"{free / 1e9:.2f} GB are free; free some space or set paths.cache to another disk"
        )


def require_memory(needed: float, what: str, remedy: str) -> None:
    """Check that `needed` bytes of memory are free.

    Raises:
        UserError: they are not; the line ends in `remedy`.
    """
    free = psutil.virtual_memory().available
    if needed > free:
        raise UserError(
            f"{what} would hold about {needed / 1e9:.2f} GB in memory and only "
            f"{free / 1e9:.2f} GB are free; {remedy}"
        )
