"""`pokecolor prepare`: renders a data set to shards ahead of training."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from pokecolor.data.datamodule import TripletDataModule


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    parser = commands.add_parser("prepare", help="render a data set to shards before training")
    parser.add_argument(
        "overrides", nargs="*", help="settings as for train.py, such as data=openmoji"
    )
    parser.add_argument(
        "--config-dir", type=Path, metavar="DIR", help="a folder with configs of your own"
    )
    parser.add_argument(
        "--to",
        metavar="FOLDER",
        help="a folder or bucket (s3://..., gs://...) that several machines fill; each task of "
        "Slurm or torchrun makes its share, and the same command goes on with what was cut off",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    import logging

    from hydra.utils import instantiate

    from pokecolor.running.overrides import compose_config, find_config_dir, say_where

    # what the data say of themselves, such as how many captions there are
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("pokecolor").setLevel(logging.INFO)
    config = compose_config(find_config_dir(), "train", options.overrides, options.config_dir)
    say_where(config)
    # what models make of the images is for training to prepare, which has the model
    data = instantiate(config.data, cache_latents=False, cache_text=False)
    if data.source is None:
        raise UserError(f"{data.folder.location}: these are shards already; nothing to prepare")
    if options.to:
        _prepare_share(data, options.to)
        return
    data.prepare_data()
    print(data.folder.location)


def _prepare_share(data: TripletDataModule, location: str) -> None:
    from pokecolor.captioning.captioner import TrainedCaptioner
    from pokecolor.data.shard_tasks import find_task, prepare_share

    captioner = getattr(data.caption, "captioner", None)
    if isinstance(captioner, TrainedCaptioner) or (data.caption and captioner is None):
        raise UserError(
            "--to: tasks caption images one by one, which this caption does not; set caption=null "
            "here, and caption= for the training"
        )
    task = find_task()
    write, writer = (captioner.caption, captioner.fingerprint) if captioner else (None, "")
    if prepare_share(data.source, location, task, data.limit, write, writer):
        print(location)
        return
    print(
        f"{location}: task {task[0] + 1} of {task[1]} is done; the last of the others writes the "
        "manifest",
        file=sys.stderr,
    )
