"""The phrases that CLIP ranks, and a cache of their embeddings."""

from __future__ import annotations

import hashlib
import json
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from pokecolor.core.atomic_files import written_whole
from pokecolor.core.atomic_folders import set_aside
from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pokecolor.model_files.clip_model import ClipModel

TABLES = Path(__file__).parent / "tables"


def load_table(name: str) -> list[str]:
    """The phrases of a bundled table or of a text file.

    One phrase per line; text after "#" is a comment.

    Args:
        name: "parts", or a path.

    Raises:
        UserError: there is no such table, or nothing in it.
    """
    path = TABLES / f"{name}.txt" if not Path(name).suffix else Path(name)
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        known = ", ".join(sorted(table.stem for table in TABLES.glob("*.txt")))
        raise UserError(f"{name}: no table of phrases; choose {known}, or a text file") from None
    phrases = [line.partition("#")[0].strip() for line in lines]
    phrases = list(dict.fromkeys(phrase for phrase in phrases if phrase))
    if not phrases:
        raise UserError(f"{path}: no phrases in it; write one a line")
    return phrases


def embed_phrases(clip: ClipModel, phrases: Sequence[str], cache: Path | None) -> torch.Tensor:
    """Unit vectors of phrases, [n, width], cached.

    Args:
        clip: the model.
        phrases: the texts.
        cache: a folder, keyed by model and texts; None for no cache.
    """
    if cache is None:
        return clip.embed_texts(phrases)
    key = hashlib.sha256(json.dumps([clip.fingerprint, *phrases]).encode()).hexdigest()[:24]
    path = cache / f"{key}.npz"
    set_aside(path, _find_damage)
    if path.exists():
        return torch.from_numpy(_read(path))
    embeds = clip.embed_texts(phrases)
    with written_whole(path) as partial, partial.open("wb") as file:
        np.savez(file, embeds=embeds.numpy())
    return embeds


def _read(path: Path) -> np.ndarray:
    with path.open("rb") as file:
        return np.load(file, allow_pickle=False)["embeds"]  # a zip has a CRC of what is in it


def _find_damage(path: Path) -> str | None:
    """What is wrong with cached embeddings; None if nothing is."""
    try:
        _read(path)
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile) as error:
        return " ".join(str(error).split())
    return None
