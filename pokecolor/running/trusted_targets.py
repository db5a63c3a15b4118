"""The allow-list of classes that are built from a run's saved configuration."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Any

from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from pokecolor.core.earlier_names import to_present
from pokecolor.core.errors import UserError

TARGETS = frozenset(
    f"pokecolor.{name}"
    for name in (
        # a model, without what trains it
        "diffusion.guidance_distillation.GuidanceDistillation",
        "diffusion.module.InstructPix2PixModule",
        "diffusion.components.load_components",
        "diffusion.conditioning.ConditioningDropout",
        "diffusion.loss.Objective",
        "diffusion.ema.WeightAverage",
        "diffusion.lora.LoRA",
        "diffusion.acceleration.Acceleration",
        "model_files.mini.mini_part_names",
        "sources.labeled.labels.part_names",
        # data, without their captions
        "data.datamodule.TripletDataModule",
        "sources.avatars.AvatarSource",
        "sources.creatures.CreatureSource",
        "sources.creatures.MultiCreatureSource",
        "sources.creatures.ProceduralObjectSource",
        "sources.folder.source.FolderSource",
        "sources.hub_source.HubSource",
        "sources.icons.IconSource",
        "sources.labeled.source.LabeledSource",
        "sources.labeled.source.PageSource",
        "sources.mixture.MixtureSource",
        "sources.openmoji.OpenMojiSource",
        "sources.pokemon.pokemon_blip.PokemonBlipSource",
        "sources.text.sentences.SentenceSource",
        "sources.pokemon.sketch2pokemon.Sketch2PokemonSource",
        "sources.sketches.SketchSource",
    )
)
"""Full names: any other name would be looked up in a module's own imports, too, as `os.system`."""


def build_trusted(
    config: DictConfig, group: str, without: tuple[str, ...] = (), kind: type | None = None
) -> Any:
    """What a group of a configuration describes, if `TARGETS` has all that it names.

    Names of earlier versions are taken for today's.

    Args:
        config: the whole configuration; other groups may be referred to.
        group: which part of it to build.
        without: settings of the group to leave null, whatever they are.
        kind: a class whose subclasses in its own package are trusted, too.

    Raises:
        UserError: there is no such group, it refers to nothing, or it names anything else.
    """
    from hydra.utils import instantiate

    try:
        settings = OmegaConf.to_container(config, resolve=False)[group]
        settings = OmegaConf.create({**settings, **dict.fromkeys(without)}, parent=config)
        settings = to_present(OmegaConf.to_container(settings, resolve=True), group)
    except (OmegaConfBaseException, KeyError, TypeError, ValueError) as error:
        reason = " ".join(str(error).split())[:160]
        raise UserError(f"{group}: not a group of a run's settings ({reason})") from error
    for key, target in _targets(settings, group):
        if target not in TARGETS and not _is_kind(target, kind):
            raise UserError(
                f"{key}._target_={target}: it is not built from a file, because a stranger's could "
                "run anything; if you trust it, let train.py export it: the run's own command with "
                "ckpt_path=<this checkpoint>"
            )
    # as data/_base.yaml has it, for runs of before it did
    return instantiate(settings, _convert_="partial")


def _is_kind(target: Any, kind: type | None) -> bool:
    """Whether it names a subclass where that is defined, beside `kind`, and nothing imported."""
    module, _, name = str(target).rpartition(".")
    if kind is None or module.rpartition(".")[0] != kind.__module__.rpartition(".")[0]:
        return False
    try:
        found = vars(importlib.import_module(module)).get(name)
    except ImportError:
        return False
    return isinstance(found, type) and issubclass(found, kind) and found.__module__ == module


def _targets(settings: Any, key: str) -> Iterator[tuple[str, Any]]:
    """Where a target is named, and which."""
    if isinstance(settings, dict):
        if "_target_" in settings:
            yield key, settings["_target_"]
        for name, value in settings.items():
            yield from _targets(value, f"{key}.{name}")
    elif isinstance(settings, list):
        for number, value in enumerate(settings):
            yield from _targets(value, f"{key}[{number}]")
