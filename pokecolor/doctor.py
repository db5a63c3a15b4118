"""Checks the machine and reports what pokecolor can do on it."""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import socket
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from packaging.requirements import Requirement

HUB_TIMEOUT = 3.0
"""Seconds to wait for the model hub."""
SPACE_FOR_MINI = 2
SPACE_FOR_HUB = 20
"""Gigabytes that the caches and checkpoints take, roughly: of `mini`, and of a hub's model."""


@dataclass(frozen=True)
class Finding:
    """One thing looked at."""

    level: Literal["ok", "note", "fail"]
    """"note": pokecolor works, but not everything of it; "fail": it does not work."""
    subject: str
    detail: str


def examine(cache: Path, runs: Path) -> Iterator[Finding]:
    """Everything worth knowing; nothing is written that stays, no model is loaded.

    Args:
        cache: where shards and latents would be kept.
        runs: where runs would be written.
    """
    yield Finding("ok", "python", f"{sys.version.split()[0]} at {sys.executable}")
    packages = list(check_packages("pokecolor"))
    yield from packages
    if any(finding.level == "fail" for finding in packages):
        return  # the rest needs them
    yield check_weights()
    yield check_device()
    yield check_attention()
    yield check_hub()
    yield check_space(cache)
    for folder in (cache, runs):
        yield check_writable(folder)


def check_packages(distribution: str) -> Iterator[Finding]:
    """The packages `distribution` needs, against the versions it asks for."""
    try:
        wanted = importlib.metadata.requires(distribution) or []
    except importlib.metadata.PackageNotFoundError:
        yield Finding("note", "packages", f"{distribution} is not installed: pip install -e .")
        return
    for line in wanted:
        requirement = Requirement(line)
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        name = requirement.name
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            yield Finding("fail", name, f"missing: pip install '{requirement}'")
            continue
        if requirement.specifier.contains(version, prereleases=True):
            yield Finding("ok", name, version)
        else:
            yield Finding("fail", name, f"{version}, but {requirement.specifier} is needed")


def check_weights() -> Finding:
    """Whether the weights that come with the package are as they were shipped."""
    from pokecolor.weights import MINI
    from pokecolor.weights.sums import find_changes

    if changes := find_changes(MINI):
        more = f" and {len(changes) - 1} more" if len(changes) > 1 else ""
        return Finding("fail", "mini", f"{MINI}: {changes[0]}{more}; install pokecolor again")
    return Finding("ok", "mini", "its weights are as they were shipped")


def check_device() -> Finding:
    """The accelerator PyTorch sees, or the processor."""
    import torch

    if torch.cuda.is_available():
        free, total = (amount / 2**30 for amount in torch.cuda.mem_get_info())
        name = torch.cuda.get_device_name()
        return Finding("ok", "device", f"{name}, {free:.1f} of {total:.1f} GiB free")
    if torch.backends.mps.is_available():
        return Finding("ok", "device", "Apple GPU (mps)")
    cores = torch.get_num_threads()
    return Finding("note", "device", f"processor only, {cores} threads: enough for model=mini")


def check_attention() -> Finding:
    """Whether memory-efficient attention is there; PyTorch's own does without."""
    try:
        return Finding("ok", "xformers", importlib.metadata.version("xformers"))
    except importlib.metadata.PackageNotFoundError:
        return Finding("note", "xformers", "not installed: PyTorch's own attention is used")


def check_hub() -> Finding:
    """Whether the model hub answers within `HUB_TIMEOUT` seconds, unless told to stay offline."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return Finding("note", "hub", "not asked: HF_HUB_OFFLINE is set; model=mini needs no hub")
    hub = urlsplit(constants.ENDPOINT)
    port = hub.port or (443 if hub.scheme == "https" else 80)
    try:
        socket.create_connection((hub.hostname, port), HUB_TIMEOUT).close()
    except OSError as error:
        return Finding("note", "hub", f"{hub.hostname}: {error}; model=mini needs no hub")
    return Finding("ok", "hub", f"{hub.hostname} can be reached")


def check_space(folder: Path) -> Finding:
    """Free space on the disk that holds `folder`, or would hold it."""
    free = shutil.disk_usage(_existing(folder)).free / 1e9
    detail = f"{free:.1f} GB free for {folder}"
    if free < SPACE_FOR_MINI:
        return Finding("fail", "disk", f"{detail}: {SPACE_FOR_MINI} GB are needed")
    if free < SPACE_FOR_HUB:
        return Finding("note", "disk", f"{detail}: enough for model=mini, not for a hub's model")
    return Finding("ok", "disk", detail)


def check_writable(folder: Path) -> Finding:
    """Whether files can be written to `folder`, or it can be made."""
    place = _existing(folder)
    if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
        return Finding("ok", str(folder), "writable")
    return Finding("fail", str(folder), f"{place} is not writable")


def _existing(path: Path) -> Path:
    """The nearest folder or file above `path` that exists."""
    path = path.absolute()
    while not path.exists():
        path = path.parent
    return path
