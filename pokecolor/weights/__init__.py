"""Weights that are part of the package: `mini/`, in diffusers layout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import CLIPTokenizer

FOLDER = Path(__file__).parent


def mini_tokenizer() -> CLIPTokenizer:
    """The tokenizer of `mini`."""
    from transformers import CLIPTokenizer

    return CLIPTokenizer.from_pretrained(FOLDER / "mini" / "tokenizer")
