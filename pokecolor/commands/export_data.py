"""`pokecolor export-data`: writes a data set as others' tools read it."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "export-data",
        help="write a data set as an image folder or as Parquet, for the library datasets",
    )
    parser.add_argument(
        "overrides",
        nargs="*",
        help="settings as for train.py, such as data=openmoji or data=shards",
    )
    parser.add_argument("--out", type=Path, required=True, help="a new folder")
    parser.add_argument("--format", choices=("imagefolder", "parquet"), default="parquet")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from hydra.utils import instantiate

    from pokecolor.core.errors import UserError
    from pokecolor.data.publishing import publish
    from pokecolor.running.overrides import compose_config, find_config_dir

    if options.out.exists():  # not when all is rendered
        raise UserError(f"--out {options.out}: is there already; name another folder")
    config = compose_config(find_config_dir(), "train", options.overrides).data
    # the data set's own instructions, and no latents of any model's
    data = instantiate(config, cache_latents=False, cache_text=False, caption=None)
    data.prepare_data()
    counts = publish(data.folder, options.out, options.format)
    said = ", ".join(f"{split} {count}" for split, count in counts.items())
    print(f"{options.out}: {said} samples")
