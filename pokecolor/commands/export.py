"""`pokecolor export`: converts a checkpoint to a pipeline."""

from __future__ import annotations

import argparse
from pathlib import Path

from pokecolor.errors import UserError


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    parser = commands.add_parser("export", help="turn a checkpoint into a pipeline")
    parser.add_argument("checkpoint", type=Path, metavar="CKPT")
    parser.add_argument("--out", type=Path, help="by default pipeline/ in the checkpoint's run")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from hydra.utils import instantiate
    from omegaconf import OmegaConf

    from pokecolor.diffusion.card import ModelCard
    from pokecolor.diffusion.checkpoint_io import AtomicCheckpointIO
    from pokecolor.diffusion.export import export_pipeline

    checkpoint = AtomicCheckpointIO().load_checkpoint(options.checkpoint)
    run = options.checkpoint.absolute().parent.parent
    settings = run / ".hydra" / "config.yaml"
    if not settings.is_file():
        raise UserError(f"{settings}: missing; the checkpoint must lie in its run's checkpoints/")
    config = OmegaConf.load(settings)
    module = instantiate(config.model)
    module.on_load_checkpoint(checkpoint)
    module.load_state_dict(checkpoint["state_dict"], strict=False)  # what is frozen is not in it
    data = instantiate(config.data)
    card = ModelCard(
        origin=module.components.origin,
        data=data.source.name if data.source else data.folder.location,
        recipe={
            "optimizer steps": checkpoint["global_step"],
            "samples seen": checkpoint["samples_seen"],
            "seed": config.seed,
        },
    )
    print(export_pipeline(module, options.out or run / "pipeline", card))
