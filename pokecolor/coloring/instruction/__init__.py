"""Parses instructions: which part has which color, in words that mini knows."""

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
