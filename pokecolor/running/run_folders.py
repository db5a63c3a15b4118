"""Run folders: where a run writes, which run is the latest, and which checkpoint to go on from.

A run folder is `<runs>/<time>-<name>/`, its time as 2026-01-31_23-59-59. Checkpoints lie in its
`checkpoints/`.
"""

from __future__ import annotations

import itertools
import logging
import os
import shutil
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from pokecolor.core import links
from pokecolor.core.atomic_files import remove_left
from pokecolor.core.errors import UserError
from pokecolor.core.training.archive import find_damage

log = logging.getLogger(__name__)

_TIME_FORMAT, _TIME_LENGTH = "%Y-%m-%d_%H-%M-%S", len("2026-01-31_23-59-59")
_TIME = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]_[0-9][0-9]-[0-9][0-9]-[0-9][0-9]"


def claim_folder(folder: Path) -> Path:
    """Make the folder of a run that no other has: of this time, or of the next second that is free.

    Where it has no time in its name, or cannot be made, it is returned as it is.
    """
    try:
        start = datetime.strptime(folder.name[:_TIME_LENGTH], _TIME_FORMAT)
        folder.parent.mkdir(parents=True, exist_ok=True)
    except (ValueError, OSError):
        return folder
    rest = folder.name[_TIME_LENGTH:]
    for seconds in itertools.count():
        time = start + timedelta(seconds=seconds)
        free = folder.with_name(time.strftime(_TIME_FORMAT) + rest)
        try:
            free.mkdir()  # fails where another process has just made it
        except FileExistsError:
            continue
        except OSError:
            break
        return free
    return folder


def find_checkpoint(ckpt_path: str | None, runs: str | Path, name: str) -> str | None:
    """The checkpoint that `ckpt_path` stands for.

    Args:
        ckpt_path: None for no checkpoint, a file's path, or "latest" for the newest whole
            checkpoint of all runs called `name`.
        runs: the folder of run folders.
        name: the run's name. Other names are other models, whose weights would not fit.

    Raises:
        UserError: there is no such checkpoint, or it is damaged.
    """
    if ckpt_path is None:
        return None
    if ckpt_path != "latest":
        if not Path(ckpt_path).exists():
            raise UserError(f"ckpt_path={ckpt_path}: no such file; give a checkpoint's path")
        # here, too, for strategies that read their checkpoints by themselves
        if damage := find_damage(Path(ckpt_path)):
            raise UserError(
                f"ckpt_path={ckpt_path}: not a whole checkpoint ({damage}); try ckpt_path=latest"
            )
        return ckpt_path
    folders = list(Path(runs).glob(f"{_TIME}-{name}/checkpoints"))
    for folder in folders:
        remove_left(folder)
    newest = newest_whole(path for folder in folders for path in folder.glob("*.ckpt"))
    if newest is not None:
        return str(newest)
    raise UserError(
        f"ckpt_path=latest: no whole checkpoint of a run named {name} in {runs}/; "
        "start without ckpt_path, or give a checkpoint's path"
    )


def newest_whole(checkpoints: Iterable[Path]) -> Path | None:
    """The newest checkpoint that is as it was written; None if there is none.

    What is newer and is not is told in one line.
    """
    # last.ckpt and what it points at are one; what it pointed at may be gone
    links_first = sorted(checkpoints, key=lambda path: not path.is_symlink())
    files = {path.resolve(): path for path in links_first if path.exists()}
    damaged = []
    for path in sorted(files.values(), key=lambda path: path.stat().st_mtime_ns, reverse=True):
        if (damage := find_damage(path)) is None:
            if damaged:
                log.warning("%s; going on from the last whole one, %s", "; ".join(damaged), path)
            return path
        damaged.append(f"{path} is damaged ({damage})")
    if damaged:
        log.warning("%s; none is whole", "; ".join(damaged))
    return None


PIPELINE = "model_index.json"
"""The file that makes a folder a pipeline."""


def find_pipelines(wanted: str | Sequence[str], runs: str | Path) -> list[str]:
    """The pipelines that `pipeline=...` stands for, each a folder, a single file, or "mini".

    Args:
        wanted: one or several of: "latest", the pipeline of the newest run that has one, or mini
            where none has; "mini"; the folder of a pipeline, of a run, or of a sweep's runs; a
            file, whatever it holds.
        runs: the folder of run folders.

    Raises:
        UserError: there is no pipeline in one of them.
    """
    found: list[str] = []
    for name in [wanted] if isinstance(wanted, str) else wanted:
        if name == "latest":
            trained = sorted(Path(runs).glob(f"{_TIME}-*/pipeline/{PIPELINE}"))
            inside = [str(path.parent) for path in trained[-1:]] or ["mini"]
        elif name == "mini" or Path(name).is_file():
            inside = [name]
        else:
            folder = Path(name)
            places = ([folder], [folder / "pipeline"], sorted(folder.glob("*/pipeline")))
            inside = next(
                (
                    [str(place) for place in of_kind if (place / PIPELINE).is_file()]
                    for of_kind in places
                    if any((place / PIPELINE).is_file() for place in of_kind)
                ),
                [],
            )
        if not inside:
            raise UserError(
                f"pipeline={name}: no pipeline there; name a pipeline/, a run, a sweep, a single "
                "file of weights, or mini"
            )
        found += [place for place in inside if place not in found]
    return found


def report_folder(measured: str | None, runs: str | Path, name: str) -> Path:
    """Where the report on a checkpoint or a pipeline goes.

    That is into its run. Others may lie beside a pipeline that is not called `pipeline` and a file
    that is in no `checkpoints`: theirs goes into the pipeline, or into a folder of the file's name.

    Args:
        measured: a file, or the folder of a pipeline.
        runs: the folder of run folders.
        name: that of the folder there that counts as the run of weights that come with pokecolor.
    """
    path = Path(measured or "")
    if measured and path.is_file():
        in_run = path.parent.name == "checkpoints"
        return (path.parent.parent if in_run else path.with_suffix("")) / "report"
    if measured and path.is_dir():
        folder = path.resolve()
        return (folder.parent if folder.name == "pipeline" else folder) / "report"
    return Path(runs) / name / "report"


def comparison_folder(compared: str | Sequence[str]) -> Path:
    """Where the comparison of a sweep's runs goes: into the sweep; that of others into reports/."""
    if isinstance(compared, str):
        compared = [compared]
    if len(compared) == 1 and Path(compared[0]).is_dir():
        return Path(compared[0]) / "comparison"
    return Path("reports") / "comparison"


def link_latest(run: str | Path, runs: str | Path) -> None:
    """Point `<runs>/latest` at `run`, or say where the run is if there can be no link."""
    run, link = Path(run).absolute(), Path(runs).absolute() / "latest"
    link.parent.mkdir(parents=True, exist_ok=True)
    if not links.point(link, run):
        log.warning("%s: this system makes no links; the newest run is %s", link, run)


def discard_unused(run: str | Path) -> None:
    """Remove the folder of a run that failed before it wrote anything but its settings and log."""
    run = Path(run)
    if not (run / ".hydra").is_dir():
        return  # another process of the run has done so
    left = [path for path in run.iterdir() if path.name != ".hydra" and path.suffix != ".log"]
    if not left:
        shutil.rmtree(run, ignore_errors=True)


def print_outputs(run: str | Path) -> None:
    """Print where a run has left what it made."""
    run = Path(run)
    grids = sorted((run / "samples").glob("*.png"), key=lambda path: path.stat().st_mtime_ns)
    outputs = {
        "newest grid": grids[-1] if grids else None,
        "metrics": run / "metrics.csv",
        "checkpoints": run / "checkpoints",
        "pipeline": run / "pipeline",
    }
    for what, path in outputs.items():
        if path is not None and path.exists():
            print(f"{what + ':':<13}{os.path.relpath(path)}")
