"""Makes file names printable, for messages and tables."""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path


def printable(path: str | Path) -> str:
    """A path as text that can be printed and written as UTF-8.

    A name may be any bytes, such as Korean in cp949. Bytes that are not UTF-8 are shown as `\\xb1`.
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def let_any_name_be_printed() -> None:
    """Have standard output escape characters that its encoding lacks, such as Korean in cp1252."""
    with contextlib.suppress(AttributeError):  # it was replaced, as in a notebook
        sys.stdout.reconfigure(errors="backslashreplace")
