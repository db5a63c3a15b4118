"""Models with graphs that a test may damage."""

import shutil

import pytest

from pokecolor.model_files.mini import MINI


@pytest.fixture
def mini(tmp_path):
    """A copy of what of mini paints."""
    parts = ("scheduler", "text_encoder", "tokenizer", "unet", "vae")
    for part in parts:
        shutil.copytree(MINI / part, tmp_path / "mini" / part)
    for name in ("model_index.json", "sampling.json"):
        shutil.copy(MINI / name, tmp_path / "mini")
    return tmp_path / "mini"
