"""A generator of cartoon creatures with named parts."""

from pokecolor.sources.creatures.multi_creature import CrowdSource
from pokecolor.sources.creatures.object_source import ThingSource
from pokecolor.sources.creatures.source import CreatureSource

__all__ = ["CreatureSource", "CrowdSource", "ThingSource"]
