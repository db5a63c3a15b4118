"""Silences library warnings that do not apply here."""

from __future__ import annotations

import logging
import warnings

ADVERTISEMENTS = ("💡 Tip:", "GPU available: False", "TPU available: False")
"""Beginnings of Lightning's log lines that say nothing about the run."""

ADVICE = (
    # Lightning walks through batches by a function that torch has renamed
    r"`isinstance\(treespec, LeafSpec\)` is deprecated",
    # batches of cached latents are made faster than they are trained on
    r"The '\w+' does not have many workers",
    # true of one epoch; steps are counted over all
    r"The number of training batches \(\d+\) is smaller than the logging interval",
)


def quiet_libraries() -> None:
    """Let diffusers and transformers print only errors; call it before reading a model.

    They would advise to install torchvision, which is not needed, and draw progress bars for files
    that are read in a second. The hub's library would log every attempt to connect.
    """
    from diffusers.utils import logging as diffusers_logging
    from huggingface_hub.utils import logging as hub_logging
    from transformers.utils import logging as transformers_logging

    hub_logging.set_verbosity_error()
    for library in (diffusers_logging, transformers_logging):
        library.set_verbosity_error()
        library.disable_progress_bar()


def quiet_lightning() -> None:
    """Let Lightning log only what concerns the run, once; call it before creating a trainer."""
    import lightning

    # its own handler, because the records also reach the root's
    if logging.getLogger().hasHandlers():
        logging.getLogger(lightning.__name__).handlers.clear()
    log = logging.getLogger("lightning.pytorch.utilities.rank_zero")
    log.addFilter(_concerns_the_run)  # adding it again has no effect
    for message in ADVICE:
        warnings.filterwarnings("ignore", message)


def _concerns_the_run(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith(ADVERTISEMENTS)
