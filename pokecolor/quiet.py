"""Keeps libraries from giving advice that does not apply here."""

from __future__ import annotations


def quiet_libraries() -> None:
    """Have diffusers and transformers print errors alone; call it before importing a pipeline.

    They would advise to install torchvision, which nothing here needs, and draw progress bars for
    files that are read in a second.
    """
    from diffusers.utils import logging as diffusers_logging
    from transformers.utils import logging as transformers_logging

    for logging in (diffusers_logging, transformers_logging):
        logging.set_verbosity_error()
        logging.disable_progress_bar()
