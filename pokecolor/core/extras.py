"""The extras (optional dependencies) of pokecolor: which command needs which, how to install one.

The packages of an extra are read from the metadata of the installed package.
"""

from __future__ import annotations

import json
import os
import re
import shlex
from functools import cache
from importlib import metadata
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from pokecolor.core.errors import UserError

PROJECT = "pokecolor"
COMMANDS = {
    "serve": "serve",
    "train": "train",
    "evaluate": "eval",
    "benchmark": "eval",
    "compare": "eval",
    "prefer": "eval",
    "prepare": "train",
    "export-data": "train",
    "caption": "train",
    "audit": "train",
    "export": "torch",
}
"""The extra of each command that needs one."""
SETTINGS = {
    "torch": "models without ONNX graphs, and GPUs",
    "onnx": "pokecolor export --format onnx",
    "svg": "sketches that are SVG files",
    "wandb": "logger=wandb",
    "tensorboard": "logger=tensorboard",
    "lora": "model.lora, colorize --lora",
    "hub": "data=hub, data=sketch2pokemon, data=pokemon_blip, export-data",
    "cloud": "shards in buckets: s3://, gs://; pokecolor prepare --to with captions",
    "inception": "features=inception",
    "joblib": "hydra/launcher=parallel",
    "submitit": "hydra/launcher=local, hydra/launcher=slurm",
    "optuna": "hydra/sweeper=...",
}
"""What each of the other extras is for."""
_MODULES = {"hydra": "hydra-core", "PIL": "pillow"}
"""Modules whose name differs from their package's."""


def require(command: str) -> None:
    """Check that the packages that a command needs are installed.

    Raises:
        UserError: one is not; the message says what to install.
    """
    extra = COMMANDS.get(command)
    if extra and (lacking := missing(extra)):
        raise UserError(
            f"{packages_as_subject(lacking)} not installed, which {command} needs: {hint(extra)}"
        )


def missing(extra: str) -> list[str]:
    """The packages of an extra that are not installed, or have a version that does not fit.

    Empty if pokecolor itself is not installed, because then it has no metadata.
    """
    return [requirement.name for requirement in needs(extra) if version_fault(requirement)]


@cache
def needs(extra: str) -> tuple[Requirement, ...]:
    """The requirements of an extra, or of the core (""), on this machine, with nested extras."""
    found: dict[str, Requirement] = {}
    for line in _declared():
        requirement = Requirement(line)
        marker = requirement.marker
        if marker is None or "extra" not in str(marker):
            applies = not extra and (marker is None or marker.evaluate())
        else:
            applies = bool(extra) and marker.evaluate({"extra": extra})
        if not applies:
            continue
        taken_in = [needs(name) for name in sorted(requirement.extras)]
        for each in sum(taken_in, ()) if requirement.name == PROJECT else [requirement]:
            found.setdefault(canonicalize_name(each.name), each)
    return tuple(found.values())


def version_fault(requirement: Requirement) -> str | None:
    """Why the installed version of a package does not fit; None if it does."""
    try:
        version = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return "missing"
    if requirement.specifier.contains(version, prereleases=True):
        return None
    return f"{version}, but {requirement.specifier} is needed"


def packages_as_subject(packages: list[str]) -> str:
    """Some packages as the subject of a sentence, such as "fastapi and 2 more are"."""
    more = len(packages) - 1
    return f"{packages[0]} and {more} more are" if more else f"{packages[0]} is"


def hint(extra: str) -> str:
    """The command that installs an extra, from the same origin as this installation.

    Never by name from a package index, where somebody else's package may have the name.
    """
    suffix = f"[{extra}]" if extra else ""
    origin = _origin()
    url = origin.get("url", "")
    folder = Path(url2pathname(urlsplit(url).path)) if url.startswith("file:") else None
    if not url or (folder and not folder.exists()):
        return f"pip install '.{suffix}' in a checkout of {PROJECT}"
    if "dir_info" in origin:
        place = "." if folder == Path.cwd() else str(folder)
        editable = "-e " if origin["dir_info"].get("editable") else ""
        return f"pip install {editable}{_in_quotes(place + suffix)}"
    if vcs := origin.get("vcs_info"):
        url = f"{vcs['vcs']}+{url}@{vcs['commit_id']}"
    return f"pip install {_in_quotes(f'{PROJECT}{suffix} @ {url}')}"


def extra_with(module: str | None, message: str = "") -> str | None:
    """The smallest extra that contains a module, or a package that a message names.

    Args:
        module: name of the import; None if only the message is known.
        message: such as "Requirement 'wandb>=0.12' not met".
    """
    words = [module.partition(".")[0]] if module else re.findall(r"[\w-]+", message)
    names = {canonicalize_name(_MODULES.get(word, word)) for word in words}
    extras = sorted({*SETTINGS, *COMMANDS.values(), "bitsandbytes"}, key=lambda e: len(needs(e)))
    for extra in extras:
        if names & {canonicalize_name(requirement.name) for requirement in needs(extra)}:
            return extra
    return None


def _in_quotes(text: str) -> str:
    """Quote for a shell; cmd on Windows knows double quotes only."""
    return f'"{text}"' if os.name == "nt" else shlex.quote(text)


def _declared() -> list[str]:
    try:
        return metadata.requires(PROJECT) or []
    except metadata.PackageNotFoundError:
        return []


def _origin() -> dict:
    """The origin of this installation as pip records it (PEP 610); empty if it does not."""
    try:
        text = metadata.distribution(PROJECT).read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        return {}
    return json.loads(text) if text else {}
