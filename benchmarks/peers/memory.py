"""Memory at 1, 10 and 100 times the data: `python benchmarks/peers/memory.py`.

A process of its own goes through an epoch of shuffled batches: by pokecolor of shards, by
`datasets` of an imagefolder. What is printed is the most that the process held. The samples are
copies of some with ids of their own.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from loading import imagefolder_batches

from pokecolor.core.schema import SPLITS
from pokecolor.data import manifest, records
from pokecolor.data.datamodule import TripletDataModule
from pokecolor.data.manifest import Manifest
from pokecolor.data.prepare import prepare
from pokecolor.data.shards import SplitWriter
from pokecolor.sources.creatures.source import CreatureSource

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BATCH_SIZE = 16


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--triplets", type=int, default=100, help="at once the data")
    parser.add_argument("--times", type=int, nargs="+", default=(1, 10, 100))
    parser.add_argument("--size", type=int, default=64, help="pixels of an image's side")
    parser.add_argument("--one", nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        way, folder = options.one
        print(f"PEAK{go_through(WAYS[way](Path(folder)))}")
        return
    ways = list(WAYS)
    if not importlib.util.find_spec("datasets"):
        print("datasets is not installed, pokecolor is measured alone: pip install datasets")
        ways = ways[:1]
    peaks: dict[str, list[float]] = {way: [] for way in ways}
    with tempfile.TemporaryDirectory() as place:
        source = CreatureSource(
            size=options.size, count=options.triplets, colorings=1, test_count=1, val=0.0
        )
        folder = prepare(source, Path(place), needed=("train",))
        samples = [
            {name: data for name, data in members.items() if not name.startswith("__")}
            for members in folder.samples("train")
        ]
        for times in options.times:
            target = Path(place) / str(times)
            write_copies(samples, times, target)
            for way in ways:
                peaks[way].append(measure(way, target))
    columns = [f"{times * options.triplets} triplets" for times in options.times]
    print(f"| MB at the peak | {' | '.join(columns)} | last to first |")
    print("|---" * (len(columns) + 2) + "|")
    for way, found in peaks.items():
        cells = " | ".join(f"{peak / 1e6:.0f}" for peak in found)
        print(f"| {way} | {cells} | {found[-1] / found[0]:.2f} |")


def write_copies(samples: Sequence[dict[str, bytes]], times: int, target: Path) -> None:
    """Each sample so many times, as shards and as an imagefolder whose files are links."""
    shards, pictures = target / "shards", target / "imagefolder" / "train"
    shards.mkdir(parents=True)
    pictures.mkdir(parents=True)
    writers = {name: SplitWriter(shards, name) for name in SPLITS}
    with (pictures / "metadata.jsonl").open("w") as table:
        for copy in range(times):
            for number, members in enumerate(samples):
                meta = records.decode_meta(members)
                meta |= {"id": f"{meta['id']}-{copy}", "drawing_id": f"{meta['drawing_id']}-{copy}"}
                writers["train"].write({**members, records.META: json.dumps(meta).encode()})
                row = {"edit_prompt": records.decode_prompt(members)}
                for column, member in (
                    ("original_image", records.ORIGINAL), ("edited_image", records.EDITED)
                ):  # fmt: skip
                    path = pictures / f"{copy:03d}-{number:05d}-{column}.png"
                    if copy:
                        os.link(pictures / f"000-{number:05d}-{column}.png", path)
                    else:
                        path.write_bytes(members[member])
                    row[f"{column}_file_name"] = path.name
                table.write(json.dumps(row) + "\n")
    written = {name: writer.close() for name, writer in writers.items()}
    size, _ = records.png_shape(samples[0][records.EDITED])
    of_all = Manifest("copies", f"copies-{times}", size, written)
    (shards / manifest.NAME).write_text(of_all.to_json(), encoding="utf-8")


def measure(way: str, folder: Path) -> float:
    """The peak of a process that goes through the data, in bytes."""
    done = subprocess.run(
        [sys.executable, __file__, "--one", way, str(folder)],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    return float(done.stdout.rpartition("PEAK")[2])


def go_through(batches: Iterable) -> int:
    """Read an epoch: the most that the process ever held, in bytes."""
    for _ in batches:
        pass
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else 1024 * used


def by_shards(folder: Path) -> Iterable:
    """As training reads them."""
    data = TripletDataModule(shards=str(folder / "shards"), batch_size=BATCH_SIZE)
    _ = data.contents  # what a run's checkpoints say of the data
    return data.train_dataloader()


def by_datasets(folder: Path) -> Iterable:
    """As diffusers' scripts read them."""
    return imagefolder_batches(folder / "imagefolder", BATCH_SIZE, folder / "hub")


WAYS = {"pokecolor": by_shards, "datasets": by_datasets}

if __name__ == "__main__":
    main()
