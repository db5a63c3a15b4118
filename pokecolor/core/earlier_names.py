"""Maps names in settings and reports that earlier versions saved to the current names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PLACES = {
    "answer_key": "evaluation.answer_key.key",
    "captioning.caption_filter.Mending": "captioning.caption_filter.CaptionFilter",
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
    "diffusion.callbacks.checkpoints": "core.training.checkpoints",
    "diffusion.callbacks.progress": "core.training.progress",
    "diffusion.callbacks.readout": "core.training.readout",
    "diffusion.checkpoint_io": "core.training.checkpoint_io",
    "diffusion.csv_logger": "core.training.csv_logger",
    "diffusion.heads": "diffusion.auxiliary_losses",
    "diffusion.optimizers": "core.training.optimizers",
    "diffusion.optimizers.scheduled": "core.training.optimizers.lr_schedule",
    "model_files.part_clip.build_clip": "model_files.part_clip.build_part_clip",
    "sources.creatures.CrowdSource": "sources.creatures.MultiCreatureSource",
    "sources.creatures.ThingSource": "sources.creatures.ProceduralObjectSource",
    "weights": "model_files.mini",
    "weights.part_clip": "model_files.part_clip",
}
"""Earlier to current place of a `_target_`, below `pokecolor`."""


SETTINGS = {
    "callbacks.checkpoints.every": "callbacks.checkpoints.every_n_steps",
    "callbacks.readout.every": "callbacks.readout.every_n_steps",
    "callbacks.samples.every": "callbacks.samples.every_n_steps",
    "data.source.sources.crowds": "data.source.sources.multi_creature",
    "data.source.sources.things": "data.source.sources.procedural_objects",
    "model.heads": "model.auxiliary_losses",
    "model.objective.region_balance": "model.objective.region_loss_weight",
    "model.objective.terminal_share": "model.objective.terminal_timestep_prob",
    "model.region_balance": "model.region_loss_weight",
    "objective": "optimized_metric",
}
"""Earlier to current name of a setting or of a group of settings."""


CHOICES = {"data=crowds": "multi_creature", "data=things": "procedural_objects"}
"""Earlier to current name of an option of a group."""


METRICS = {
    "objective": "optimized_metric",
    "leak": "off_target_change",
    "leak_to_named": "off_target_change_of_named",
}
"""Earlier to current name of a metric."""


def present_metric(key: str) -> str:
    """The current key of a metric of a saved report. The suffix "_of_truth" became "_of_target"."""
    if key.endswith("_of_truth"):
        return present_metric(key.removesuffix("_of_truth")) + "_of_target"
    if key.endswith("_of_sketch"):
        return present_metric(key.removesuffix("_of_sketch")) + "_of_sketch"
    name, slash, part = key.partition("/")
    return METRICS.get(name, name) + slash + part


def present_setting(key: str) -> str:
    """The current dotted name of a setting; the same if it was never renamed."""
    parts = key.split(".")
    for count in range(len(parts), 0, -1):
        if name := SETTINGS.get(".".join(parts[:count])):
            return ".".join([name, *parts[count:]])
    return key


def to_present(saved: Any, group: str = "") -> Any:
    """Settings of a run with current names and `_target_`s. Other values stay as they are.

    Args:
        saved: all settings, or a group of them, as plain dicts and lists.
        group: dotted name of the group; "" for all settings.
    """
    if isinstance(saved, Mapping):
        found = {}
        for key, value in saved.items():
            name = f"{group}.{key}" if group else str(key)
            today = present_setting(name).rpartition(".")[2] if name in SETTINGS else key
            found[today] = _present_target(value) if key == "_target_" else to_present(value, name)
        return found
    return [to_present(value, group) for value in saved] if isinstance(saved, list) else saved


def _present_target(target: Any) -> Any:
    package, _, name = str(target).partition(".")
    if package != "pokecolor":
        return target
    parts = name.split(".")
    for count in range(len(parts), 0, -1):
        if place := PLACES.get(".".join(parts[:count])):
            return _present_target(".".join([package, place, *parts[count:]]))
    return target
