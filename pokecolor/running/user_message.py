"""One line for an error of the user or a limit of the machine; none for a bug of the code."""

from __future__ import annotations

import errno
from collections.abc import Iterator

from pokecolor.core import extras
from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import ImageError


def user_message(error: BaseException) -> str | None:
    """The one line that tells a user's mistake, or None where the mistake is not the user's."""
    for cause in _causes(error):
        if isinstance(cause, UserError | ImageError):
            return str(cause)
        # by name: a command that needs no Hydra works without it
        if type(cause).__name__ == "MissingMandatoryValue":
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
            extra = extras.extra_with(cause.name, str(cause))
            needed = extras.hint(extra) if extra else f"pip install {cause.name or 'it'}"
            return f"{' '.join(str(cause).split())}: {needed}, or do without what needs it"
        if type(cause).__module__.startswith("wandb.errors"):
            return f"wandb: {cause} Or keep the log here: logger=wandb_offline"
        if isinstance(cause, TypeError) and "unexpected keyword argument" in str(cause):
            if type(error).__name__ == "InstantiationException":
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


def _config_key(error: BaseException) -> str:
    """Which part of the configuration was being built; Hydra says it in its last line."""
    return str(error).rpartition("full_key: ")[2] or "configuration"
