"""The text cache: embeds each distinct instruction once."""

from __future__ import annotations

import functools
import hashlib
import json
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch

from pokecolor.core.atomic_folders import build_folder, require_space, set_aside
from pokecolor.core.checked_once import check_again, checked_once
from pokecolor.core.errors import UserError
from pokecolor.data.progress import progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pokecolor.model_files.base_models.base_model import BaseModel

BATCH_SIZE = 64
"""Prompts encoded at a time."""

_VALUES, _INDEX = "embeddings.bin", "index.json"


@dataclass(frozen=True)
class TextTable:
    """A table of embeddings on disk, memory-mapped by each process."""

    folder: Path
    """Contains `embeddings.bin`, float16 in C order, and `index.json`: its shape, the prompts, and
    the CRC-32 of each embedding."""

    def embeddings(self, prompts: Sequence[str]) -> torch.Tensor:
        """The last hidden states of prompts: float16 [n, tokens, dim].

        Raises:
            KeyError: the table lacks a prompt.
            UserError: the table is damaged.
        """
        rows, sums, values = _open(self.folder)
        found = values[[rows[prompt] for prompt in prompts]]
        for prompt, value in zip(prompts, found, strict=True):
            if sums and zlib.crc32(value) != sums[rows[prompt]]:
                check_again(self.folder)
                raise UserError(f"{self.folder / _VALUES}: damaged; start again to rebuild it")
        return torch.from_numpy(found)


def text_table_path(prompts: Iterable[str], encoder: BaseModel, cache: Path) -> Path:
    """The folder of `cache_text`, named by the text encoder and the prompts."""
    digest = hashlib.sha256(encoder.text_fingerprint.encode())
    for prompt in _unique(prompts):
        digest.update(b"\n" + json.dumps(prompt).encode())
    return cache / "text" / digest.hexdigest()[:24]


def cache_text(prompts: Iterable[str], encoder: BaseModel, cache: Path) -> TextTable:
    """Embed prompts, and "" for conditioning dropout, unless they are cached.

    Raises:
        UserError: embeddings are not finite, or the disk is too small. Then nothing is written.
    """
    prompts = _unique(prompts)
    target = text_table_path(prompts, encoder, cache)
    set_aside(target, checked_once(functools.partial(_find_damage, prompts)))
    with build_folder(target) as folder:
        if folder is not None:
            _open.cache_clear()  # it may have opened the damaged table
            _write(prompts, encoder, folder)
    return TextTable(target)


def _unique(prompts: Iterable[str]) -> list[str]:
    return sorted({"", *prompts})


@torch.inference_mode()
def _write(prompts: Sequence[str], encoder: BaseModel, folder: Path) -> None:
    shape: tuple[int, ...] = ()
    sums: list[int] = []
    # written in order, not through a memory map, with which a full disk would be a crash
    with (folder / _VALUES).open("wb") as file, progress_bar() as bar:
        task = bar.add_task("Encoding prompts", total=len(prompts))
        for start in range(0, len(prompts), BATCH_SIZE):
            chunk = list(prompts[start : start + BATCH_SIZE])
            embeds = encoder.encode_prompt(chunk).to("cpu", torch.float16)
            if not embeds.isfinite().all():
                raise UserError(
                    "the text encoder gives embeddings that are not finite; give it more precision "
                    "(such as fp32) or set data.cache_text=false"
                )
            if not shape:
                shape = (len(prompts), *embeds.shape[1:])
                require_space(folder, 2 * np.prod(shape), "the text embeddings")
            values = embeds.numpy()
            file.write(values.tobytes())
            sums += map(zlib.crc32, values)
            bar.advance(task, len(chunk))
    index = {"shape": shape, "prompts": prompts, "crc32": sums}
    (folder / _INDEX).write_text(json.dumps(index, ensure_ascii=False), encoding="utf-8")


def _find_damage(prompts: Sequence[str], folder: Path) -> str | None:
    """What is wrong with a table; None if nothing is."""
    try:
        index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
        shape = tuple(index["shape"])
        whole = (folder / _VALUES).stat().st_size == 2 * np.prod(shape)
        if index["prompts"] != prompts:
            return f"{_INDEX} was changed"
        if whole and "crc32" in index:  # tables of earlier versions have none
            values = np.memmap(folder / _VALUES, np.float16, "r", shape=shape)
            whole = [zlib.crc32(value) for value in values] == index["crc32"]
        if not whole:
            return f"{_VALUES} was changed"
    except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
        return " ".join(str(error).split())
    return None


@functools.lru_cache(maxsize=2)
def _open(folder: Path) -> tuple[dict[str, int], list[int], np.ndarray]:
    index = json.loads((folder / _INDEX).read_text(encoding="utf-8"))
    path = folder / _VALUES
    shape = tuple(index["shape"])
    if path.stat().st_size != 2 * np.prod(shape):
        raise UserError(f"{path}: truncated; delete {folder} to have it built again")
    values = np.memmap(path, np.float16, "r", shape=shape)
    rows = {prompt: row for row, prompt in enumerate(index["prompts"])}
    return rows, index.get("crc32", []), values
