"""Names of files in messages and tables."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path


def printable(path: str | Path) -> str:
    """A path as text that can be printed and written as UTF-8.

    A name may be any bytes, such as Korean in cp949. Those that are no UTF-8 are shown as `\\xb1`.
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def let_any_name_be_printed() -> None:
    """Have standard output escape what its encoding lacks, such as Korean in Windows' cp1252."""
    with contextlib.suppress(AttributeError):  # something else stands in for it, as in a notebook
        sys.stdout.reconfigure(errors="backslashreplace")
