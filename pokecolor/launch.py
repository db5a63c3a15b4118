"""Runs a root script: composes its configuration, runs it, turns the outcome into an exit code."""

from __future__ import annotations

import functools
import os
import shlex
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import hydra
from hydra.core.hydra_config import HydraConfig
from hydra.errors import InstantiationException
from hydra.types import RunMode
from omegaconf import DictConfig
from omegaconf.errors import MissingMandatoryValue

from pokecolor.errors import UserError
from pokecolor.images import ImageError
from pokecolor.overrides import COMPOSITION_ERRORS, explain

Task = Callable[[DictConfig], float | None]

USER_ERROR = 2
INTERRUPTED = 130  # 128 + SIGINT, as shells report it
TERMINATED = 143  # 128 + SIGTERM


def launch(task: Task, config_dir: Path, config_name: str) -> None:
    """Compose the configuration from the command line, run `task` on it, and exit.

    The exit code is 0 when done, 2 with one line for a user's mistake, 130 after Ctrl-C, 143 after
    SIGTERM. Other exceptions are faults of this project: they keep their traceback, and exit 1.
    """
    # Hydra would print its own errors, several lines each, and exit 1
    os.environ.setdefault("HYDRA_FULL_ERROR", "1")
    run = hydra.main(version_base="1.3", config_path=str(config_dir), config_name=config_name)
    try:
        run(_reporting(task))()
    except Exception as error:
        message = user_message(error)
        if message is None and isinstance(error, COMPOSITION_ERRORS):
            overrides = [word for word in sys.argv[1:] if not word.startswith("-")]
            message = explain(error, config_dir, config_name, overrides)
        if message is None:
            raise
        _exit(USER_ERROR, message)
    except KeyboardInterrupt:
        _stop(INTERRUPTED, "interrupted")
    except SystemExit as exit_:
        # Lightning exits 1 after Ctrl-C, and 0 after SIGTERM as though the run were done
        if isinstance(exit_.__context__, KeyboardInterrupt):
            _stop(INTERRUPTED, "interrupted")
        if type(exit_).__name__ == "SIGTERMException":
            _stop(TERMINATED, "terminated")
        raise


def user_message(error: BaseException) -> str | None:
    """The one line that tells a user's mistake, or None where the mistake is not the user's."""
    for cause in _causes(error):
        if isinstance(cause, UserError | ImageError):
            return str(cause)
        if isinstance(cause, MissingMandatoryValue):
            return f"{cause.full_key} is needed: add {cause.full_key}=..."
        # by name: importing it takes seconds that a mistyped override should not cost
        if type(cause).__name__ == "MisconfigurationException":
            return " ".join(str(cause).split())
        if isinstance(cause, TypeError) and "unexpected keyword argument" in str(cause):
            if isinstance(error, InstantiationException):
                return f"{_config_key(error)}: {cause}"
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _config_key(error: InstantiationException) -> str:
    """Which part of the configuration was being built; Hydra says it in its last line."""
    return str(error).rpartition("full_key: ")[2] or "configuration"


def _reporting(task: Task) -> Task:
    """`task`, whose user's mistakes end a single run at once.

    Hydra would print a line of its own before passing the exception on. In a sweep it should: the
    line says which of the runs failed.
    """

    @functools.wraps(task)
    def report(config: DictConfig) -> float | None:
        try:
            return task(config)
        except Exception as error:
            message = user_message(error)
            if message is None:
                raise
            if HydraConfig.get().mode == RunMode.MULTIRUN:
                raise UserError(message) from error
            _exit(USER_ERROR, message)

    return report


def _stop(code: int, what: str) -> NoReturn:
    """Exit after a signal; the first process of a run says how to go on."""
    if os.environ.get("LOCAL_RANK", "0") != "0":
        sys.exit(code)
    words = [word for word in sys.argv if not word.startswith("ckpt_path=")]
    _exit(code, f"{what}; to go on: {shlex.join(['python', *words, 'ckpt_path=latest'])}")


def _exit(code: int, message: str) -> NoReturn:
    print(f"{Path(sys.argv[0]).name}: {message}", file=sys.stderr)
    sys.exit(code)
