"""What each engine costs, in one run: `python benchmarks/engines.py [--repeats 5]`.

- cold: the command `pokecolor colorize`, from its start to the picture in its file;
- warm: a sketch of 256 x 256 pixels by a model in memory, encoded as PNG;
- memory: the largest resident set of the command;
- installed: the packages that it runs on, with all that these need, on the disk.

The engines take turns, so that what else the machine does slows both; the ratios are of medians.
Beside the time on the clock stands the processors' time, which other programs lengthen less.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from PIL import Image

from pokecolor.sources.creatures.source import CreatureSource

SIZE = 256
PROMPT = "Turn it into a blue creature with red eyes and a white belly"
CORE = ("numpy", "pillow", "rich", "safetensors", "scipy", "tokenizers", "psutil", "filelock",
        "packaging")  # fmt: skip
PACKAGES = {
    "onnx": (*CORE, "onnxruntime"),
    "diffusers": (*CORE, "torch", "diffusers", "transformers", "accelerate"),
}
"""What each engine runs on; what these need is added."""

PROGRAM = """
import sys, time, resource
import pokecolor.coloring.colorizer as colorizer
start = colorizer.Colorizer.from_pretrained
colorizer.Colorizer.from_pretrained = lambda model, *_: start(model, engine={engine!r})
from pokecolor.cli import main
code = main(sys.argv[1:])
print("peak", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr)
sys.exit(code)
"""

WARM = """
import sys, time
import numpy as np
from PIL import Image
from pokecolor import Colorizer
from pokecolor.core.images.conversion import encode_png, load_image
sketch, colorizer = load_image(sys.argv[1]), Colorizer.from_pretrained("mini", engine={engine!r})
for _ in range(int(sys.argv[2]) + 1):
    clock, processor = time.perf_counter(), time.process_time()
    encode_png(np.asarray(colorizer.colorize(sketch, {prompt!r})))
    print(time.perf_counter() - clock, time.process_time() - processor, flush=True)
    sys.stdin.readline()
"""


class Cost(NamedTuple):
    """Of one picture."""

    seconds: float
    """On the clock."""
    processor: float
    """Seconds of all cores together."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeats", type=int, default=5)
    repeats = parser.parse_args().repeats
    source = CreatureSource(size=SIZE, count=0, colorings=1, test_count=1)
    sketch = next(source.triplets(source.drawings()[0])).original_image
    print(f"{_machine()}; load {os.getloadavg()[0]:.1f}; {repeats} pictures of {SIZE} px each")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sketch.png"
        Image.fromarray(sketch).save(path)
        cold, memory = measure_cold(path, repeats)
        warm = measure_warm(path, repeats)
    sizes = {engine: installed(packages) for engine, packages in PACKAGES.items()}
    print("| | " + " | ".join(PACKAGES) + " | ratio |\n|---|---|---|---|")
    for name, found in (("cold", cold), ("warm", warm)):
        _row(f"{name}, s", {e: [c.seconds for c in costs] for e, costs in found.items()}, ".2f")
        processor = {e: [c.processor for c in costs] for e, costs in found.items()}
        _row(f"{name}, s of the processor", processor, ".2f")
    _row("memory, MB", memory, ".0f")
    _row("installed, MB", {engine: [size / 1e6] for engine, size in sizes.items()}, ".0f")


def measure_cold(sketch: Path, repeats: int) -> tuple[dict[str, list[Cost]], dict[str, list]]:
    """The command's costs and its peaks of memory in MB, by engine; a first round is left out."""
    costs: dict[str, list[Cost]] = {engine: [] for engine in PACKAGES}
    peaks: dict[str, list[float]] = {engine: [] for engine in PACKAGES}
    for turn in range(repeats + 1):
        for engine in PACKAGES:
            program = [sys.executable, "-c", PROGRAM.format(engine=engine), "colorize"]
            out = sketch.with_name(f"{engine}.png")
            before, start = os.times(), time.perf_counter()
            done = subprocess.run(
                [*program, sketch, "--prompt", PROMPT, "--out", out],
                check=True, capture_output=True, text=True,
            )  # fmt: skip
            seconds, after = time.perf_counter() - start, os.times()
            if turn:
                used = after.children_user - before.children_user
                used += after.children_system - before.children_system
                costs[engine].append(Cost(seconds, used))
                peaks[engine].append(int(done.stderr.rpartition("peak ")[2]) / 1000)
    return costs, peaks


def measure_warm(sketch: Path, repeats: int) -> dict[str, list[Cost]]:
    """The costs of pictures by models in memory, each in a process of its own."""
    running = {
        engine: subprocess.Popen(
            [sys.executable, "-c", WARM.format(engine=engine, prompt=PROMPT), sketch, str(repeats)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )
        for engine in PACKAGES
    }  # fmt: skip
    costs: dict[str, list[Cost]] = {engine: [] for engine in PACKAGES}
    for process in running.values():
        process.stdout.readline()  # the first is left out, and both wait
    for _ in range(repeats):
        for engine, process in running.items():
            process.stdin.write("\n")
            costs[engine].append(Cost(*map(float, process.stdout.readline().split())))
    for process in running.values():
        process.communicate("\n")
    return costs


def installed(packages: tuple[str, ...]) -> int:
    """Bytes of packages and of all that they need, without extras."""
    found: dict[str, int] = {}
    wanted = list(packages)
    while wanted:
        name = canonicalize_name(wanted.pop())
        if name in found:
            continue
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # of another system
        files = {file.locate().resolve() for file in distribution.files or []}
        found[name] = sum(path.stat().st_size for path in files if path.is_file())
        for line in distribution.requires or []:
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                wanted.append(requirement.name)
    return sum(found.values())


def _row(name: str, found: dict[str, list[float]], form: str) -> None:
    medians = [statistics.median(found[engine]) for engine in PACKAGES]
    cells = " | ".join(f"{median:{form}}" for median in medians)
    print(f"| {name} | {cells} | {medians[0] / medians[1]:.2f} |")


def _machine() -> str:
    cpu = Path("/proc/cpuinfo")
    text = cpu.read_text(encoding="utf-8") if cpu.is_file() else ""
    model = re.search(r"model name\s*: (.*)", text)
    return f"{os.cpu_count()} cores of {model[1] if model else platform.processor()}"


if __name__ == "__main__":
    main()
