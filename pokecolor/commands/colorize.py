"""`pokecolor colorize`: colors sketches by instruction."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.errors import UserError

if TYPE_CHECKING:
    from PIL import Image


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    parser = commands.add_parser("colorize", help="color sketches by instruction")
    parser.add_argument(
        "sketches", nargs="+", type=Path, metavar="SKETCH", help="image files, or folders of them"
    )
    parser.add_argument("--prompt", required=True, help='"Turn it into a green creature ..."')
    parser.add_argument(
        "--out",
        type=Path,
        help="a file for one picture, or a folder; by default beside each sketch",
    )
    parser.add_argument("--seed", type=int, default=0, help="another seed, another result")
    parser.add_argument(
        "--variants", type=_positive, default=1, help="so many pictures of each, seed by seed"
    )
    parser.add_argument(
        "--steps",
        type=_positive,
        help="sampling steps; the few of the default are enough for mini, large models need 20",
    )
    look = parser.add_mutually_exclusive_group()
    look.add_argument(
        "--flat",
        dest="look",
        action="store_const",
        const="flat",
        help="one color for each region that lines close, even where more were painted",
    )
    look.add_argument(
        "--soft", dest="look", action="store_const", const="soft", help="all shades of the painting"
    )
    look.add_argument(
        "--raw", action="store_true", help="what the model painted, its own lines included"
    )
    parser.add_argument(
        "--shade", action="store_true", help="soft shade and highlights, light from the upper left"
    )
    parser.add_argument(
        "--layers",
        action="store_true",
        help="lines and colors, and shade, apart, too: a PNG each and an .ora",
    )
    parser.add_argument(
        "--model", default="mini", help="mini, or a folder such as runs/latest/pipeline"
    )
    parser.set_defaults(run=run, look="clean")


def run(options: argparse.Namespace) -> None:
    from rich.console import Console
    from rich.progress import track

    from pokecolor.colorizer import STEPS, Colorizer
    from pokecolor.commands.output_paths import output_paths
    from pokecolor.image_listing import find_images
    from pokecolor.images import load_image

    if options.raw and options.shade:
        raise UserError("--shade: not with --raw, which is the model's painting alone; drop one")
    if not options.prompt.strip():
        raise UserError("--prompt: empty; say what to turn the sketch into")
    if options.out is None and (folders := [path for path in options.sketches if path.is_dir()]):
        # beside the sketches they would be taken for sketches the next time
        raise UserError(f"{folders[0]}: a folder; name another for the results by --out")
    files = find_images(options.sketches)
    paths = output_paths(files, options.out, options.variants)
    # all are read before the model is, so that a bad one is told at once; and again in their turn,
    # so that a folder of large ones does not fill the memory
    for file in files:
        load_image(file)
    colorizer = Colorizer.from_pretrained(options.model)
    _say_what_is_understood(options.prompt)
    seeds = range(options.seed, options.seed + options.variants)
    steps = options.steps or STEPS
    console = Console(stderr=True)
    for file, targets in track(
        list(zip(files, paths, strict=True)),
        "Coloring",
        console=console,
        disable=len(files) == 1 or not console.is_terminal,
    ):
        sketch = load_image(file, keep_alpha=True)
        for coloring, target in zip(
            colorizer.paint([sketch] * len(targets), [options.prompt] * len(targets), seeds, steps),
            targets,
            strict=True,
        ):
            picture = coloring.raw if options.raw else coloring.image(options.look, options.shade)
            _save(picture, target)
            if options.layers:
                _save_layers(coloring.layers(options.look, options.shade), target)


def _say_what_is_understood(prompt: str) -> None:
    from pokecolor.instruction import read_instruction

    understood = read_instruction(prompt)
    if understood.pairs:
        print(f"understood: {understood.summary}", file=sys.stderr)
        return
    example = "a green frog with yellow eyes"
    print(f'warning: no color found in "{prompt}"; name one, such as "{example}"', file=sys.stderr)


def _save(picture: Image.Image, path: Path) -> None:
    """Write a picture in the format of the path's ending, whole or not at all, and say where."""
    partial = path.with_name(f".{path.stem}.{os.getpid()}.partial{path.suffix}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        picture.save(partial)
        partial.replace(path)
    except (ValueError, OSError) as error:  # an ending that no format has; a full disk
        reason = " ".join(str(error).split())
        raise UserError(f"{path}: cannot be written ({reason}); name a .png elsewhere") from error
    finally:
        partial.unlink(missing_ok=True)
    print(path)


def _save_layers(layers: list[tuple[str, Image.Image]], path: Path) -> None:
    from pokecolor.openraster import write_openraster

    for name, layer in layers:
        _save(layer, path.with_name(f"{path.stem}-{name}.png"))
    write_openraster(path.with_suffix(".ora"), layers)
    print(path.with_suffix(".ora"))


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return int(text)
