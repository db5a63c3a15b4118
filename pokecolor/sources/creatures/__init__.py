"""A generator of cartoon creatures with named parts."""

from pokecolor.sources.creatures.multi_creature import MultiCreatureSource
from pokecolor.sources.creatures.object_source import ProceduralObjectSource
from pokecolor.sources.creatures.source import CreatureSource

__all__ = ["CreatureSource", "MultiCreatureSource", "ProceduralObjectSource"]
