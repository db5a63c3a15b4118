"""`pokecolor prepare`: renders a data set to shards ahead of training."""

from __future__ import annotations

import argparse
from pathlib import Path

from pokecolor.core.errors import UserError


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    parser = commands.add_parser("prepare", help="render a data set to shards before training")
    parser.add_argument(
        "overrides", nargs="*", help="settings as for train.py, such as data=openmoji"
    )
    parser.add_argument(
        "--config-dir", type=Path, metavar="DIR", help="a folder with configs of your own"
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
    data.prepare_data()
    print(data.folder.location)
