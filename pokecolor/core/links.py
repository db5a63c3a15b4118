"""Links to the newest run and checkpoint, also where there are no symbolic ones."""

from __future__ import annotations

import os
import shutil
from pathlib import Path


def point(link: Path, target: Path) -> bool:
    """Put a link in the place of the one before, in one step, so that it never dangles.

    Windows lets only administrators and developers make symbolic links. There a file is linked to
    by another name for it, or copied where the disk has but one; a folder cannot be linked to.

    Args:
        link: to be; its folder is there.
        target: a file, or a folder.

    Returns:
        whether there is a link now.
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
    except PermissionError:  # Windows replaces no link to a folder
        link.unlink()
        fresh.replace(link)
    return True
