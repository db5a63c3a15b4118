"""`pokecolor benchmark`: measures color binding on line art, of any program."""

from __future__ import annotations

import argparse
import re
import shlex
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omegaconf import DictConfig

    from pokecolor.evaluation.benchmark.color_binding import BenchmarkSet

FLOORS = {
    name: f"pokecolor.evaluation.benchmark.floors:{name}" for name in ("white_paper", "first_color")
}
"""The lower bounds: functions by the names of their rows."""


def add_to(commands: argparse._SubParsersAction) -> None:
    """Declare the command."""
    parser = commands.add_parser(
        "benchmark", help="measure color binding: does each named part get its color?"
    )
    parser.add_argument(
        "--colorizer", default="mini", metavar="WHAT",
        help="a function module:function(sketch, prompt, seed) that returns a picture, or a "
        "pipeline: mini, a folder, a single file or a hub id (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--inputs", type=Path, metavar="FOLDER",
        help="only write sketches, masks, prompts and seeds to it, for a program of another kind",
    )  # fmt: skip
    parser.add_argument(
        "--images", type=Path, metavar="FOLDER",
        help="in place of a colorizer, the pictures that such a program made: <set>/<id>.png and, "
        "of swapped prompts, <set>/swapped/<id>.png",
    )  # fmt: skip
    parser.add_argument("--name", help="of the row in the table; default: that of the colorizer")
    parser.add_argument(
        "--look", choices=("clean", "flat", "soft"), default="clean",
        help="of a pipeline (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument(
        "--icons", type=Path, metavar="FOLDER",
        help="packages of data=icons; without them the icons are skipped",
    )  # fmt: skip
    parser.add_argument(
        "--out", type=Path, default=Path("benchmark"),
        help="the folder of all rows; the same command goes on where it was (default: %(default)s)",
    )  # fmt: skip
    parser.add_argument("--reference", metavar="NAME", help="the row that others are compared with")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> None:
    from pokecolor.evaluation.benchmark.color_binding import SETS

    if options.images and not options.images.is_dir():
        raise UserError(f"--images {options.images}: no such folder")
    if options.look != "clean" and (options.images or _is_function(options.colorizer)):
        raise UserError(f"--look {options.look}: for pipelines alone; leave it out")
    name = options.name or (
        _row_name(options.images.resolve().name, "clean")
        if options.images
        else _row_name(options.colorizer, options.look)
    )
    if not re.fullmatch(r"[\w.+-]{1,60}", name):
        raise UserError(f"--name {name}: give letters, digits, '.', '+', '-' and '_', at most 60")
    sets = [each for each in SETS if options.icons or not each.needs_root]
    for skipped in set(SETS) - set(sets):
        print(f"{skipped.name}: skipped; name their packages by --icons", file=sys.stderr)
    root = [f"data.root={options.icons}"] if options.icons else []
    chosen = [(each, root if each.needs_root else []) for each in sets]
    if options.inputs:
        return write_input_folders(options.inputs, chosen)
    benchmark(
        options.images or options.colorizer,
        name,
        options.out,
        chosen,
        options.look,
        options.reference,
    )


def write_input_folders(folder: Path, sets: Sequence[tuple[BenchmarkSet, Sequence[str]]]) -> None:
    """Write the drawings of each set to a folder of its name; see `benchmark.inputs`."""
    from pokecolor.evaluation.benchmark import inputs

    for each, overrides in sets:
        data = _data(_config([*each.overrides, *overrides]))
        data.prepare_data()
        count = inputs.write_inputs(folder / each.name, data.triplets("test"))
        print(f"{folder / each.name}: {count} sketches, masks and prompts")


def benchmark(
    colorizer: str | Path,
    name: str,
    out: Path,
    sets: Sequence[tuple[BenchmarkSet, Sequence[str]]],
    look: str = "clean",
    reference: str | None = None,
) -> None:
    """Measure a colorizer and both floors on each set, then print all rows that `out` has.

    Args:
        colorizer: see the command's help; a path is a folder of pictures, in it one a set.
        name: of the row.
        out: gets a folder a row, in it one a set.
        sets: with further overrides each.
        look: of a pipeline.
        reference: the row that others are compared with; None for the best.

    Raises:
        UserError: the name is that of a lower bound, there is no such reference, colorizer or
            folder of pictures, `out` has results of another version, or the colorizer fails.
    """
    from pokecolor.evaluation.benchmark.color_binding import require_version
    from pokecolor.evaluation.benchmark.results import RESULTS, find_rows, write_results

    if colorizer != FLOORS.get(name, colorizer):
        raise UserError(f"--name {name}: is that of a lower bound; choose another")
    known = {*FLOORS, name, *find_rows(out)}
    if reference is not None and reference not in known:
        raise UserError(f"--reference {reference}: choose from {', '.join(sorted(known))}")
    if isinstance(colorizer, Path):
        for each, _ in sets:
            if not (pictures := colorizer / each.name).is_dir():
                raise UserError(f"--images: no folder {pictures}; it has the pictures of one set")
    rows = {**FLOORS, name: colorizer}
    # each is read once, and what cannot be is told before anything is measured
    programs = {row: _program(of_it) for row, of_it in rows.items()}
    require_version(out)
    for row, program in programs.items():
        for each, overrides in sets:
            given = program / each.name if isinstance(program, Path) else program
            settings = [*each.overrides, *overrides]
            _measure(given, str(rows[row]), out / row / each.name, settings, look)
    text = write_results(out, [each.name for each, _ in sets], reference)
    print(f"{text}\nwritten to {out / RESULTS}")


def _config(overrides: Sequence[str]) -> DictConfig:
    from pokecolor.running.overrides import compose_config, find_config_dir

    own = ["pipeline=null", "clip=null", "features=null", "guidance=null"]
    return compose_config(find_config_dir(), "evaluate", [*overrides, *own])


def _data(config: DictConfig) -> Any:
    from hydra.utils import instantiate

    from pokecolor.commands.evaluate import PAINTED_AT_A_TIME

    return instantiate(
        config.data, cache_latents=False, cache_text=False, predict_split="test",
        eval_batch_size=PAINTED_AT_A_TIME,
    )  # fmt: skip


def _measure(program: Any, label: str, folder: Path, overrides: Sequence[str], look: str) -> None:
    """Generate the pictures of one row and one set, as far as they are not there, and score.

    Args:
        program: a colorizer, or the folder of the set's pictures.
        label: names it in the report.
        folder: of the report.
        overrides: that give the data.
        look: of a pipeline.
    """
    from omegaconf import OmegaConf

    from pokecolor.commands.evaluate import prediction_trainer
    from pokecolor.evaluation.generate import generate
    from pokecolor.evaluation.image_folder import ImageFolder
    from pokecolor.evaluation.picture_set import PictureSet
    from pokecolor.evaluation.reports.saved_report import load_report
    from pokecolor.evaluation.score import score
    from pokecolor.evaluation.settings import Settings

    print(f"measuring {folder}", flush=True)
    config = _config([*overrides, f"paths.run={folder}"])
    given = isinstance(program, Path)
    settings = Settings(None if given else program, look=look)
    test_set = PictureSet(_data(config), settings)
    images = ImageFolder(program if given else folder / "generated")
    start = time.monotonic()
    painted = 0 if given else generate(settings, images, test_set, prediction_trainer(config))
    score(
        images, test_set, prediction_trainer(config), folder, start, pipeline=label,
        painted=painted, command=shlex.join(["pokecolor", *sys.argv[1:]]),
        config=OmegaConf.to_yaml(config, resolve=True),
    )  # fmt: skip
    setting = load_report(folder).setting
    if setting.failed:
        print(f"{folder}: {setting.failures} {setting.missing_in_words}".strip(), flush=True)


def _is_function(name: str) -> bool:
    """Whether it is "module:function", and no path with a colon."""
    return ":" in name and not Path(name).exists()


def _program(name: str | Path) -> Any:
    """A colorizer; a folder of pictures as it is."""
    from pokecolor.coloring.colorizer import Colorizer
    from pokecolor.evaluation.benchmark.function_colorizer import FunctionColorizer

    if isinstance(name, Path):
        return name
    if _is_function(name):
        return FunctionColorizer(name)
    return Colorizer.from_pretrained(name)


def _row_name(colorizer: str, look: str) -> str:
    """ "adapters.klein:color" is "klein-color"; "runs/a/pipeline", "runs-a-pipeline"."""
    stem = colorizer.rpartition(".")[2] if ":" in colorizer else colorizer.strip("/")
    clean = re.sub(r"[^\w.+-]+", "-", stem).strip("-.")
    return clean if look == "clean" else f"{clean}-{look}"
