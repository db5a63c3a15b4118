"""`pokecolor train` and `pokecolor evaluate`: what `train.py` and `evaluate.py` are in a checkout.

Each runs as `python -m pokecolor.commands.train` would, so that what starts further processes, as
Lightning does for several GPUs, starts the same.
"""

from __future__ import annotations

import argparse
import runpy
import sys

SCRIPTS = {
    "train": "train a model; takes the settings of train.py",
    "evaluate": "evaluate pipelines or a checkpoint; takes the settings of evaluate.py",
}


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the commands."""
    for name, purpose in SCRIPTS.items():
        # no word begins with this, so that options are passed on: Hydra reads them all
        parser = commands.add_parser(name, help=purpose, add_help=False, prefix_chars="\0")
        parser.add_argument("words", nargs="*")
        parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    sys.argv[1:] = options.words
    runpy.run_module(f"pokecolor.commands.{options.command}", run_name="__main__", alter_sys=True)
