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

    from pokecolor.evaluation.benchmark.color_binding import BenchmarkSet

FLOORS = "pokecolor.evaluation.benchmark.floors"
"""The module of the lower bounds."""


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
    parser.add_argument("--name", help="of the row in the table; default: that of the colorizer")
    parser.add_argument("--look", default="clean", help="of a pipeline: clean, flat or soft")
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

    name = options.name or _row_name(options.colorizer, options.look)
    if not re.fullmatch(r"[\w.+-]{1,60}", name):
        raise UserError(f"--name {name}: give letters, digits, '.', '+', '-' and '_', at most 60")
    sets = [each for each in SETS if options.icons or not each.needs_root]
    for skipped in set(SETS) - set(sets):
        print(f"{skipped.name}: skipped; name their packages by --icons", file=sys.stderr)
    root = [f"data.root={options.icons}"] if options.icons else []
    benchmark(
        options.colorizer,
        name,
        options.out,
        [(each, root if each.needs_root else []) for each in sets],
        options.look,
        options.reference,
    )


def benchmark(
    colorizer: str,
    name: str,
    out: Path,
    sets: Sequence[tuple[BenchmarkSet, Sequence[str]]],
    look: str = "clean",
    reference: str | None = None,
) -> None:
    """Measure a colorizer and both floors on each set, then print all rows that `out` has.

    Args:
        colorizer: see the command's help.
        name: of the row.
        out: gets a folder a row, in it one a set.
        sets: with further overrides each.
        look: of a pipeline.
        reference: the row that others are compared with; None for the best.

    Raises:
        UserError: `out` has results of another version, the colorizer fails, or a row of that name
            is another's.
    """
    from pokecolor.evaluation.benchmark.color_binding import require_version
    from pokecolor.evaluation.benchmark.results import RESULTS, write_results

    require_version(out)
    rows = {
        "white_paper": f"{FLOORS}:white_paper",
        "first_color": f"{FLOORS}:first_color",
        name: colorizer,
    }
    for row, of_it in rows.items():
        for each, overrides in sets:
            _measure(of_it, out / row / each.name, [*each.overrides, *overrides], look)
    text = write_results(out, [each.name for each, _ in sets], reference)
    print(f"{text}\nwritten to {out / RESULTS}")


def _measure(colorizer: str, folder: Path, overrides: Sequence[str], look: str) -> None:
    """Generate the pictures of one row and one set, as far as they are not there, and score."""
    from hydra.utils import instantiate
    from omegaconf import OmegaConf

    from pokecolor.commands.evaluate import PAINTED_AT_A_TIME, prediction_trainer
    from pokecolor.evaluation.generate import generate
    from pokecolor.evaluation.image_folder import ImageFolder
    from pokecolor.evaluation.picture_set import PictureSet
    from pokecolor.evaluation.score import score
    from pokecolor.evaluation.settings import Settings
    from pokecolor.running.overrides import compose_config, find_config_dir

    print(f"measuring {folder}", flush=True)
    own = ["pipeline=null", "clip=null", "features=null", "guidance=null", f"paths.run={folder}"]
    config = compose_config(find_config_dir(), "evaluate", [*overrides, *own])
    data = instantiate(
        config.data, cache_latents=False, cache_text=False, predict_split="test",
        eval_batch_size=PAINTED_AT_A_TIME,
    )  # fmt: skip
    settings = Settings(_colorizer(colorizer), look=look)
    test_set = PictureSet(data, settings)
    images = ImageFolder(folder / "generated")
    start = time.monotonic()
    painted = generate(settings, images, test_set, prediction_trainer(config))
    score(
        images, test_set, prediction_trainer(config), folder, start, pipeline=colorizer,
        painted=painted, command=shlex.join(["pokecolor", *sys.argv[1:]]),
        config=OmegaConf.to_yaml(config, resolve=True),
    )  # fmt: skip


def _colorizer(name: str) -> Any:
    from pokecolor.coloring.colorizer import Colorizer
    from pokecolor.evaluation.benchmark.function_colorizer import FunctionColorizer

    if ":" in name and not Path(name).exists():
        return FunctionColorizer(name)
    return Colorizer.from_pretrained(name)


def _row_name(colorizer: str, look: str) -> str:
    """ "adapters.klein:color" is "klein-color"; "runs/a/pipeline", "runs-a-pipeline"."""
    stem = colorizer.rpartition(".")[2] if ":" in colorizer else colorizer.strip("/")
    clean = re.sub(r"[^\w.+-]+", "-", stem).strip("-.")
    return clean if look == "clean" else f"{clean}-{look}"
