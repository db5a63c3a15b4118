"""Sweeps: every run has a folder named after its overrides, so the same command goes on with it.

A sweep's folder is `multirun/<name>/`, and that of a run in it is `<name of variant_folder>/`,
whenever and by whichever process it is run. `outcome.json` there says what became of it.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import logging
import math
import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock, Timeout
from hydra.core.hydra_config import HydraConfig
from hydra.types import RunMode
from omegaconf import DictConfig, OmegaConf

from pokecolor.core.atomic_files import written_whole
from pokecolor.core.changed_settings import leaves
from pokecolor.core.earlier_names import present_setting, to_present
from pokecolor.core.errors import UserError
from pokecolor.running import run_folders

log = logging.getLogger(__name__)

Task = Callable[[DictConfig], float | None]

OUTCOME = "outcome.json"
LONGEST = 80
"""Characters of the overrides that a folder's name shows."""
_UNFIT = re.compile(r"[^A-Za-z0-9_.,=+@-]+")
NO_MATTER = ("ckpt_path", "paths", "name", "resume")
"""Settings that may differ when a run goes on: they change where things lie, not what they are."""


@dataclass(frozen=True)
class Outcome:
    """The status and result of a run of a sweep."""

    status: Literal["running", "done", "failed"]
    """ "running" also where a run was killed."""
    overrides: list[str]
    """What sets it apart: "caption=clip" and so on."""
    settings: dict[str, Any]
    """Its whole configuration, interpolations as they stand."""
    optimized_metric: float | None = None
    """What the run returned."""
    seconds: float | None = None
    """Of the session that ended it."""
    error: str | None = None
    """Why it failed, in one line."""


def in_sweep() -> bool:
    """Whether this process is at a run of a sweep."""
    return HydraConfig.initialized() and HydraConfig.get().mode == RunMode.MULTIRUN


def variant_folder(overrides: str) -> str:
    """The name of a run's folder: its overrides, "caption=clip,seed=1".

    Of many, or of those that a file's name cannot hold, it shows the groups' choices and the plain
    settings alone, and a hash of all keeps it apart.
    """
    if len(overrides) <= LONGEST and not _UNFIT.search(overrides):
        return overrides or "default"
    short = ",".join(text for text in overrides.split(",") if "." not in text.partition("=")[0])
    shown = _UNFIT.sub("-", short)[:LONGEST]
    digest = hashlib.sha256(overrides.encode()).hexdigest()[:8]
    return f"{shown}-{digest}" if shown else digest


# here, so that processes that a launcher starts have it, too
OmegaConf.register_new_resolver("variant_folder", variant_folder, replace=True)


def read_outcome(run: Path) -> Outcome | None:
    """What became of a run; None where nothing has been tried, or not by a sweep."""
    path = run / OUTCOME
    if not path.exists():
        return None
    saved = json.loads(path.read_text(encoding="utf-8"))
    return Outcome(**{present_setting(key): value for key, value in saved.items()})


def list_runs(sweep: Path) -> list[tuple[str, str | None, Path]]:
    """The runs of a sweep: what tells each from those of other variants, its seed, its folder.

    Runs that differ in their seed alone have the same label, such as "caption=clip".
    """
    folders = sorted(path.parent for path in sweep.glob(f"*/{OUTCOME}"))
    chosen = [
        dict(text.partition("=")[::2] for text in read_outcome(folder).overrides)
        for folder in folders
    ]
    keys = dict.fromkeys(key for overrides in chosen for key in overrides)
    varied = [key for key in keys if len({overrides.get(key) for overrides in chosen}) > 1]
    return [
        (
            ", ".join(f"{key.lstrip('+')}={o[key]}" for key in varied if key in o and key != "seed")
            or sweep.name,
            o.get("seed"),
            folder,
        )
        for o, folder in zip(chosen, folders, strict=True)
    ]


def run_variant(
    task: Task,
    config: DictConfig,
    run: Path,
    overrides: Sequence[str],
    explain: Callable[[Exception], str | None],
) -> float | None:
    """Run a task as one of a sweep, or go on with it, unless it is done.

    It goes on from its newest whole checkpoint. Where it fails, that is noted and the sweep goes
    on; the same command tries it again.

    Args:
        task: returns the value of `optimized_metric`.
        config: of this run.
        run: its folder.
        overrides: that it was composed with.
        explain: the one line on an error that is the user's to mend; None for a fault of the code.

    Returns:
        the value of `optimized_metric`; nan where the run failed.

    Raises:
        UserError: another process is at this run, or it was begun with other settings.
        SystemExit: it failed, and other processes wait for this one.
    """
    if os.environ.get("LOCAL_RANK", "0") != "0":
        # the first process keeps the books; this one must only do as it does
        if _is_done(run):
            return _again(run, config)
        return task(_resume_config(config, _newest_checkpoint(run)))
    try:
        with FileLock(run / ".lock", timeout=0):
            if _is_done(run):
                print(f"{run.name}: done before", flush=True)
                return _again(run, config)
            return _attempt(task, config, run, list(overrides), explain)
    except Timeout:
        raise UserError(f"{run}: another process is at work there; wait for it") from None


def _is_done(run: Path) -> bool:
    outcome = read_outcome(run)
    return outcome is not None and outcome.status == "done"


def _again(run: Path, config: DictConfig) -> float | None:
    _require_same_settings(run, _settings(config))
    return read_outcome(run).optimized_metric


def _attempt(
    task: Task,
    config: DictConfig,
    run: Path,
    overrides: list[str],
    explain: Callable[[Exception], str | None],
) -> float | None:
    settings = _settings(config)
    checkpoint = _newest_checkpoint(run)
    if checkpoint is not None:
        _require_same_settings(run, settings)
    write_outcome(run, Outcome("running", overrides, settings))
    start = time.monotonic()

    def end(status: Literal["done", "failed"], **what: Any) -> None:
        seconds = time.monotonic() - start
        write_outcome(run, Outcome(status, overrides, settings, seconds=seconds, **what))

    try:
        value = task(_resume_config(config, checkpoint))
    except Exception as error:
        message = explain(error)
        if message is None:
            message = f"{type(error).__name__}: {error}".splitlines()[0]
            log.exception("%s failed", run.name)
        else:
            log.error("%s failed: %s", run.name, message)
        end("failed", error=message)
        if "LOCAL_RANK" in os.environ:
            # the others stand in the midst of this run and would be taken along into the next
            raise SystemExit(1) from error
        return math.nan
    end("done", optimized_metric=value)
    return value


def _newest_checkpoint(run: Path) -> Path | None:
    return run_folders.newest_whole(run.glob("checkpoints/*.ckpt"))


def _resume_config(config: DictConfig, checkpoint: Path | None) -> DictConfig:
    if checkpoint is not None:
        config.ckpt_path = str(checkpoint)
    return config


def _settings(config: DictConfig) -> dict[str, Any]:
    return OmegaConf.to_container(config)


def _require_same_settings(run: Path, settings: dict[str, Any]) -> None:
    before = read_outcome(run)
    if before is None:
        return
    known, now = (dict(leaves(values)) for values in (to_present(before.settings), settings))
    for key in sorted({*known, *now}):
        if key.partition(".")[0] not in NO_MATTER and known.get(key) != now.get(key):
            raise UserError(
                f"{run}: begun with {key}={known.get(key)}, now it is {now.get(key)}; delete the "
                "folder, or call the sweep something else by name=..."
            )


def write_outcome(run: Path, outcome: Outcome) -> None:
    """Say what became of a run; the file is replaced as a whole."""
    text = json.dumps(dataclasses.asdict(outcome), indent=2) + "\n"
    with written_whole(run / OUTCOME) as partial:
        partial.write_text(text, encoding="utf-8")
