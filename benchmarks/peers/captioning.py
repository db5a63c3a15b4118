"""How much faster batches of images are captioned: `python benchmarks/peers/captioning.py`.

Two comparisons, each of two ways with the same model, in turn and several times:

- CLIP: `caption=clip` as it is, in batches and with a few candidates written out in each round, to
  one image at a time with a greedy chain that writes out and encodes every phrase of the table in
  each round. The mean cosine similarity of captions and images says what the short cut loses.
- BLIP: batches against one image at a time, with a small random model. The captions must be equal.
"""

from __future__ import annotations

import argparse
import functools
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import numpy as np
from alternating import Cost, print_table, take_turns, timed
from rich.progress import track

from pokecolor.captioning import ranking
from pokecolor.captioning.blip import BlipBase
from pokecolor.captioning.clip_captioner import ClipCaptioner
from pokecolor.captioning.phrases import load_table
from pokecolor.model_files.clip_model import ClipModel
from pokecolor.sources.creatures.source import CreatureSource

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tools.random_checkpoint import build_blip

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BATCH_SIZE = 64


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--chains", type=int, default=8, help="images captioned one at a time")
    options = parser.parse_args()
    source = CreatureSource(size=128, count=0, colorings=1, test_count=BATCH_SIZE)
    images = [
        np.asarray(triplet.edited_image)
        for drawing in track(source.drawings(), "Drawing")
        for triplet in source.triplets(drawing)
    ]
    rank_by_clip(images, options.chains, options.repeats)
    describe_by_blip(images, options.repeats)


def rank_by_clip(images: list[np.ndarray], chains: int, repeats: int) -> None:
    """Batched ranking against the greedy chain."""
    captioner = ClipCaptioner(ClipModel(), load_table("parts"))
    captioner.caption(images[:1])  # loads the model and embeds the table

    def chain() -> list[str]:
        with mock.patch.object(ranking, "TRIED", len(captioner.phrases)):
            return [text for image in images[:chains] for text in captioner.caption([image])]

    ours, theirs = compare(
        {
            "CLIP, table in batches": (lambda: captioner.caption(images), len(images)),
            "CLIP, greedy chain": (chain, chains),
        },
        repeats,
    )
    near, best = (
        captioner.score(images[:chains], texts[:chains]).mean().item() for texts in (ours, theirs)
    )
    print(f"similarity {near:.3f} of {best:.3f}, {near / best:.1%}\n")


def describe_by_blip(images: list[np.ndarray], repeats: int) -> None:
    """Batches against one at a time."""
    with tempfile.TemporaryDirectory() as folder:
        build_blip(Path(folder), tiny=True)
        batched = BlipBase(folder, batch_size=BATCH_SIZE)
        single = BlipBase(folder, batch_size=1)
        single.describe(images[:1]), batched.describe(images[:1])
        ours, theirs = compare(
            {
                "BLIP, batches": (lambda: batched.describe(images), len(images)),
                "BLIP, one at a time": (lambda: single.describe(images), len(images)),
            },
            repeats,
        )
    same = sum(a == b for a, b in zip(ours, theirs, strict=True))
    print(f"{same} of {len(ours)} captions equal, {len(set(ours))} distinct")


def compare(
    calls: Mapping[str, tuple[Callable[[], list[str]], int]], repeats: int
) -> list[list[str]]:
    """Time ways of captioning in turn, print what an image costs, and return their captions.

    Args:
        calls: by name, the first the own one; each with how many images it captions.
        repeats: turns of each.
    """
    captions: dict[str, list[str]] = {}

    def measure(name: str) -> Cost:
        call, images = calls[name]
        return timed(lambda: captions.update({name: call()}), images)

    ways = {name: functools.partial(measure, name) for name in calls}
    print_table(take_turns(ways, repeats), "caption")
    return list(captions.values())


if __name__ == "__main__":
    main()
