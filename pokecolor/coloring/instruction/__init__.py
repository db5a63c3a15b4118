"""Parses instructions: which part has which color, in words that mini knows."""

from pokecolor.coloring.instruction.reading import read_instruction
from pokecolor.coloring.instruction.record import WHOLE, Instruction, Pair, Replacement

__all__ = ["WHOLE", "Instruction", "Pair", "Replacement", "read_instruction"]
