"""How long a sketch takes to color: `python benchmarks/coloring.py`.

- warm: a sketch of 256 x 256 pixels by a model in memory, its lines laid over, encoded as PNG;
- cold: the command `pokecolor colorize`, from its start to the picture in its file.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from PIL import Image

from pokecolor.colorizer import Colorizer
from pokecolor.data.creatures.source import CreatureSource
from pokecolor.images import encode_png

if TYPE_CHECKING:
    from collections.abc import Callable

SIZE = 256
PROMPT = "Turn it into a blue creature with red eyes and a white belly"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=10)
    options = parser.parse_args()
    source = CreatureSource(size=SIZE, count=0, colorings=1, test_count=1)
    sketch = Image.fromarray(next(source.triplets(source.drawings()[0])).original_image)
    colorizer = Colorizer.from_pretrained()
    print(f"{torch.get_num_threads()} threads, {SIZE} x {SIZE} pixels")

    def warm() -> None:
        encode_png(np.asarray(colorizer.colorize(sketch, PROMPT)))

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sketch.png"
        sketch.save(path)
        command = [sys.executable, "-m", "pokecolor.cli", "colorize", str(path)]

        def cold() -> None:
            subprocess.run([*command, "--prompt", PROMPT], check=True, capture_output=True)

        report("warm", warm, options.repeats)
        report("cold start", cold, options.repeats)


def report(name: str, color: Callable[[], None], repeats: int) -> None:
    """Print how long `color` takes, the first call left out."""
    color()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        color()
        seconds.append(time.perf_counter() - start)
    median, worst = statistics.median(seconds), max(seconds)
    print(f"{name}: median {median:.2f} s, slowest of {repeats} {worst:.2f} s")


if __name__ == "__main__":
    main()
