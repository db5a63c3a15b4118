"""Cartoon creatures with named parts, drawn from a seed."""

from pokecolor.data.creatures.crowds import CrowdSource
from pokecolor.data.creatures.source import CreatureSource

__all__ = ["CreatureSource", "CrowdSource"]
