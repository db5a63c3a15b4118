"""Atomic file writes: to a temporary name, then a rename. Removes leftovers of dead processes."""

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
"""Bytes of a file name from which on it is shortened; file systems allow 255."""


@contextlib.contextmanager
def written_whole(path: Path, synced: bool = False) -> Iterator[Path]:
    """Yield a path to write a file to; when the block ends, that file becomes `path`.

    If the block raises, or the process is killed, what was at `path` before stays.

    Args:
        path: the file to write; its folder is created if needed.
        synced: whether to flush the file to the disk before the rename, so that not even a power
            cut leaves half a file.

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
    """The temporary path of this process for `target`; its name contains the process id."""
    name = target.name
    if len(os.fsencode(name)) > LONG:  # the suffix would make it too long for the file system
        name = hashlib.sha256(os.fsencode(name)).hexdigest()[:32]
    return target.with_name(f".{name}.{socket.gethostname()}-{os.getpid()}.partial")


def remove_left(folder: Path) -> None:
    """Remove the temporary files (`partial_path`) that dead processes left in a folder."""
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
    """Whether the process with that id, which wrote `path`, has ended."""
    written = path.lstat().st_mtime
    if not path.name.endswith(f".{socket.gethostname()}-{process}.partial"):
        return time.time() - written > 86_400  # it may be a process of another machine
    try:  # another process may have the id by now
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
