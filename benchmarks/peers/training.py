"""Training against diffusers' script: `python benchmarks/peers/training.py --script PATH`.

PATH is a copy of diffusers' `examples/instruct_pix2pix/train_instruct_pix2pix.py`, which is run as
it is; it needs `datasets`. Without it pokecolor's ways are measured alone. All start from one
checkpoint, Stable Diffusion 1.5's architecture with random weights and a fraction of its width, and
learn from the same triplets in the same batches, with EMA, clipped gradients and dropout of the
conditioning. Each run is a process of its own. Time is counted between the optimizer's steps, so
that starting and the caches are left out; what the caches took is printed beside it.
"""

from __future__ import annotations

import argparse
import importlib.util
import itertools
import json
import os
import resource
import runpy
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path

import torch
from alternating import Cost, machine, print_table
from torch.optim.optimizer import register_optimizer_step_post_hook

from pokecolor.data.prepare import prepare
from pokecolor.data.publishing import publish
from pokecolor.sources.creatures.source import CreatureSource

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from tools.random_checkpoint import FULL, TINY, build_checkpoint

ROOT = Path(__file__).resolve().parents[2]
DROPOUT = 0.05
RATE = 1e-4
THEIRS = "diffusers' script"
OURS = {
    "pokecolor": ["data.cache_latents=true", "data.cache_text=true"],
    "pokecolor, no caches": ["data.cache_latents=false", "data.cache_text=false"],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--script", type=Path, help="diffusers' train_instruct_pix2pix.py")
    parser.add_argument("--size", type=int, default=256, help="pixels of an image's side")
    parser.add_argument("--fraction", type=int, default=4, help="of the architecture's width")
    parser.add_argument("--tiny", action="store_true", help="much smaller, to try whether it runs")
    parser.add_argument("--batch-size", type=int, default=2)
    parser.add_argument("--accumulate", type=int, default=4, help="batches a step")
    parser.add_argument("--gradient-checkpointing", action="store_true")
    parser.add_argument("--triplets", type=int, default=48)
    parser.add_argument("--steps", type=int, default=4, help="timed in each run, after one more")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--set", nargs="*", default=[], help="more settings of train.py")
    parser.add_argument("--timed", type=int, help=argparse.SUPPRESS)
    parser.add_argument("command", nargs="*", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.timed:
        run_timed(options.command, options.timed)
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(options, Path(folder))


def measure(options: argparse.Namespace, place: Path) -> None:
    """Build checkpoint and data, run all ways in turn, print what a sample costs."""
    configs = TINY if options.tiny else narrowed(options.fraction)
    build_checkpoint(place / "model", configs=configs)
    source = CreatureSource(
        size=options.size, count=options.triplets + 8, colorings=1, test_count=1, val=0.15
    )
    publish(prepare(source, place / "shards"), place / "data", "imagefolder")
    ways = {name: ours(options, place, settings) for name, settings in OURS.items()}
    if options.script and not importlib.util.find_spec("datasets"):
        print("datasets is not installed, pokecolor is measured alone: pip install datasets")
    elif options.script:
        ways[THEIRS] = theirs(options, place)
    samples = options.batch_size * options.accumulate
    print(
        f"{machine()}; {options.size} px, batches of {options.batch_size} x {options.accumulate}, "
        f"gradient checkpointing: {options.gradient_checkpointing}",
        flush=True,
    )
    costs: dict[str, list[Cost]] = {name: [] for name in ways}
    starts: dict[str, list[float]] = {name: [] for name in ways}
    peaks: dict[str, float] = {}
    for _ in range(options.repeats):
        for name, command in ways.items():
            found = run(command, options.steps + 1, place)
            steps = zip(found["seconds"], found["processor"], strict=True)
            costs[name] += [Cost(clock / samples, used / samples) for clock, used in steps]
            starts[name].append(found["start"])
            peaks[name] = found["peak"]
    print_table(costs, "sample")
    print("; ".join(f"{name}: {peak / 1e6:.0f} MB" for name, peak in peaks.items()))
    if options.repeats > 1:
        took = starts["pokecolor"][0] - min(starts["pokecolor"][1:])
        print(
            f"the caches took {took:.0f} s of the processor, once for {options.triplets} triplets"
        )


def narrowed(fraction: int) -> dict[str, dict]:
    """Stable Diffusion's parts with a fraction of their channels; the latents keep theirs."""
    configs = {name: dict(config) for name, config in FULL.items()}
    for name in ("vae", "unet"):
        channels = configs[name].get("block_out_channels", (320, 640, 1280, 1280))
        configs[name]["block_out_channels"] = tuple(width // fraction for width in channels)
    configs["vae"]["norm_num_groups"] = configs["unet"]["norm_num_groups"] = 32 // fraction
    for key in ("hidden_size", "intermediate_size", "projection_dim"):
        configs["text_encoder"][key] //= fraction
    configs["text_encoder"]["num_attention_heads"] //= fraction
    configs["unet"]["cross_attention_dim"] = configs["text_encoder"]["hidden_size"]
    return configs


def ours(options: argparse.Namespace, place: Path, settings: list[str]) -> list[str]:
    """`train.py` and its settings."""
    return [
        str(ROOT / "train.py"),
        "model=sd15", f"model.components.checkpoint={place / 'model'}",
        "data=folder", f"data.root={place / 'data'}", f"data.source.size={options.size}",
        f"data.batch_size={options.batch_size}",
        f"trainer.accumulate_grad_batches={options.accumulate}", "trainer=cpu",
        f"trainer.max_steps={options.steps + 2}", "trainer.val_check_interval=1000000",
        f"model.optimizer.lr={RATE}",
        f"model.acceleration.gradient_checkpointing={options.gradient_checkpointing}",
        "callbacks.samples=null", "callbacks.export=null", "logger=csv",
        f"paths.cache={place / 'cache'}", f"paths.runs={place / 'runs'}",
        *settings, *options.set,
    ]  # fmt: skip


def theirs(options: argparse.Namespace, place: Path) -> list[str]:
    """The script of diffusers and its options."""
    checkpointing = ["--gradient_checkpointing"] if options.gradient_checkpointing else []
    return [
        str(options.script.resolve()),
        f"--pretrained_model_name_or_path={place / 'model'}",
        f"--train_data_dir={place / 'data' / 'train'}", "--original_image_column=original_image",
        f"--cache_dir={place / 'hub'}", f"--output_dir={place / 'theirs'}",
        f"--resolution={options.size}", "--random_flip", "--use_ema",
        f"--train_batch_size={options.batch_size}",
        f"--gradient_accumulation_steps={options.accumulate}",
        f"--max_train_steps={options.steps + 2}", f"--learning_rate={RATE}", "--lr_warmup_steps=0",
        f"--conditioning_dropout_prob={DROPOUT}", "--max_grad_norm=1", "--seed=0",
        "--mixed_precision=no", *checkpointing,
    ]  # fmt: skip


def run(command: list[str], steps: int, place: Path) -> dict:
    """Have a process run a script for some steps: what `run_timed` prints."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1"}
    environment["CUDA_VISIBLE_DEVICES"] = ""
    done = subprocess.run(
        [sys.executable, __file__, "--timed", str(steps), "--", *command],
        capture_output=True, text=True, cwd=place, env=environment,
    )  # fmt: skip
    if done.returncode or "TIMES" not in done.stdout:
        sys.exit(
            f"{command[0]} ended before its {steps} steps:\n{done.stdout}{done.stderr}"[-4000:]
        )
    return json.loads(done.stdout.rpartition("TIMES")[2])


def run_timed(command: list[str], steps: int) -> None:
    """Run a script in this process, and end it after some steps of its optimizer.

    Prints the time between steps, what it took until the first one, and the peak of memory.
    """
    if Path(command[0]) != ROOT / "train.py":
        stand_in_for_torchvision()
    ends: list[tuple[float, float]] = []

    def note(*_: object) -> None:
        ends.append((time.perf_counter(), time.process_time()))
        if len(ends) < steps:
            return
        between = [
            [after - before for before, after in itertools.pairwise(found)]
            for found in zip(*ends, strict=True)
        ]
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        found = {"seconds": between[0], "processor": between[1], "start": ends[0][1]}
        print("TIMES" + json.dumps({**found, "peak": peak * (1 if on_mac() else 1024)}), flush=True)
        os._exit(0)  # neither script need save anything

    register_optimizer_step_post_hook(note)
    sys.argv = command
    runpy.run_path(command[0], run_name="__main__")


def on_mac() -> bool:
    """Where the kernel states memory in bytes."""
    return sys.platform == "darwin"


def stand_in_for_torchvision() -> None:
    """The four transforms that diffusers' script uses, where torchvision is not installed.

    The images have the size that they are cropped to.
    """
    if importlib.util.find_spec("torchvision"):
        return
    import diffusers  # noqa: F401 - they look for torchvision when they are imported
    import transformers  # noqa: F401

    if importlib.util.find_spec("datasets"):
        import datasets  # noqa: F401

    def compose(steps: list) -> object:
        def apply(images: torch.Tensor) -> torch.Tensor:
            for step in steps:
                images = step(images)
            return images

        return apply

    def flip(images: torch.Tensor) -> torch.Tensor:
        return images.flip(-1) if torch.rand(1) < 0.5 else images

    transforms = types.ModuleType("torchvision.transforms")
    transforms.Compose = compose
    transforms.CenterCrop = transforms.RandomCrop = lambda size: lambda images: images
    transforms.RandomHorizontalFlip = lambda: flip
    transforms.Lambda = lambda function: function
    package = types.ModuleType("torchvision")
    package.transforms = transforms
    sys.modules |= {"torchvision": package, "torchvision.transforms": transforms}


if __name__ == "__main__":
    main()
