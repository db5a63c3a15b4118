"""Runs a root script: composes its configuration, and turns errors into exit codes."""

from __future__ import annotations

import errno
import functools
import os
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import InstantiationException
from omegaconf import DictConfig
from omegaconf.errors import MissingMandatoryValue

from pokecolor.command_line import readable
from pokecolor.errors import UserError
from pokecolor.images import ImageError
from pokecolor.overrides import COMPOSITION_ERRORS, check_values, explain
from pokecolor.quiet import quiet_lightning
from pokecolor.runs import discard_unused
from pokecolor.sweeps import Task, in_sweep, run_arm

if TYPE_CHECKING:
    import lightning

USER_ERROR = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells report it
TERMINATED = 143  # 128 + SIGTERM


def launch(
    task: Task, config_dir: Path, config_name: str, keeps_what_is_done: bool = False
) -> None:
    """Compose the configuration from the command line, run `task` on it, and exit.

    In a sweep each run has a folder that it goes on in; see `pokecolor.sweeps`.

    The exit code is 0 when done, 2 with one line for a user's mistake, 130 after Ctrl-C, 143 after
    SIGTERM. Other exceptions are faults of this project: they keep their traceback, and exit 1.

    Args:
        task: what to run.
        config_dir: the absolute path of the folder of configs.
        config_name: the main config.
        keeps_what_is_done: whether the same command goes on after it was stopped; otherwise it does
            with `ckpt_path=latest`.
    """
    # Hydra would print its own errors, several lines each, and exit 1
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")
    run = hydra.main(version_base="1.3", config_path=str(config_dir), config_name=config_name)
    sweeps = any(word in ("-m", "--multirun") for word in sys.argv)
    try:
        # also for the processes that this one starts
        sys.argv[1:] = readable(sys.argv[1:], config_dir, config_name, sweeps)
        run(_reporting(task, keeps_what_is_done))()
    except Exception as error:
        message = user_message(error)
        if message is None and isinstance(error, COMPOSITION_ERRORS):
            overrides = [word for word in sys.argv[1:] if not word.startswith("-")]
            message = explain(error, config_dir, config_name, overrides)
        if message is None:
            raise
        _exit(USER_ERROR, message)
    except (KeyboardInterrupt, SystemExit) as stop:
        signal = _signal(stop)
        if signal is None:
            raise
        _exit(*signal)


def user_message(error: BaseException) -> str | None:
    """The one line that tells a user's mistake, or None where the mistake is not the user's."""
    for cause in _causes(error):
        if isinstance(cause, UserError | ImageError):
            return str(cause)
        if isinstance(cause, MissingMandatoryValue):
            # data.caption refers to it
            key = cause.full_key.replace("data.caption.", "caption.")
            return f"{key} is needed: add {key}=..."
        # by name: importing it takes seconds that a mistyped override should not cost
        if type(cause).__name__ == "MisconfigurationException":
            return " ".join(str(cause).split())
        if _is_out_of_memory(cause):
            reason = str(cause).strip().partition("\n")[0][:160] or type(cause).__name__
            return (
                f"out of memory ({reason}); lower data.batch_size or data.source.size, set "
                "model.acceleration.gradient_checkpointing=true, or use a smaller model"
            )
        if isinstance(cause, OSError) and cause.errno in _OF_THE_MACHINE:
            return f"{cause.filename or 'the disk'}: {cause.strerror}"
        if isinstance(cause, ModuleNotFoundError) and not (cause.name or "").startswith(
            "pokecolor"
        ):
            needed = f"pip install {cause.name}, or " if cause.name else "install it, or "
            return f"{' '.join(str(cause).split())}: {needed}do without what needs it"
        if type(cause).__module__.startswith("wandb.errors"):
            return f"wandb: {cause} Or keep the log here: logger=wandb_offline"
        if isinstance(cause, TypeError) and "unexpected keyword argument" in str(cause):
            if isinstance(error, InstantiationException):
                return f"{_config_key(error)}: {cause}"
    return None


_OF_THE_MACHINE = (
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOTDIR,
    errno.ENOSPC,
    errno.EDQUOT,
)
"""Numbers of `OSError` that no code can help: what may not be written, and full disks."""


def build_trainer(settings: DictConfig, **parts: object) -> lightning.Trainer:
    """The trainer of these settings, with parts that are built: callbacks, loggers.

    Raises:
        UserError: Lightning refuses the settings, or no model here takes the precision.
    """
    from hydra.utils import instantiate

    precision = str(settings.get("precision"))
    if precision.endswith("-true") and precision != "32-true":
        raise UserError(
            f"trainer.precision={precision}: weights are kept in float32; choose 32-true, "
            "bf16-mixed or 16-mixed"
        )
    # Lightning takes these two and fails, or climbs, when training is on its way
    for name, least in (("accumulate_grad_batches", 1), ("gradient_clip_val", 0)):
        value = settings.get(name)
        if value is not None and value < least:
            raise UserError(f"trainer.{name}={value}: give {least} or more")
    if settings.get("val_check_interval") == 0:
        raise UserError("trainer.val_check_interval=0: give a number of steps, 1 or more")
    quiet_lightning()
    try:
        return instantiate(settings, _partial_=True)(**parts)
    except (TypeError, ValueError) as error:
        raise UserError(f"trainer: {' '.join(str(error).split())}") from error


def _is_out_of_memory(error: BaseException) -> bool:
    """Python's and CUDA's own exceptions, and torch's on a CPU, which has no type of its own."""
    names = {kind.__name__ for kind in type(error).__mro__}
    on_cpu = isinstance(error, RuntimeError) and "DefaultCPUAllocator" in str(error)
    return on_cpu or bool(names & {"MemoryError", "OutOfMemoryError"})


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _config_key(error: InstantiationException) -> str:
    """Which part of the configuration was being built; Hydra says it in its last line."""
    return str(error).rpartition("full_key: ")[2] or "configuration"


def _reporting(task: Task, keeps_what_is_done: bool) -> Task:
    """`task` as a run of its own or one of a sweep.

    A user's mistakes end a single run at once, and leave no folder of it.

    Hydra would print a line of its own before passing the exception on.
    """

    @functools.wraps(task)
    def report(config: DictConfig) -> float | None:
        settings = HydraConfig.get()
        try:
            check_values(settings.job.config_name, list(settings.overrides.task))
            if in_sweep():
                run = Path(settings.runtime.output_dir)
                return run_arm(task, config, run, settings.overrides.task, user_message)
            return task(config)
        except Exception as error:
            message = user_message(error)
            if message is None or in_sweep():
                raise
            discard_unused(settings.runtime.output_dir)
            _exit(USER_ERROR, message)
        except (KeyboardInterrupt, SystemExit) as stop:
            signal = _signal(stop)
            if signal is None:
                raise
            _stop(*signal, keeps_what_is_done or in_sweep())

    return report


def _signal(stop: BaseException) -> tuple[int, str] | None:
    """Exit code and name of the signal that ended the run; None where it was no signal."""
    if isinstance(stop, SystemExit) and stop.code in (INTERRUPTED, TERMINATED):
        return None  # it has been said
    # Lightning exits 1 after Ctrl-C, and 0 after SIGTERM as though the run were done
    if isinstance(stop, KeyboardInterrupt) or isinstance(stop.__context__, KeyboardInterrupt):
        return INTERRUPTED, "interrupted"
    if type(stop).__name__ == "SIGTERMException":
        return TERMINATED, "terminated"
    return None


def _stop(code: int, what: str, keeps_what_is_done: bool) -> NoReturn:
    """Exit after a signal; the first process of a run says how to go on."""
    if os.environ.get("LOCAL_RANK", "0") != "0":
        sys.exit(code)
    if keeps_what_is_done:
        _exit(code, f"{what}; the same command goes on where it was")
    words = [word for word in sys.argv if not word.startswith("ckpt_path=")]
    run = Path(HydraConfig.get().runtime.output_dir)
    # a run that went on from a checkpoint has at least that one
    if words == sys.argv and not any((run / "checkpoints").glob("*.ckpt")):
        _exit(code, f"{what} before the first checkpoint")
    _exit(code, f"{what}; to go on: {shlex.join(['python', *words, 'ckpt_path=latest'])}")


def _exit(code: int, message: str) -> NoReturn:
    print(f"{Path(sys.argv[0]).name}: {message}", file=sys.stderr)
    sys.exit(code)
