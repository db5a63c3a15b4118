"""`pokecolor caption`: says of color images what would lead to them."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from pokecolor.errors import UserError
from pokecolor.file_names import printable

BATCH_SIZE = 64
"""Images read and captioned at a time."""


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    parser = commands.add_parser("caption", help="write the instructions that color images answer")
    parser.add_argument(
        "images", nargs="+", type=Path, metavar="IMAGE", help="image files, or folders of them"
    )
    parser.add_argument(
        "--source", default="clip", help="a caption source of conf/caption/ (default: clip)"
    )
    parser.add_argument(
        "--out", type=Path, help="a CSV (id,caption); those it has already are left alone"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from hydra.utils import instantiate
    from rich.console import Console
    from rich.progress import track

    from pokecolor.captioning.captioner import TrainedCaptioner
    from pokecolor.captioning.store import CaptionStore
    from pokecolor.image_listing import find_images
    from pokecolor.overrides import compose_config, find_config_dir

    files = find_images(options.images)
    store = CaptionStore(options.out) if options.out else None
    known = store.read() if store else {}
    files = [file for file in files if printable(file) not in known]
    config = compose_config(find_config_dir(), "train", [f"caption={options.source}"]).caption
    if "captioner" not in config:
        raise UserError(f"--source {options.source}: writes no captions; try --source clip")
    captioner = instantiate(config.captioner)
    if isinstance(captioner, TrainedCaptioner):
        captioner.load_newest()
    console = Console(stderr=True)
    batches = [files[start : start + BATCH_SIZE] for start in range(0, len(files), BATCH_SIZE)]
    skipped = 0
    for batch in track(
        batches, "Captioning", console=console, disable=len(batches) < 2 or not console.is_terminal
    ):
        names, images = _read(batch)
        skipped += len(batch) - len(names)
        captions = dict(zip(names, captioner.caption(images), strict=True)) if names else {}
        if store and captions:
            store.add(captions)
        for name, caption in captions.items():
            print(f"{name}: {caption}")
    if skipped == len(files) and skipped:
        raise UserError("none of these images could be read")
    if store:
        print(f"written to {options.out}", file=sys.stderr)


def _read(files: list[Path]) -> tuple[list[str], list]:
    """Names and pixels of the images; one that cannot be read is named on stderr and left out."""
    import numpy as np

    from pokecolor.images import ImageError, load_image

    names, images = [], []
    for file in files:
        try:
            images.append(np.asarray(load_image(file)))
            names.append(printable(file))
        except ImageError as error:
            print(f"pokecolor: skipped: {error}", file=sys.stderr)
    return names, images
