"""The `pokecolor` command. Exit codes: 0 when done, 2 with one line on bad input."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pokecolor.errors import UserError

if TYPE_CHECKING:
    from PIL import Image

DONE, USER_ERROR, INTERRUPTED = 0, 2, 130


def main(arguments: list[str] | None = None) -> int:
    """Run one command; `arguments` are those of the command line by default."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except Exception as error:
        from pokecolor.launch import user_message

        message = user_message(error)
        if message is None:
            raise
        print(f"pokecolor: {message}", file=sys.stderr)
        return USER_ERROR
    except KeyboardInterrupt:
        print("pokecolor: interrupted", file=sys.stderr)
        return INTERRUPTED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="pokecolor", description="Color line drawings by instruction."
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    colorize = commands.add_parser("colorize", help="color sketches by instruction")
    colorize.add_argument(
        "sketches", nargs="+", type=Path, metavar="SKETCH", help="image files, or folders of them"
    )
    colorize.add_argument("--prompt", required=True, help='"Turn it into a green creature ..."')
    colorize.add_argument(
        "--out",
        type=Path,
        help="a file for one picture, or a folder; by default beside each sketch",
    )
    colorize.add_argument("--seed", type=int, default=0, help="another seed, another result")
    colorize.add_argument(
        "--variants", type=_positive, default=1, help="so many pictures of each, seed by seed"
    )
    colorize.add_argument("--steps", type=_positive, default=20, help="more are slower, finer")
    look = colorize.add_mutually_exclusive_group()
    look.add_argument(
        "--flat", action="store_true", help="one clean color for each region that lines close"
    )
    look.add_argument(
        "--raw", action="store_true", help="what the model painted, its own lines included"
    )
    colorize.add_argument(
        "--layers", action="store_true", help="lines and colors apart, too: two PNG and an .ora"
    )
    colorize.add_argument(
        "--model", default="mini", help="mini, or a folder such as runs/latest/pipeline"
    )
    colorize.set_defaults(run=_colorize)

    export = commands.add_parser("export", help="turn a checkpoint into a pipeline")
    export.add_argument("checkpoint", type=Path, metavar="CKPT")
    export.add_argument("--out", type=Path, help="by default pipeline/ in the checkpoint's run")
    export.set_defaults(run=_export)

    prepare = commands.add_parser("prepare", help="render a data set to shards ahead of training")
    prepare.add_argument("overrides", nargs="*", help="as for train.py, such as data=openmoji")
    prepare.set_defaults(run=_prepare)

    doctor = commands.add_parser("doctor", help="say what this machine can do")
    doctor.set_defaults(run=_doctor)
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"{text} is not a whole number above 0")
    return int(text)


def _colorize(options: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.progress import track

    from pokecolor.colorizer import Colorizer, output_paths
    from pokecolor.images import find_images, load_image

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
    seeds = range(options.seed, options.seed + options.variants)
    console = Console(stderr=True)
    for file, targets in track(
        list(zip(files, paths, strict=True)),
        "Coloring",
        console=console,
        disable=len(files) == 1 or not console.is_terminal,
    ):
        sketch = load_image(file, keep_alpha=True)
        for coloring, target in zip(
            colorizer.paint(
                [sketch] * len(targets), [options.prompt] * len(targets), seeds, options.steps
            ),
            targets,
            strict=True,
        ):
            picture = coloring.raw if options.raw else coloring.image(options.flat)
            _save(picture, target)
            if options.layers:
                _save_layers(coloring.layers(options.flat), target)
    return DONE


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


def _export(options: argparse.Namespace) -> int:
    from hydra.utils import instantiate
    from omegaconf import OmegaConf

    from pokecolor.diffusion.card import ModelCard
    from pokecolor.diffusion.checkpoint_io import AtomicCheckpointIO
    from pokecolor.diffusion.export import export_pipeline

    checkpoint = AtomicCheckpointIO().load_checkpoint(options.checkpoint)
    run = options.checkpoint.absolute().parent.parent
    settings = run / ".hydra" / "config.yaml"
    if not settings.is_file():
        raise UserError(f"{settings}: missing; the checkpoint must lie in its run's checkpoints/")
    config = OmegaConf.load(settings)
    module = instantiate(config.model)
    module.on_load_checkpoint(checkpoint)
    module.load_state_dict(checkpoint["state_dict"], strict=False)  # what is frozen is not in it
    data = instantiate(config.data)
    card = ModelCard(
        origin=module.components.origin,
        data=data.source.name if data.source else data.folder.location,
        recipe={
            "optimizer steps": checkpoint["global_step"],
            "samples seen": checkpoint["samples_seen"],
            "seed": config.seed,
        },
    )
    print(export_pipeline(module, options.out or run / "pipeline", card))
    return DONE


def _prepare(options: argparse.Namespace) -> int:
    from hydra.utils import instantiate

    from pokecolor.overrides import compose_config

    config = compose_config(_config_dir(), "train", options.overrides).data
    # what models make of the images is for training to prepare, which has the model
    data = instantiate(config, cache_latents=False, cache_text=False)
    if data.source is None:
        raise UserError(f"{data.folder.location}: these are shards already; nothing to prepare")
    data.prepare_data()
    print(data.folder.location)
    return DONE


def _config_dir() -> Path:
    """The `conf` folder of the checkout: the current folder's, or the one beside the package."""
    for root in (Path.cwd(), Path(__file__).resolve().parent.parent):
        if (root / "conf" / "train.yaml").is_file():
            return root / "conf"
    raise UserError(f"{Path.cwd()}: no conf/train.yaml; run this in a checkout of pokecolor")


def _doctor(options: argparse.Namespace) -> int:
    from pokecolor.doctor import examine

    failed = False
    for finding in examine(Path(".cache"), Path("runs")):
        print(f"{finding.level:<5} {finding.subject:<13} {finding.detail}")
        failed |= finding.level == "fail"
    return USER_ERROR if failed else DONE


if __name__ == "__main__":
    sys.exit(main())
