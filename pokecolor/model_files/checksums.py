"""SHA-256 sums of the weights in the package, in the format of `sha256sum`."""

from __future__ import annotations

import hashlib
from pathlib import Path

NAME = "SHA256SUMS"
SUFFIXES = (".safetensors", ".json", ".onnx")
"""Extensions of the files with a sum: those that a model is read from."""


def write_sums(folder: Path) -> None:
    """Write the current sums of all files of a model."""
    lines = [f"{digest}  {name}\n" for name, digest in _digests(folder).items()]
    (folder / NAME).write_text("".join(lines), encoding="utf-8")


def find_changes(folder: Path) -> list[str]:
    """Descriptions of files that differ from the sums; empty if none does."""
    try:
        lines = (folder / NAME).read_text(encoding="utf-8").splitlines()
        wanted = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    except (OSError, ValueError) as error:
        return [f"{NAME} cannot be read ({error})"]
    found = _digests(folder)
    kinds = {
        "is missing": wanted.keys() - found.keys(),
        "is not of this model": found.keys() - wanted.keys(),
        "was changed": {n for n in wanted.keys() & found.keys() if wanted[n] != found[n]},
    }
    return [f"{name} {what}" for what, names in kinds.items() for name in sorted(names)]


def _digests(folder: Path) -> dict[str, str]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix in SUFFIXES)
    return {path.relative_to(folder).as_posix(): _digest(path) for path in paths}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
