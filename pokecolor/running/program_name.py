"""How the running program was called, for lines that tell how to call it again."""

from __future__ import annotations

import sys
from pathlib import Path


def command_words() -> list[str]:
    """What comes before the arguments: `pokecolor train`, or `python train.py`."""
    command = _command()
    return ["pokecolor", command] if command else ["python", sys.argv[0]]


def program_name() -> str:
    """What the lines on standard error begin with: "pokecolor train", or "train.py"."""
    command = _command()
    return f"pokecolor {command}" if command else Path(sys.argv[0]).name


def _command() -> str | None:
    """The command that is run as a module, which is how `pokecolor train` begins; None of files."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    package, _, module = (spec.name if spec else "").rpartition(".")
    return module if package == "pokecolor.commands" else None
