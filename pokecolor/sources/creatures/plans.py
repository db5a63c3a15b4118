"""All kinds of creatures: how each is drawn, how frequent it is, and its names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pokecolor.sources.creatures import (
    plans_crawling,
    plans_four_legged,
    plans_upright,
    plans_water,
    plans_winged,
)
from pokecolor.sources.creatures.figure import Figure


@dataclass(frozen=True)
class Plan:
    """One kind of creature."""

    draw: Callable[[Figure], None]
    share: float
    """How often it is drawn, relative to the others."""
    subjects: tuple[str, ...]
    """Names of its own; any creature may also be called one of `ANY`."""


ANY = (
    "creature",
    "creature",
    "creature",
    "monster",
    "character",
    "animal",
    "cartoon creature",
    "cute creature",
    "pokemon",
)

PLANS = (
    Plan(plans_upright.ball, 1.3, ("ball", "blob", "round creature", "round monster")),
    Plan(plans_upright.biped, 2.4, ("monster", "lizard", "dragon", "bear", "mouse", "cat")),
    Plan(plans_upright.ghost, 0.5, ("ghost", "ghost", "spirit", "blob")),
    Plan(plans_four_legged.quadruped, 2.2, ("fox", "dog", "cat", "beast", "lizard", "horse")),
    Plan(plans_four_legged.dragon, 0.8, ("dragon", "dragon", "dragon", "beast")),
    Plan(plans_four_legged.turtle, 0.6, ("turtle", "turtle", "tortoise")),
    Plan(plans_winged.bird, 1.3, ("bird", "bird", "chick", "owl")),
    Plan(plans_winged.butterfly, 0.6, ("butterfly", "moth", "insect", "fairy")),
    Plan(plans_winged.bee, 0.5, ("bee", "bug", "insect", "fly")),
    Plan(plans_water.fish, 0.9, ("fish", "fish", "sea creature")),
    Plan(plans_water.octopus, 0.5, ("octopus", "octopus", "sea creature", "squid")),
    Plan(plans_water.crab, 0.4, ("crab", "crab", "sea creature")),
    Plan(plans_crawling.serpent, 0.8, ("snake", "serpent", "worm")),
    Plan(plans_crawling.snail, 0.3, ("snail",)),
    Plan(plans_crawling.caterpillar, 0.4, ("caterpillar", "bug", "worm")),
)
