"""Atomic folders: built under a temporary name, then renamed. Also checks disk space and memory.

Damaged folders are renamed and rebuilt; temporary ones of dead processes are removed.
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
"""How long an unfinished folder that can be resumed is kept."""

SPARE_BYTES = 100_000_000
"""Disk space that must stay free beyond an estimate."""


@contextlib.contextmanager
def build_folder(target: Path, resumable: bool = False) -> Iterator[Path | None]:
    """Yield a new folder to fill; when the block ends, it becomes `target`.

    Yields None if `target` exists already. A lock makes a second process wait and then find the
    folder finished. If the block raises, or the process is killed, there is no `target`; the
    leftovers of a killed process are removed by the next process that builds a folder there.

    Args:
        target: the folder to build.
        resumable: keep the unfinished folder of an interrupted or killed process for
            `DAYS_TO_RESUME` and yield it to the next process, which must check what is complete.

    Raises:
        UserError: the folder cannot be written, or the disk ran full.
    """
    if target.is_dir():  # before any lock: a finished folder may be on a read-only disk
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
                # after an error it would fail again; Ctrl-C is no error
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
    """Rename a damaged folder or file of a cache, so that it is rebuilt, and log a warning.

    Args:
        target: a folder or file of a cache; it need not exist.
        find_damage: returns what is wrong with it, or None.

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
    """Remove unfinished folders of dead processes whose files are all older than `days`."""
    for left in target.parent.glob("*.partial"):
        name = left.name.removesuffix(".partial")
        if name == target.name or not left.is_dir() or name.startswith("."):
            continue
        with contextlib.suppress(OSError, Timeout):
            newest = max(path.stat().st_mtime for path in (left, *left.iterdir()))
            if time.time() - newest >= 86_400 * days:
                with FileLock(
                    target.with_name(name + ".lock"), timeout=0
                ):  # else a process is building it
                    shutil.rmtree(left)


def replace_folder(new: Path, target: Path) -> None:
    """Replace a folder by another; if that fails or is interrupted, the old one is restored.

    Raises:
        OSError: it cannot be moved, as when a file is in its place.
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
