"""`pokecolor export`: converts a checkpoint to a pipeline."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.errors import UserError

if TYPE_CHECKING:
    from omegaconf import DictConfig


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    parser = commands.add_parser("export", help="turn a checkpoint into a pipeline")
    parser.add_argument("checkpoint", type=Path, metavar="CKPT")
    parser.add_argument("--out", type=Path, help="by default pipeline/ in the checkpoint's run")
    parser.add_argument(
        "--single-file",
        action="store_true",
        help="one .safetensors in Stable Diffusion's own layout, too, as ComfyUI and web UIs read",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from pokecolor.diffusion.card import ModelCard
    from pokecolor.diffusion.checkpoint_io import AtomicCheckpointIO
    from pokecolor.diffusion.export import export_pipeline, require_replaceable
    from pokecolor.trusted_targets import build_trusted

    run = options.checkpoint.absolute().parent.parent
    folder = options.out or run / "pipeline"
    require_replaceable(folder)  # not when all is done
    checkpoint = AtomicCheckpointIO().load_checkpoint(options.checkpoint)
    config = _read_settings(run / ".hydra" / "config.yaml")
    module = build_trusted(config, "model", without=("optimizer", "lr_scheduler"))
    module.on_load_checkpoint(checkpoint)
    module.load_state_dict(checkpoint["state_dict"], strict=False)  # what is frozen is not in it
    data = build_trusted(config, "data", without=("caption",))
    card = ModelCard(
        origin=module.components.origin,
        data=data.name,
        attribution=data.attribution,
        datasets=getattr(data.source, "hub_ids", ()),
        recipe={
            "optimizer steps": checkpoint["global_step"],
            "samples seen": checkpoint["samples_seen"],
            "seed": config.get("seed"),
        },
    )
    print(export_pipeline(module, folder, card, single_file=options.single_file))


def _read_settings(path: Path) -> DictConfig:
    """The settings of the run that a checkpoint lies in.

    Raises:
        UserError: there are none, or they cannot be read.
    """
    from omegaconf import DictConfig, OmegaConf
    from omegaconf.errors import OmegaConfBaseException
    from yaml import YAMLError

    if not path.is_file():
        raise UserError(f"{path}: missing; the checkpoint must lie in its run's checkpoints/")
    try:
        config = OmegaConf.load(path)
    except (OSError, ValueError, YAMLError, OmegaConfBaseException) as error:
        reason = " ".join(str(error).split())[:160]
        raise UserError(f"{path}: cannot be read ({reason})") from error
    if not isinstance(config, DictConfig):
        raise UserError(f"{path}: not the settings of a run")
    return config
