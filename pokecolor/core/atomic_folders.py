"""Atomic folders: built under a temporary name, then renamed; and a check for disk space.

Damaged folders are set aside, and temporary ones of dead processes removed.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
from filelock import FileLock, Timeout

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logging.getLogger(__name__)

DAYS_TO_RESUME = 7
"""How long what can be resumed waits for it before the disk space is taken back."""

SPARE_BYTES = 100_000_000
"""What is left free on the disk beyond an estimate."""


@contextlib.contextmanager
def build_folder(target: Path, resumable: bool = False) -> Iterator[Path | None]:
    """Yield a new folder to fill; when the block ends, it becomes `target`.

    Yields None when `target` is there already. A lock makes a second process wait and then find
    the folder finished. If the block raises, or the process is killed, there is no `target`; what a
    killed process left is removed by the next, whichever folder beside it that one builds.

    Args:
        target: the folder to be.
        resumable: what an interrupted or killed process left is not removed but yielded to the
            next, which must tell by itself what of it is whole. It waits `DAYS_TO_RESUME`.

    Raises:
        UserError: the folder cannot be written, or the disk ran full.
    """
    if target.is_dir():  # before any lock: what is complete may lie on a disk that is read-only
        yield None
        return
    partial = target.with_name(target.name + ".partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_left_beside(target, DAYS_TO_RESUME if resumable else 0)
        with FileLock(target.with_name(target.name + ".lock")):
            if target.is_dir():
                yield None
                return
            if not resumable:
                shutil.rmtree(partial, ignore_errors=True)
            partial.mkdir(exist_ok=True)
            for half_written in partial.glob("*.partial"):  # nobody else writes here now
                half_written.unlink()
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


def set_aside(target: Path, find_damage: Callable[[Path], str | None]) -> None:
    """Rename a folder or file of ours that is damaged, so that it is made again; a line says so.

    Args:
        target: of a cache; it need not be there.
        find_damage: what is wrong with it, in words; None where nothing is.

    Raises:
        UserError: it is damaged and cannot be renamed.
    """
    if not target.exists() or find_damage(target) is None:
        return
    aside = target.with_name(target.name + ".damaged")
    try:
        with FileLock(target.with_name(target.name + ".lock")):
            damage = find_damage(target) if target.exists() else None
            if damage is None:  # another process has done so
                return
            if aside.is_dir():
                shutil.rmtree(aside)
            target.replace(aside)
    except OSError as error:
        raise UserError(
            f"{target}: damaged, and cannot be renamed ({error.strerror}); remove it, or set "
            "paths.cache to a folder of your own"
        ) from error
    log.warning("%s: damaged (%s); it was set aside as %s and is made again",
                target, damage, aside.name)  # fmt: skip


def _remove_left_beside(target: Path, days: int) -> None:
    """Remove folders that dead processes left unfinished, if no file of theirs is so young."""
    for left in target.parent.glob("*.partial"):
        name = left.name.removesuffix(".partial")
        if name == target.name or not left.is_dir() or name.startswith("."):
            continue
        with contextlib.suppress(OSError, Timeout):
            newest = max(path.stat().st_mtime for path in (left, *left.iterdir()))
            if time.time() - newest >= 86_400 * days:
                with FileLock(target.with_name(name + ".lock"), timeout=0):  # else one builds it
                    shutil.rmtree(left)


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
