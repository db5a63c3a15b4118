"""Parses instructions into nouns and their colors, and rewrites them in mini's vocabulary."""

from pokecolor.coloring.instruction.reading import read_instruction
from pokecolor.coloring.instruction.record import WHOLE, Instruction, Pair, Replacement

__all__ = ["WHOLE", "Instruction", "Pair", "Replacement", "read_instruction"]
