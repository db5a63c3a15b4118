"""Atomic files: written under a temporary name, then renamed; those of dead processes removed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

LONG = 120
"""Bytes of a name; file systems take 255."""


@contextlib.contextmanager
def written_whole(path: Path, synced: bool = False) -> Iterator[Path]:
    """Yield a path to write a file to; when the block ends, that file becomes `path`.

    If the block raises, or the process is killed, what was at `path` before stays.

    Args:
        path: the file to be; its folder is made if need be.
        synced: whether the disk has all of it before it takes the other's place, so that not even
            a power cut leaves half a file.

    Raises:
        OSError: it cannot be written, as on a full disk.
    """
    partial = partial_path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        if synced:
            with partial.open("rb") as file:
                os.fsync(file.fileno())
        partial.replace(path)
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()


def partial_path(target: Path) -> Path:
    """Where this process writes what is to become `target`; the name tells who writes."""
    name = target.name
    if len(os.fsencode(name)) > LONG:  # with what is added it would be too long for the disk
        name = hashlib.sha256(os.fsencode(name)).hexdigest()[:32]
    return target.with_name(f".{name}.{socket.gethostname()}-{os.getpid()}.partial")


def remove_left(folder: Path) -> None:
    """Remove what dead processes have left in a folder at `partial_path`."""
    try:
        names = [path.name for path in folder.iterdir() if path.name.endswith(".partial")]
    except OSError:
        return
    for name in names:
        found = re.fullmatch(r"\..+?(\d+)\.partial", name)
        with contextlib.suppress(OSError):
            if found and _is_left(folder / name, int(found[1])):
                _remove(folder / name)


def _is_left(path: Path, process: int) -> bool:
    """Whether the process with that number, which wrote `path`, lives no more."""
    written = path.lstat().st_mtime
    if not path.name.endswith(f".{socket.gethostname()}-{process}.partial"):
        return time.time() - written > 86_400  # nobody here knows of another machine's processes
    try:  # the number may be another's by now
        return psutil.Process(process).create_time() > written + 1
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
