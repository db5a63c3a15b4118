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

import psutil

from pokecolor.core import extras

HUB_TIMEOUT = 3.0
"""Seconds to wait for the model hub."""
MEMORY_FOR_MINI = 4
"""Gibibytes of memory that a run of `experiment=mini` needs at most, with batches of 32."""
SPACE_FOR_MINI = 2
SPACE_FOR_HUB = 20
"""Approximate gigabytes of caches and checkpoints, of `mini` and of a model of the hub."""


@dataclass(frozen=True)
class Check:
    """The result of one check."""

    level: Literal["ok", "note", "fail"]
    """"note": something optional does not work; "fail": pokecolor does not work."""
    subject: str
    detail: str


def examine(cache: Path, runs: Path) -> Iterator[Check]:
    """Run all checks; nothing stays on the disk, no model is loaded.

    Args:
        cache: the folder of the cache.
        runs: the folder of runs.
    """
    yield Check("ok", "python", f"{sys.version.split()[0]} at {sys.executable}")
    packages = list(check_packages())
    yield from packages
    if any(finding.level == "fail" for finding in packages):
        return  # the rest needs them
    yield from check_commands()
    yield check_weights()
    yield check_device()
    yield check_memory()
    yield check_hub()
    yield check_space(cache)
    for folder in (cache, runs):
        yield check_writable(folder)


def check_packages() -> Iterator[Check]:
    """The versions of the core's packages."""
    core = extras.needs("")
    if not core:
        yield Check("note", "packages", f"pokecolor is not installed: {extras.hint('')}")
    for requirement in core:
        if fault := extras.version_fault(requirement):
            detail = f"{fault}: pip install '{requirement}'"
            yield Check("fail", requirement.name, detail)
        else:
            yield Check("ok", requirement.name, importlib.metadata.version(requirement.name))


def check_commands() -> Iterator[Check]:
    """Which commands work, and what must be installed for the others."""
    for command, extra in extras.COMMANDS.items():
        if lacking := extras.missing(extra):
            detail = f"{extras.packages_as_subject(lacking)} not installed: {extras.hint(extra)}"
            yield Check("note", command, detail)
        elif extras.needs(extra):
            yield Check("ok", command, "all that it needs is installed")
    absent = [extra for extra in extras.SETTINGS if extras.missing(extra)]
    if absent:
        names = "; ".join(f"{extra} ({extras.SETTINGS[extra]})" for extra in absent)
        detail = f"not installed: {names}. All of them: {extras.hint(','.join(absent))}"
        yield Check("note", "extras", detail)


def check_weights() -> Check:
    """Whether the bundled weights are undamaged."""
    from pokecolor.model_files.checksums import find_changes
    from pokecolor.model_files.mini import MINI

    if changes := find_changes(MINI):
        more = f" and {len(changes) - 1} more" if len(changes) > 1 else ""
        return Check("fail", "mini", f"{MINI}: {changes[0]}{more}; install pokecolor again")
    return Check("ok", "mini", "its weights are as they were shipped")


def check_device() -> Check:
    """The accelerator that PyTorch finds, or the CPU."""
    try:
        import torch
    except ModuleNotFoundError:
        return Check("note", "device", "not known without PyTorch")
    if torch.cuda.is_available():
        free, total = (amount / 2**30 for amount in torch.cuda.mem_get_info())
        name = torch.cuda.get_device_name()
        return Check("ok", "device", f"{name}, {free:.1f} of {total:.1f} GiB free")
    if torch.backends.mps.is_available():
        return Check("ok", "device", "Apple GPU (mps)")
    cores = torch.get_num_threads()
    return Check("note", "device", f"processor only, {cores} threads: enough for model=mini")


def check_memory() -> Check:
    """The memory of the machine; a container may have less."""
    memory = psutil.virtual_memory()
    free, total = memory.available / 2**30, memory.total / 2**30
    detail = f"{free:.1f} of {total:.1f} GiB free"
    if free < MEMORY_FOR_MINI:
        detail = f"{detail}: training mini takes up to {MEMORY_FOR_MINI}"
        return Check("note", "memory", detail)
    return Check("ok", "memory", detail)


def check_hub() -> Check:
    """Whether the model hub answers within `HUB_TIMEOUT` seconds, unless offline mode is set."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return Check("note", "hub", "not asked: HF_HUB_OFFLINE is set; model=mini needs no hub")
    hub = urlsplit(constants.ENDPOINT)
    port = hub.port or (443 if hub.scheme == "https" else 80)
    try:
        socket.create_connection((hub.hostname, port), HUB_TIMEOUT).close()
    except OSError as error:
        return Check("note", "hub", f"{hub.hostname}: {error}; model=mini needs no hub")
    return Check("ok", "hub", f"{hub.hostname} can be reached")


def check_space(folder: Path) -> Check:
    """Free space on the disk of `folder`, which need not exist."""
    free = shutil.disk_usage(_existing(folder)).free / 1e9
    detail = f"{free:.1f} GB free for {folder}"
    if free < SPACE_FOR_MINI:
        return Check("fail", "disk", f"{detail}: {SPACE_FOR_MINI} GB are needed")
    if free < SPACE_FOR_HUB:
        return Check("note", "disk", f"{detail}: enough for model=mini, not for a hub's model")
    return Check("ok", "disk", detail)


def check_writable(folder: Path) -> Check:
    """Whether `folder` is writable or can be created."""
    place = _existing(folder)
    if place.is_dir() and os.access(place, os.W_OK | os.X_OK):
        return Check("ok", str(folder), "writable")
    return Check("fail", str(folder), f"{place} is not writable")


def _existing(path: Path) -> Path:
    """The nearest folder or file above `path` that exists."""
    path = path.absolute()
    while not path.exists():
        path = path.parent
    return path
