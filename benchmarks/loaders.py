"""How many samples a second each stage of the data delivers: `python benchmarks/loaders.py`.

Renders some OpenMoji drawings to a temporary folder, streams the shards of images, then shards of
latents. The latents are those of a stand-in for the VAE: their size is true, their values are not,
so that loading is measured and not encoding.
"""

from __future__ import annotations

import argparse
import itertools
import os
import tempfile
import time
from pathlib import Path

import torch

from pokecolor.data.batches import BatchMaker
from pokecolor.data.latents import cache_latents
from pokecolor.data.order import BatchOrder
from pokecolor.data.prepare import prepare, select_drawings
from pokecolor.data.rendering import CHUNK, render
from pokecolor.data.shards import ShardFolder
from pokecolor.data.stream import BatchStream, EpochLoader, every_epoch
from pokecolor.sources.openmoji import OpenMojiSource

BATCH_SIZE = 32
LATENT_CHANNELS = 8


class StandInEncoder:
    """Latents of mini's size, 4 times smaller than the images, at no cost."""

    image_fingerprint = text_fingerprint = "stand-in"
    device = torch.device("cpu")
    cell = 4

    def encode_original(self, images: torch.Tensor) -> torch.Tensor:
        n, _, height, width = images.shape
        return torch.zeros(n, LATENT_CHANNELS, height // 4, width // 4)

    encode_edited = encode_original


class Stopwatch:
    """Prints the rate of what its block counts: by the clock, and by the CPU time of this process.

    On a machine with other work the second is the truer one, where one process does it all.
    """

    def __init__(self, what: str) -> None:
        self.what, self.samples = what, 0

    def __enter__(self) -> Stopwatch:
        self.start = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *_: object) -> None:
        clock, cpu = time.perf_counter() - self.start[0], time.process_time() - self.start[1]
        print(
            f"{self.what:<44}{self.samples / clock:>9,.0f} samples/s"
            f"{self.samples / cpu:>9,.0f} per CPU second of the main process",
            flush=True,
        )


def time_rendering(source: OpenMojiSource, drawings: list[str], processes: int) -> None:
    # the first chunk of each process is not counted: it pays for starting
    rendered = render(source, drawings, processes)
    for _ in itertools.islice(rendered, CHUNK * processes):
        pass
    with Stopwatch(f"rendering, processes: {processes}") as watch:
        watch.samples = sum(len(drawing.samples) for drawing in rendered)


def time_loading(folder: ShardFolder, what: str, num_workers: int, latents: bool) -> None:
    with Stopwatch(f"{what}, workers: {num_workers}") as watch:
        for batch in train_loader(folder, BATCH_SIZE, num_workers, latents):
            watch.samples += len(batch["id"])


def train_loader(
    folder: ShardFolder, batch_size: int, num_workers: int, latents: bool
) -> EpochLoader:
    """Shuffled batches as training has them, an epoch at each iteration."""
    shards = folder.manifest.splits["train"].shards
    counts = tuple(shard.samples for shard in shards)
    order = BatchOrder(counts, batch_size, ranks=1, seed=0, shuffle=True)
    make_batch = BatchMaker(latents, flip_seed=0, caption=None, text=None)
    stream = BatchStream(folder, shards, order, 0, make_batch)
    return EpochLoader(stream, num_workers, every_epoch())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drawings", type=int, default=200, help="of the training split")
    parser.add_argument("--size", type=int, default=128, help="pixels of an image's side")
    arguments = parser.parse_args()

    source = OpenMojiSource(size=arguments.size)
    drawings = select_drawings(source, arguments.drawings)["train"]
    for processes in sorted({1, os.cpu_count() or 1}):
        time_rendering(source, drawings, processes)
    with tempfile.TemporaryDirectory() as cache:
        images = prepare(source, Path(cache), arguments.drawings)
        latents = cache_latents(images, StandInEncoder(), Path(cache), "train")
        for num_workers in (0, 1, 2):
            time_loading(images, "shards of images", num_workers, latents=False)
        for num_workers in (0, 1, 2):
            time_loading(latents, "shards of latents", num_workers, latents=True)


if __name__ == "__main__":
    main()
