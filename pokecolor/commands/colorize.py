"""`pokecolor colorize`: colors sketches by instruction."""

from __future__ import annotations

import argparse
import contextlib
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pokecolor.commands.coloring_request import (
    choose_seeds,
    require_sense,
    say_what_is_understood,
)
from pokecolor.core.errors import UserError
from pokecolor.core.file_names import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from pokecolor.commands.sketch_files import SketchReader


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    parser = commands.add_parser("colorize", help="color sketches as an instruction says")
    parser.add_argument(
        "sketches",
        nargs="+",
        metavar="SKETCH",
        help="image files, or folders of them; - is standard input",
    )
    parser.add_argument(
        "--prompt", required=True, help='the instruction, such as "Turn it into a green creature"'
    )
    parser.add_argument(
        "--out",
        help="a file for one picture, a folder, or - for standard output; by default beside "
        "each sketch",
    )
    parser.add_argument("--seed", type=int, default=0, help="seed of the noise; -1: a random seed")
    parser.add_argument(
        "--variants",
        type=_positive,
        default=1,
        help="number of results per sketch, with consecutive seeds",
    )
    parser.add_argument(
        "--steps",
        type=_positive,
        help="sampling steps (default: stored with the model, like both guidance scales)",
    )
    parser.add_argument(
        "--guidance", type=_scale, metavar="SCALE", help="weight of the prompt, 1 or more"
    )
    parser.add_argument(
        "--image-guidance", type=_scale, metavar="SCALE", help="weight of the sketch, 1 or more"
    )
    look = parser.add_mutually_exclusive_group()
    look.add_argument(
        "--flat",
        dest="look",
        action="store_const",
        const="flat",
        help="one color for each region that lines enclose",
    )
    look.add_argument(
        "--soft",
        dest="look",
        action="store_const",
        const="soft",
        help="keep all shades of the model's output",
    )
    look.add_argument(
        "--raw", action="store_true", help="the model's output as it is, with its own lines"
    )
    parser.add_argument(
        "--shade",
        action="store_true",
        help="add soft shading and highlights, with light from the upper left",
    )
    parser.add_argument(
        "--layers",
        action="store_true",
        help="also write lines, colors and shading as separate layers: a PNG each, and an .ora",
    )
    parser.add_argument(
        "--negative-prompt", default="", help="what the result should not look like"
    )
    parser.add_argument(
        "--model",
        default="mini",
        help="mini, or a pipeline: a folder, a single file, or an id on the Hugging Face hub",
    )
    parser.add_argument(
        "--lora",
        metavar="FILE",
        help="LoRA weights to add to the model, a .safetensors file of any trainer",
    )
    parser.add_argument("--device", help="cuda, mps or cpu (default: the fastest available)")
    parser.set_defaults(run=run, look="clean")


def run(options: argparse.Namespace) -> None:
    from pokecolor.commands.output_paths import output_paths, require_writable
    from pokecolor.commands.sketch_files import SketchReader, find_sketches

    require_sense(options)
    seeds = choose_seeds(options.seed, options.variants)
    files = find_sketches(options.sketches)
    paths = output_paths(files, options.out, options.variants)
    targets = [path for of_sketch in paths for path in of_sketch]
    if options.layers:
        targets += [path for target in targets for path in _layer_paths(target, options.shade)]
    require_writable(files, targets)
    # all sketches are read before the model, so that a bad one is reported at once, and again in
    # their turn, so that many large ones do not fill the memory
    sketches = SketchReader()
    for file in files:
        sketches.read(file)
    output = _standard_output(targets)
    # otherwise output of libraries would end up in the picture
    with contextlib.redirect_stdout(sys.stderr) if output else contextlib.nullcontext():
        _color(options, files, paths, seeds, sketches, output)


def _color(
    options: argparse.Namespace,
    files: Sequence[Path],
    paths: Sequence[Sequence[Path]],
    seeds: Sequence[int],
    sketches: SketchReader,
    output: BinaryIO | None,
) -> None:
    """Color and save the sketches one by one."""
    from rich.console import Console
    from rich.progress import track

    from pokecolor.coloring.colorizer import Colorizer
    from pokecolor.commands.picture_files import save_picture

    colorizer = Colorizer.from_pretrained(options.model, options.device, options.lora)
    say_what_is_understood(options.prompt)
    console = Console(stderr=True)
    failed: list[str] = []
    for file, targets in track(
        list(zip(files, paths, strict=True)),
        "Coloring",
        console=console,
        disable=len(files) == 1 or not console.is_terminal,
    ):
        sketch = sketches.read(file)
        prompts = [options.prompt] * len(targets)
        colorings = colorizer.paint(
            [sketch] * len(targets),
            prompts,
            seeds,
            options.steps,
            options.guidance,
            options.image_guidance,
            negative_prompt=options.negative_prompt,
        )
        if colorings[0].in_color:
            print(
                f"{printable(file)}: is in color already; its lines are kept and colored anew",
                file=sys.stderr,
            )
        if fault := next((coloring.fault for coloring in colorings if coloring.fault), None):
            failed.append(f"{file}: {fault}")  # none of its variants, and on with the others
            continue
        for coloring, target in zip(colorings, targets, strict=True):
            picture = coloring.raw if options.raw else coloring.image(options.look, options.shade)
            save_picture(picture, target, output)
            if options.layers:
                _save_layers(coloring.layers(options.look, options.shade), target)
    if failed:
        count = f"{len(failed)} of {len(files)} sketches are not colored, such as "
        raise UserError(f"{count if len(files) > 1 else ''}{failed[0]}")


def _standard_output(targets: Sequence[Path]) -> BinaryIO | None:
    """Standard output, if a picture is written to it; else None.

    Raises:
        UserError: standard output is a terminal.
    """
    from pokecolor.commands.sketch_files import STANDARD

    if STANDARD not in targets:
        return None
    if sys.stdout.isatty():
        raise UserError("--out -: standard output is a terminal; add > picture.png")
    return sys.stdout.buffer


def _layer_paths(target: Path, shade: bool) -> list[Path]:
    """The files of a picture's layers: a PNG each, and an OpenRaster file of all.

    Raises:
        UserError: the picture is not written to a file.
    """
    from pokecolor.commands.picture_files import is_device
    from pokecolor.commands.sketch_files import STANDARD

    if target == STANDARD or is_device(target):
        raise UserError("--layers: several files; name one of them, or a folder, by --out")
    names = ("lines", *(("highlights", "shade") if shade else ()), "colors")
    return [_layer_path(target, name) for name in names] + [target.with_suffix(".ora")]


def _layer_path(target: Path, name: str) -> Path:
    return target.with_name(f"{target.stem}-{name}.png")


def _save_layers(layers: list[tuple[str, Image.Image]], target: Path) -> None:
    from pokecolor.coloring.openraster import write_openraster
    from pokecolor.commands.picture_files import save_picture, telling
    from pokecolor.core.atomic_files import written_whole

    for name, layer in layers:
        save_picture(layer, _layer_path(target, name), None)
    path = target.with_suffix(".ora")
    with telling(path), written_whole(path) as partial:
        write_openraster(partial, layers)
    print(printable(path))


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return int(text)


def _scale(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 1 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text} is not a number, 1 or more")
    return value
