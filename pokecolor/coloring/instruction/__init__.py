"""Parses instructions into nouns and their colors, and rewrites them in mini's vocabulary."""

from pokecolor.coloring.instruction.reading import in_short, read_instruction, require_text
from pokecolor.coloring.instruction.record import WHOLE, Instruction, Pair, Replacement

__all__ = [
    "WHOLE",
    "Instruction",
    "Pair",
    "Replacement",
    "in_short",
    "read_instruction",
    "require_text",
]
