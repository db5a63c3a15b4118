"""Names that earlier versions had, in settings that they saved, and those of today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PLACES = {
    "answer_key": "evaluation.answer_key.key",
    "captioning.mending": "captioning.caption_filter",
    "clip_model": "model_files.clip_model",
    "colorizer": "coloring.colorizer",
    "commands.run_folder": "running.run_folder_callback",
    "data.avatars": "sources.avatars",
    "data.creatures": "sources.creatures",
    "data.folder": "sources.folder.source",
    "data.icons": "sources.icons",
    "data.labeled": "sources.labeled.source",
    "data.labels": "sources.labeled.labels",
    "data.mixture": "sources.mixture",
    "data.noun_list": "sources.text.noun_list",
    "data.openmoji": "sources.openmoji",
    "data.pokemon_blip": "sources.pokemon.pokemon_blip",
    "data.sentences": "sources.text.sentences",
    "data.sketch2pokemon": "sources.pokemon.sketch2pokemon",
    "data.sketches": "sources.sketches",
    "diffusion.heads": "diffusion.auxiliary_losses",
    "weights": "model_files.mini",
    "weights.part_clip": "model_files.part_clip",
}
"""Where a `_target_` lay below `pokecolor`, and where it lies."""


def to_present(saved: Any) -> Any:
    """Settings of a run, plain, whose `_target_`s are today's. Other values stay as they are."""
    if isinstance(saved, Mapping):
        return {
            key: _present_target(value) if key == "_target_" else to_present(value)
            for key, value in saved.items()
        }
    return [to_present(value) for value in saved] if isinstance(saved, list) else saved


def _present_target(target: Any) -> Any:
    package, _, name = str(target).partition(".")
    if package != "pokecolor":
        return target
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        if place := PLACES.get(".".join(parts[:count])):
            return ".".join([package, place, *parts[count:]])
    return target
