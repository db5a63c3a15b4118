"""The provenance of a run: its settings, the code's commit and the versions of packages."""

from __future__ import annotations

import importlib.metadata
import platform
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

PACKAGES = ("pokecolor", "torch", "diffusers", "transformers", "lightning", "numpy", "pillow")


def provenance(settings: Mapping[str, Any], contents: Mapping[str, str]) -> dict[str, Any]:
    """What loggers record about a run before its first step.

    Args:
        settings: the run's configuration, resolved, as plain dicts.
        contents: digests of its data, see `TripletDataModule.contents`.
    """
    return {
        "settings": settings,
        "commit": find_commit(Path(__file__).parent) or "not a git checkout",
        "versions": {
            "Python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in PACKAGES},
        },
        "data": dict(contents),
    }


def find_commit(folder: Path) -> str | None:
    """The commit of the git checkout that contains a folder, with "+ changes" if files differ.

    None if it is in no checkout, or git is not installed.
    """

    def ask(*words: str) -> str:
        command = ["git", "-C", str(folder), *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=True)
        return done.stdout.strip()

    try:
        # a checkout that merely contains the installed package is not its source
        if not ask("ls-files", str(folder)):
            return None
        changed = ask("status", "--porcelain", "--untracked-files=no")
        return ask("rev-parse", "HEAD") + (" + changes" if changed else "")
    except (OSError, subprocess.SubprocessError):
        return None
