"""A generator of cartoon creatures with named parts."""

from pokecolor.data.creatures.crowds import CrowdSource
from pokecolor.data.creatures.source import CreatureSource
from pokecolor.data.creatures.thing_source import ThingSource

__all__ = ["CreatureSource", "CrowdSource", "ThingSource"]
