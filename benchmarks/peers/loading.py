"""Loading against `datasets`' imagefolder: `python benchmarks/peers/loading.py`.

The same triplets as shards, and as PNG files with `metadata.jsonl` that `datasets` reads. Both give
shuffled batches of float images in [-1, 1], mirrored at random, and their instructions; latents are
what training reads when it has encoded the images once. Both load in the main process.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from alternating import machine, print_table, take_turns, timed

from pokecolor.data.latents import cache_latents
from pokecolor.data.prepare import prepare
from pokecolor.data.publishing import publish
from pokecolor.sources.creatures.source import CreatureSource

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from loaders import StandInEncoder, train_loader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--triplets", type=int, default=512)
    parser.add_argument("--size", type=int, default=256, help="pixels of an image's side")
    parser.add_argument("--batch-size", type=int, default=16)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    batches = options.triplets // options.batch_size
    source = CreatureSource(
        size=options.size, count=options.triplets // 2, colorings=2, test_count=1, val=0.0
    )
    with tempfile.TemporaryDirectory() as place:
        folder = prepare(source, Path(place), needed=("train",))
        latents = cache_latents(folder, StandInEncoder(), Path(place), "train")
        ways = {
            "pokecolor, images": train_loader(folder, options.batch_size, 0, latents=False),
            "pokecolor, latents": train_loader(latents, options.batch_size, 0, latents=True),
        }
        if importlib.util.find_spec("datasets"):
            publish(folder, Path(place) / "imagefolder", "imagefolder")
            ways["datasets, images"] = imagefolder_batches(
                Path(place) / "imagefolder", options.batch_size, Path(place) / "hub"
            )
        else:
            print("datasets is not installed, pokecolor is measured alone: pip install datasets")

        def epoch(loader: Iterable) -> Callable:
            samples = batches * options.batch_size
            return lambda: timed(
                lambda: [None for _ in itertools.islice(iter(loader), batches)], samples
            )

        print(f"{machine()}; {options.triplets} triplets of {options.size} px")
        costs = take_turns(
            {name: epoch(loader) for name, loader in ways.items()}, options.repeats + 1
        )
        # the first epoch is not counted: it pays for starting
        print_table({name: of_it[1:] for name, of_it in costs.items()}, "triplet")


def imagefolder_batches(folder: Path, batch_size: int, cache: Path) -> Iterable:
    """Batches as diffusers' scripts have them: a transform of rows, and a `DataLoader`."""
    from datasets import load_dataset

    rows = load_dataset("imagefolder", data_dir=str(folder / "train"), cache_dir=str(cache))

    def to_float(images: list) -> torch.Tensor:
        values = np.stack([np.asarray(image.convert("RGB")) for image in images])
        return torch.from_numpy(values).permute(0, 3, 1, 2) / 127.5 - 1

    def transform(given: dict) -> dict:
        pairs = torch.stack(
            [to_float(given[name]) for name in ("original_image", "edited_image")], 1
        )
        flip = torch.rand(len(pairs)) < 0.5
        pairs[flip] = pairs[flip].flip(-1)
        return {"pair": pairs, "edit_prompt": given["edit_prompt"]}

    return torch.utils.data.DataLoader(
        rows["train"].with_transform(transform), batch_size=batch_size, shuffle=True, drop_last=True
    )


if __name__ == "__main__":
    main()
