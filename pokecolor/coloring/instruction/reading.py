"""Reads an instruction in either language."""

from __future__ import annotations

import functools

from pokecolor.coloring.instruction.english import read_english
from pokecolor.coloring.instruction.korean import is_korean, read_korean
from pokecolor.coloring.instruction.record import Instruction
from pokecolor.core.errors import UserError

SHOWN = 200
"""Letters of an instruction that a message repeats."""


def in_short(text: str) -> str:
    """A text that anyone may have written, as a piece of one line."""
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else f"{line[:SHOWN]}..."


def require_text(prompt: str, name: str = "prompt") -> None:
    """Refuse what no tokenizer takes: half of a surrogate pair, or bytes that are not UTF-8.

    Raises:
        UserError: there is some; `name` says what the prompt is called.
    """
    try:
        prompt.encode()
    except UnicodeEncodeError:
        shown = in_short(prompt.encode("utf-8", "backslashreplace").decode())
        raise UserError(f"{name}: is no text: {shown}; write it in UTF-8") from None


@functools.lru_cache(maxsize=1024)
def read_instruction(text: str) -> Instruction:
    """Parse an instruction in English or Korean.

    It never fails: if it finds no colors, there are no pairs and the words stay as they are.
    """
    return read_korean(text) if is_korean(text) else read_english(text)
