"""`pokecolor caption`: writes an instruction for each color image."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError
from pokecolor.core.file_names import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

BATCH_SIZE = 64
"""Images read and captioned at a time."""


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    parser = commands.add_parser("caption", help="write captions (instructions) for color images")
    parser.add_argument(
        "images", nargs="+", type=Path, metavar="IMAGE", help="image files, or folders of them"
    )
    parser.add_argument(
        "--source", default="clip", help="a caption source of conf/caption/ (default: clip)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        help="a CSV (id,caption,file) that fits data=folder data.root=FOLDER caption=csv "
        "caption.csv=OUT; those it has already are left alone",
    )
    parser.add_argument(
        "--config-dir", type=Path, metavar="DIR", help="a folder with configs of your own"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from hydra.utils import instantiate
    from rich.console import Console
    from rich.progress import track

    from pokecolor.captioning.captioner import TrainedCaptioner
    from pokecolor.captioning.store import CaptionStore
    from pokecolor.running.overrides import compose_config, find_config_dir

    files = _find_samples(options.images, distinct=options.out is not None)
    store = CaptionStore(options.out) if options.out else None
    known = store.read() if store else {}
    files = {path: [i for i in ids if i not in known] for path, ids in files.items()}
    paths = [path for path, ids in files.items() if ids]
    overrides = [f"caption={options.source}"]
    config = compose_config(find_config_dir(), "train", overrides, options.config_dir).caption
    if "captioner" not in config:
        raise UserError(f"--source {options.source}: writes no captions; try --source clip")
    captioner = instantiate(config.captioner)
    if isinstance(captioner, TrainedCaptioner):
        captioner.load_newest()
    console = Console(stderr=True)
    batches = [paths[start : start + BATCH_SIZE] for start in range(0, len(paths), BATCH_SIZE)]
    skipped = 0
    for batch in track(
        batches, "Captioning", console=console, disable=len(batches) < 2 or not console.is_terminal
    ):
        images = _read(batch)
        skipped += len(batch) - len(images)
        found = captioner.caption(list(images.values())) if images else []
        captions = dict(zip(images, found, strict=True))
        if store and captions:
            named = {i: path for path in captions for i in files[path]}
            store.add(
                {i: captions[path] for i, path in named.items()},
                {
                    i: printable(os.path.relpath(path, options.out.parent))
                    for i, path in named.items()
                },
            )
        for path, caption in captions.items():
            print(f"{printable(path)}: {caption}")
    if skipped == len(paths) and skipped:
        raise UserError("none of these images could be read")
    if store:
        print(f"written to {options.out}", file=sys.stderr)


def _find_samples(paths: Sequence[Path], distinct: bool) -> dict[Path, list[str]]:
    """The color images, each with the ids of its samples in `data=folder`.

    Args:
        paths: folders, each like a `data.root`, and files, whose folder is the root.
        distinct: whether to refuse images with the same id.
    """
    from pokecolor.sources.folder.source import FolderSource

    found: dict[Path, list[str]] = {}
    owners: dict[str, Path] = {}
    for path in paths:
        if path.is_dir():
            samples = FolderSource(path).samples()
        else:
            samples = {_file_id(path): path}
        for sample_id, file in samples.items():
            other = owners.setdefault(sample_id, file)
            if distinct and other != file:
                raise UserError(
                    f"--out: {other} and {file} have the same id, {sample_id}; "
                    "write the captions of each folder to a CSV of its own"
                )
            if sample_id not in found.setdefault(file, []):
                found[file].append(sample_id)
    return found


def _file_id(path: Path) -> str:
    """The id of an image as the only one in its folder, except for others of its name."""
    from pokecolor.core.images.formats import readable_suffixes
    from pokecolor.sources.ids import assign_ids

    namesakes = [path.with_suffix(ending) for ending in readable_suffixes()]
    there = [file for file in namesakes if file.is_file()]
    return assign_ids([*there, path], path.parent)[path]


def _read(files: Sequence[Path]) -> Mapping[Path, np.ndarray]:
    """Read images; unreadable ones are reported on standard error and left out."""
    import numpy as np

    from pokecolor.core.images.conversion import ImageError, load_image

    images = {}
    for file in files:
        try:
            images[file] = np.asarray(load_image(file))
        except ImageError as error:
            print(f"pokecolor: skipped: {error}", file=sys.stderr)
    return images
