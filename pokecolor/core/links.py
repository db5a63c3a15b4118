"""Links to the newest run and checkpoint, also on systems without symbolic links."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def point(link: Path, target: Path) -> bool:
    """Replace a link atomically, so that it never dangles.

    On Windows only administrators and developers may create symbolic links. There a file gets a
    hard link, or a copy if the disk has none; a folder cannot be linked.

    Args:
        link: the link to write; its folder exists.
        target: a file or a folder.

    Returns:
        whether the link exists now.
    """
    fresh = link.with_name(f".{link.name}-{os.getpid()}")
    fresh.unlink(missing_ok=True)
    try:
        fresh.symlink_to(os.path.relpath(target, link.parent), target.is_dir())
    except OSError:
        if not target.is_file():
            return False
        try:
            os.link(target, fresh)
        except OSError:
            shutil.copy2(target, fresh)
    try:
        fresh.replace(link)
    except PermissionError:  # Windows does not replace a link to a folder
        link.unlink()
        fresh.replace(link)
    return True
