"""All kinds of creatures: how each is drawn, how often, and what people call it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pokecolor.data.creatures import plans_long, plans_upright
from pokecolor.data.creatures.figure import Figure


@dataclass(frozen=True)
class Plan:
    """One kind of creature."""

    draw: Callable[[Figure], None]
    share: float
    """How often it is drawn, relative to the others."""
    subjects: tuple[str, ...]
    """Names of its own; any creature may also be called one of `ANY`."""


ANY = ("creature", "creature", "creature", "monster", "character", "animal", "cartoon creature",
       "cute creature", "pokemon")  # fmt: skip

PLANS = (
    Plan(plans_upright.ball, 1.3, ("ball", "blob", "round creature", "round monster")),
    Plan(plans_upright.biped, 2.2, ("monster", "lizard", "dragon", "bear", "mouse", "cat")),
    Plan(plans_upright.bird, 1.3, ("bird", "bird", "chick", "owl")),
    Plan(plans_upright.ghost, 0.6, ("ghost", "ghost", "spirit", "blob")),
    Plan(plans_upright.octopus, 0.5, ("octopus", "octopus", "sea creature", "squid")),
    Plan(plans_long.quadruped, 2.2, ("fox", "dog", "cat", "beast", "lizard", "horse")),
    Plan(plans_long.turtle, 0.7, ("turtle", "turtle", "tortoise")),
    Plan(plans_long.fish, 1.0, ("fish", "fish", "sea creature")),
    Plan(plans_long.serpent, 0.8, ("snake", "serpent", "worm")),
    Plan(plans_long.butterfly, 0.7, ("butterfly", "moth", "insect", "fairy")),
    Plan(plans_long.crawler, 0.8, ("bug", "sea creature", "creature")),
)
