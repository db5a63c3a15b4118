"""Time and memory of carrying a painting to a sketch: `python benchmarks/compositing.py`.

Each size and look is measured in a process of its own, on a drawn sketch and a random painting of
the model's size: no model is needed. Memory is what the process holds at its peak beyond what it
held when program and sketch were loaded.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time

import numpy as np
from PIL import Image, ImageDraw

from pokecolor.coloring.colored_sketch import ColoredSketch
from pokecolor.coloring.compositing import LOOKS

SIZES = (256, 1000, 6000)
CELLS = 128
FIGURES = 40


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    parser.add_argument("--looks", nargs="+", choices=LOOKS, default=LOOKS)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        time_coloring(options.sizes[0], options.looks[0])
        return
    for look in options.looks:
        for size in options.sizes:
            command = [sys.executable, __file__, "--one", "--sizes", str(size), "--looks", look]
            subprocess.run(command, check=True)


def time_coloring(size: int, look: str) -> None:
    """Print how long one picture takes, and its memory."""
    coloring = ColoredSketch(*random_sketch(size))
    before = peak()
    start, busy = time.perf_counter(), time.process_time()
    coloring.image(look)
    seconds, busy = time.perf_counter() - start, time.process_time() - busy
    print(
        f"{look}, {size} x {size} pixels: {seconds:.2f} s ({busy:.2f} s of processor time), "
        f"{(peak() - before) / 2**20:.0f} MB",
        flush=True,
    )


def random_sketch(size: int) -> tuple[Image.Image, Image.Image, np.ndarray]:
    """A sketch of many ellipses in closed and open outlines, its line art, a painting of it."""
    rng = np.random.default_rng(0)
    sketch = Image.new("RGB", (size, size), "white")
    painted = Image.new("RGB", (CELLS, CELLS), "white")
    pen, brush = ImageDraw.Draw(sketch), ImageDraw.Draw(painted)
    width = max(1, size // 250)
    for number in range(FIGURES):
        left, top = rng.uniform(0.05, 0.75, 2)
        box = np.array([left, top, left + rng.uniform(0.05, 0.2), top + rng.uniform(0.05, 0.2)])
        color = tuple(rng.integers(0, 256, 3).tolist())
        end = 360 if number % 4 else 330
        pen.ellipse(tuple(size * box), fill="white")
        pen.arc(tuple(size * box), 0, end, fill="black", width=width)
        brush.ellipse(tuple(CELLS * box), fill=color)
        inner = (box[:2] + box[2:]) / 2
        brush.ellipse((*(CELLS * inner), *(CELLS * (inner + 0.04))), fill=color[::-1])
    noise = rng.integers(-10, 11, (CELLS, CELLS, 3))
    values = np.clip(np.asarray(painted) + noise, 0, 255).astype(np.uint8)
    return sketch, sketch, values


def peak() -> int:
    """The most memory that the process ever held, in bytes."""
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else 1024 * used


if __name__ == "__main__":
    main()
