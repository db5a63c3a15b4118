"""A checkpoint to read from."""

from __future__ import annotations

from pathlib import Path

import pytest
from tiny_model import tiny_components


@pytest.fixture(scope="session")
def checkpoint_folder(tmp_path_factory) -> Path:
    """A tiny checkpoint in diffusers layout, with an eight-channel UNet."""
    folder = tmp_path_factory.mktemp("checkpoint")
    parts = tiny_components()
    for name in ("vae", "text_encoder", "tokenizer", "unet", "scheduler"):
        getattr(parts, name).save_pretrained(folder / name)
    return folder
