"""The name of the running program, for messages."""

from __future__ import annotations

import sys
from pathlib import Path


def command_words() -> list[str]:
    """The words before the arguments: `pokecolor train`, or `python train.py`."""
    command = _command()
    return ["pokecolor", command] if command else ["python", sys.argv[0]]


def program_name() -> str:
    """The prefix of messages: "pokecolor train", or "train.py"."""
    command = _command()
    return f"pokecolor {command}" if command else Path(sys.argv[0]).name


def _command() -> str | None:
    """The subcommand, which `pokecolor` runs as a module; None for a script."""
    spec = getattr(sys.modules["__main__"], "__spec__", None)
    package, _, module = (spec.name if spec else "").rpartition(".")
    return module if package == "pokecolor.commands" else None
