"""Runs a root script: composes its configuration, and turns errors into exit codes."""

from __future__ import annotations

import functools
import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import hydra
from hydra._internal.utils import get_args_parser
from hydra.core.hydra_config import HydraConfig
from omegaconf import DictConfig

from pokecolor.core.errors import UserError
from pokecolor.core.file_names import let_any_name_be_printed
from pokecolor.core.library_logging import quiet_lightning
from pokecolor.running.command_line import readable
from pokecolor.running.override_values import check_values, require_present_names
from pokecolor.running.overrides import COMPOSITION_ERRORS, explain, say_where
from pokecolor.running.program_name import command_words, program_name
from pokecolor.running.run_folders import discard_unused
from pokecolor.running.stop_signals import stop_signal
from pokecolor.running.sweeps import Task, in_sweep, run_variant
from pokecolor.running.user_message import user_message

if TYPE_CHECKING:
    import lightning

USER_ERROR = 2


def launch(
    task: Task, config_dir: Path, config_name: str, keeps_what_is_done: bool = False
) -> None:
    """Compose the configuration from the command line, run `task` on it, and exit.

    In a sweep each run resumes in its own folder; see `pokecolor.running.sweeps`.

    The exit code is 0 on success, 2 for a `UserError`, with one line, 130 after Ctrl-C, and 143
    after SIGTERM. Other exceptions are bugs: they print a traceback and exit with 1.

    Args:
        task: what to run.
        config_dir: the absolute path of the folder of configs.
        config_name: the main config.
        keeps_what_is_done: whether the same command continues after an interruption; otherwise
            it needs `ckpt_path=latest`.
    """
    let_any_name_be_printed()
    # Hydra would print several lines for an error, and exit with 1
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")
    run = hydra.main(version_base="1.3", config_path=str(config_dir), config_name=config_name)
    sweeps = any(word in ("-m", "--multirun") for word in sys.argv)
    try:
        # also for child processes
        sys.argv[1:] = readable(sys.argv[1:], config_dir, config_name, sweeps)
        run(_reporting(task, keeps_what_is_done))()
    except Exception as error:
        message = user_message(error)
        if message is None and isinstance(error, COMPOSITION_ERRORS):
            words = get_args_parser().parse_args()
            own = Path(words.config_dir) if words.config_dir else None
            message = explain(error, config_dir, config_name, words.overrides, own)
        if message is None:
            raise
        _exit(USER_ERROR, message)
    except (KeyboardInterrupt, SystemExit) as stop:
        signal = stop_signal(stop)
        if signal is None:
            raise
        _exit(*signal)


def build_trainer(settings: DictConfig, **parts: object) -> lightning.Trainer:
    """Build the trainer with these settings and the given callbacks and loggers.

    Raises:
        UserError: Lightning refuses the settings, or the precision is not supported.
    """
    from hydra.utils import instantiate

    precision = str(settings.get("precision"))
    if precision.endswith("-true") and precision != "32-true":
        raise UserError(
            f"trainer.precision={precision}: weights are kept in float32; choose 32-true, "
            "bf16-mixed or 16-mixed"
        )
    # Lightning accepts any values of these two, and fails, or ascends, during training
    for name, least in (("accumulate_grad_batches", 1), ("gradient_clip_val", 0)):
        value = settings.get(name)
        if value is not None and not value >= least:  # NaN, too
            raise UserError(f"trainer.{name}={value}: give {least} or more")
    if settings.get("val_check_interval") == 0:
        raise UserError("trainer.val_check_interval=0: give a number of steps, 1 or more")
    quiet_lightning()
    try:
        return instantiate(settings, _partial_=True)(**parts)
    except (TypeError, ValueError) as error:
        raise UserError(f"trainer: {' '.join(str(error).split())}") from error


def _reporting(task: Task, keeps_what_is_done: bool) -> Task:
    """Wrap `task` so that errors are reported, in a single run or in a sweep.

    A `UserError` ends a single run at once and removes its empty folder. Hydra would print a line
    of its own before passing the exception on.
    """

    @functools.wraps(task)
    def report(config: DictConfig) -> float | None:
        settings = HydraConfig.get()
        try:
            check_values(settings.job.config_name, list(settings.overrides.task))
            require_present_names(config)
            if not in_sweep() or settings.job.num == 0:
                say_where(config)
            if in_sweep():
                run = Path(settings.runtime.output_dir)
                return run_variant(task, config, run, settings.overrides.task, user_message)
            return task(config)
        except Exception as error:
            message = user_message(error)
            if message is None or in_sweep():
                raise
            discard_unused(settings.runtime.output_dir)
            _exit(USER_ERROR, message)
        except (KeyboardInterrupt, SystemExit) as stop:
            signal = stop_signal(stop)
            if signal is None:
                raise
            _stop(*signal, keeps_what_is_done or in_sweep())

    return report


def _stop(code: int, what: str, keeps_what_is_done: bool) -> NoReturn:
    """Exit after a signal; the first process of a run prints how to continue."""
    if os.environ.get("LOCAL_RANK", "0") != "0":
        sys.exit(code)
    if keeps_what_is_done:
        _exit(code, f"{what}; the same command goes on where it was")
    words = [word for word in sys.argv[1:] if not word.startswith("ckpt_path=")]
    run = Path(HydraConfig.get().runtime.output_dir)
    # a resumed run has at least the checkpoint that it started from
    if words == sys.argv[1:] and not any((run / "checkpoints").glob("*.ckpt")):
        _exit(code, f"{what} before the first checkpoint")
    again = shlex.join([*command_words(), *words, "ckpt_path=latest"])
    _exit(code, f"{what}; to go on: {again}")


def _exit(code: int, message: str) -> NoReturn:
    print(f"{program_name()}: {message}", file=sys.stderr)
    sys.exit(code)
