"""Reads an instruction in either language."""

from __future__ import annotations

import functools

from pokecolor.coloring.instruction.english import read_english
from pokecolor.coloring.instruction.korean import is_korean, read_korean
from pokecolor.coloring.instruction.record import Instruction


@functools.lru_cache(maxsize=1024)
def read_instruction(text: str) -> Instruction:
    """Parse an instruction in English or Korean.

    It never fails: if it finds no colors, there are no pairs and the words stay as they are.
    """
    return read_korean(text) if is_korean(text) else read_english(text)
