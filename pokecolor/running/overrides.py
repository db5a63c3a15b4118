"""Composes configurations, and explains wrong overrides in one line."""

from __future__ import annotations

import contextlib
import difflib
import os
import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hydra import compose, initialize_config_dir
from hydra.core.config_search_path import SearchPathQuery
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import (
    ConfigCompositionException,
    HydraException,
    OverrideParseException,
    SearchPathException,
)
from omegaconf import DictConfig, ListConfig

import pokecolor
from pokecolor.core.earlier_names import CHOICES, present_setting
from pokecolor.core.errors import UserError
from pokecolor.core.extras import hint
from pokecolor.running.command_line import quoted, readable

if TYPE_CHECKING:
    from hydra.core.config_loader import ConfigLoader
    from hydra.core.override_parser.types import Override


_PLUGIN = re.compile(r"Could not load '(hydra/(?:launcher|sweeper))/(joblib|submitit_\w+|optuna)'")
"""Configs of Hydra's plugins; the extra has the name before the underscore."""

_FOREIGN = re.compile(r"In '([\w/]+)/(\w+)': Could not override '([\w/]+)'")
"""An option of another script, which overrides a group that only that script has."""

COMPOSITION_ERRORS = (ConfigCompositionException, OverrideParseException, SearchPathException)


def compose_config(
    config_dir: Path, config_name: str, overrides: list[str], own: Path | None = None
) -> DictConfig:
    """Compose the configuration of a root script, without running it.

    Args:
        config_dir: the absolute path of the folder of configs.
        config_name: the main config.
        overrides: as on the command line.
        own: a folder of the user's with more configs, as Hydra's `--config-dir`.

    Raises:
        UserError: an override is wrong, or the folder is not there.
    """
    try:
        overrides = readable(overrides, config_dir, config_name)
        with _search(config_dir, own):
            return compose(config_name, overrides=overrides)
    except COMPOSITION_ERRORS as error:
        raise UserError(explain(error, config_dir, config_name, overrides, own)) from error


@contextlib.contextmanager
def _search(config_dir: Path, own: Path | None) -> Iterator[None]:
    if own is not None and not own.is_dir():
        raise UserError(f"--config-dir {own}: no such folder")
    with initialize_config_dir(str(config_dir), version_base="1.3"):
        if own is not None:
            loader = GlobalHydra.instance().config_loader()
            path = loader.get_search_path()
            # what is structured stays last
            last = SearchPathQuery(provider="schema")
            path.prepend("command-line", f"file://{own.absolute()}", last)
            loader.repository.initialize_sources(path)
        yield


def find_config_dir() -> Path:
    """The `conf` folder: the current folder's, if it is complete, or the package's.

    The package's is beside it in a checkout, and inside it in a wheel.
    """
    package = Path(pokecolor.__file__).resolve().parent
    for folder in (Path.cwd(), package, package.parent):
        if (folder / "conf" / "train.yaml").is_file():
            return folder / "conf"
    raise UserError(f"{package}: no conf/ in it; install pokecolor again")


def say_where(config: DictConfig) -> None:
    """Outside of a checkout, print to standard error where runs and caches go."""
    if (Path.cwd() / "conf" / "train.yaml").is_file() or os.environ.get("LOCAL_RANK", "0") != "0":
        return
    runs, cache = (Path(path).absolute() for path in (config.paths.runs, config.paths.cache))
    print(f"not in a checkout: runs go to {runs}, caches to {cache}", file=sys.stderr, flush=True)


def explain(
    error: Exception,
    config_dir: Path,
    config_name: str,
    overrides: list[str],
    own: Path | None = None,
) -> str:
    """Explain in one line why a configuration could not be composed.

    Args:
        error: Hydra's exception, whose first line is the fallback.
        config_dir: the absolute path of the folder of configs.
        config_name: the main config.
        overrides: as given on the command line.
        own: the folder of the user's configs.
    """
    if missing := _PLUGIN.search(str(error)):
        group, name = missing.groups()
        return f"{group}={name}: {hint(name.partition('_')[0])}"
    if foreign := _FOREIGN.search(str(error)):
        group, choice, needed = foreign.groups()
        return f"{group}={choice}: {config_name}.py has no group {needed}, which it sets"
    if isinstance(error, OverrideParseException):
        return _unreadable(error.override)
    if "Ambiguous value" in str(error):
        word = next(word for word in overrides if f"'{word}'" in str(error))
        return f"{word}: several values; for a run of each add -m, or {_as_one_value(word)}"
    try:
        with _search(config_dir, own):
            loader = GlobalHydra.instance().config_loader()
            parsed = OverridesParser.create().parse_overrides(overrides)
            found = _unknown_choice(loader, parsed) or _unknown_key(loader, config_name, parsed)
    except HydraException:
        found = None  # the cause is in the configs, not in an override
    return found or str(error).strip().splitlines()[0]


def _unreadable(override: str) -> str:
    wrong = f"{override}: not of the form key=value or group=choice"
    return f"{wrong}; {_as_one_value(override)}" if "=" in override else wrong


def _as_one_value(override: str) -> str:
    key, _, value = override.partition("=")
    word = f"{key}={quoted(value)}"
    word = shlex.quote(word) if re.search(r'["$`\\!]', word) else f'"{word}"'
    return f"if it is one value, quote it for the shell and for Hydra: {word}"


def _unknown_choice(loader: ConfigLoader, overrides: list[Override]) -> str | None:
    """The first override with an unknown option of a group."""
    for override in overrides:
        group = override.key_or_group
        options = loader.get_group_options(group)
        choices = [option for option in options if not option.startswith("_")]
        if not choices or override.is_delete():
            continue
        for choice in _values(override):
            if choice not in (*choices, "null"):
                near = difflib.get_close_matches(choice, choices, n=1)
                hint = f"did you mean {group}={near[0]}?" if near else _list(choices)
                if today := CHOICES.get(f"{group}={choice}"):
                    return f"{group}={choice}: it is called {today} now"
                return f"{group}={choice}: no such {group}; {hint}"
    return None


def _values(override: Override) -> list[str]:
    """The values of an override, as text; a sweep has several."""
    if override.is_sweep_override():
        return [str(value) for value in override.sweep_string_iterator()]
    return [str(override.get_value_element_as_str())]


def _unknown_key(loader: ConfigLoader, config_name: str, overrides: list[Override]) -> str | None:
    """The first override of an unknown key, given the chosen groups."""
    chosen, keys = split_overrides(loader, overrides)
    config = compose(config_name, overrides=chosen, return_hydra_config=True)
    for override in keys:
        key = override.key_or_group
        if (today := present_setting(key)) != key:
            return f"{override.input_line}: it is called {today} now"
        if not _has(config, key):
            groups = [group for group in loader.list_groups("") if group != "hydra"]
            near = _nearest_key(key, [*groups, *setting_names(config)])
            hint = f"did you mean {near}?" if near else _list(groups)
            return f"{override.input_line}: no such setting; {hint}"
    return None


def split_overrides(
    loader: ConfigLoader, overrides: list[Override]
) -> tuple[list[str], list[Override]]:
    """Split overrides into those of groups, one option each, and those of keys."""
    chosen, keys = [], []
    for override in overrides:
        if loader.get_group_options(override.key_or_group):
            if override.is_delete():
                chosen.append(override.input_line)
                continue
            sign = "+" if override.is_add() else ""
            chosen.append(f"{sign}{override.key_or_group}={_values(override)[0]}")
        elif not override.is_add():
            keys.append(override)
    return chosen, keys


def _has(config: DictConfig, key: str) -> bool:
    """Whether there is such a setting, also if its value is missing or refers to others."""
    node: Any = config
    for part in key.split("."):
        if isinstance(node, ListConfig) and part.isdigit():
            return int(part) < len(node)
        if not isinstance(node, DictConfig) or node._is_none() or part not in set(node):
            return False
        node = node._get_node(part)
    return True


def _nearest_key(key: str, known: list[str]) -> str | None:
    """The most similar dotted key, or else the key with the most similar last part."""
    by_last_part = {name.rpartition(".")[2]: name for name in reversed(known)}
    near = difflib.get_close_matches(key, known, n=1)
    near_part = difflib.get_close_matches(key.rpartition(".")[2], by_last_part, n=1)
    return near[0] if near else by_last_part[near_part[0]] if near_part else None


def _list(choices: list[str]) -> str:
    return f"choose from {', '.join(choices)}"


def setting_names(config: DictConfig, prefix: str = "") -> Iterator[str]:
    """The dotted names of all settings but Hydra's own."""
    for key in config:
        if key == "hydra" and not prefix:
            continue
        yield f"{prefix}{key}"
        # read without resolving: interpolations may need a running job
        node = config._get_node(key)
        if isinstance(node, DictConfig) and not node._is_none() and not node._is_interpolation():
            yield from setting_names(node, f"{prefix}{key}.")
