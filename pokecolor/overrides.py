"""Composes configurations, and explains wrong overrides in one line."""

from __future__ import annotations

import contextlib
import difflib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.errors import (
    ConfigCompositionException,
    HydraException,
    OverrideParseException,
    SearchPathException,
)
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from pokecolor.errors import UserError

if TYPE_CHECKING:
    from hydra.core.config_loader import ConfigLoader
    from hydra.core.override_parser.types import Override


_PLUGIN = re.compile(r"Could not load '(hydra/(?:launcher|sweeper))/(joblib|submitit_\w+|optuna)'")
"""Configs of Hydra's plugins, each an extra of the name before the underscore."""

COMPOSITION_ERRORS = (ConfigCompositionException, OverrideParseException, SearchPathException)


def compose_config(config_dir: Path, config_name: str, overrides: list[str]) -> DictConfig:
    """The configuration a root script would run with, outside of a run.

    Raises:
        UserError: an override is wrong.
    """
    try:
        with initialize_config_dir(str(config_dir), version_base="1.3"):
            return compose(config_name, overrides=overrides)
    except COMPOSITION_ERRORS as error:
        raise UserError(explain(error, config_dir, config_name, overrides)) from error


def find_config_dir() -> Path:
    """The `conf` folder of the checkout: the current folder's, or the one beside the package."""
    for root in (Path.cwd(), Path(__file__).resolve().parent.parent):
        if (root / "conf" / "train.yaml").is_file():
            return root / "conf"
    raise UserError(f"{Path.cwd()}: no conf/train.yaml; run this in a checkout of pokecolor")


def explain(error: Exception, config_dir: Path, config_name: str, overrides: list[str]) -> str:
    """One line on why a configuration could not be composed.

    Args:
        error: what Hydra raised; its own first line is the answer where nothing plainer is found.
        config_dir: the absolute path of the folder of configs.
        config_name: the main config.
        overrides: as given on the command line.
    """
    if missing := _PLUGIN.search(str(error)):
        group, name = missing.groups()
        return f"{group}={name}: pip install 'pokecolor[{name.partition('_')[0]}]'"
    if isinstance(error, OverrideParseException):
        return f"{error.override}: not of the form key=value or group=choice"
    try:
        with initialize_config_dir(str(config_dir), version_base="1.3"):
            loader = GlobalHydra.instance().config_loader()
            parsed = OverridesParser.create().parse_overrides(overrides)
            found = _unknown_choice(loader, parsed) or _unknown_key(loader, config_name, parsed)
    except HydraException:
        found = None  # the configs themselves are at fault, not an override
    return found or str(error).strip().splitlines()[0]


def check_values(config_name: str, overrides: list[str]) -> None:
    """Check that what is a number, or true or false, by default is not overridden by a word.

    To be called within a run of Hydra.

    Args:
        config_name: the main config.
        overrides: that compose; those of a single run, so without sweeps.

    Raises:
        UserError: one is.
    """
    loader = GlobalHydra.instance().config_loader()
    chosen, keys = _split(loader, OverridesParser.create().parse_overrides(overrides))
    config = compose(config_name, overrides=chosen)
    for override in keys:
        word = override.value()
        if not isinstance(word, str) or word in _WORDS_FOR_NUMBERS:
            continue
        with contextlib.suppress(OmegaConfBaseException):  # it refers to what a run alone has
            default = OmegaConf.select(config, override.key_or_group, throw_on_missing=False)
            if isinstance(default, bool):
                raise UserError(f"{override.input_line}: give true or false")
            if isinstance(default, int | float):
                raise UserError(f"{override.input_line}: not a number; the default is {default}")


_WORDS_FOR_NUMBERS = ("auto",)
"""What Lightning takes for a number of devices."""


def _unknown_choice(loader: ConfigLoader, overrides: list[Override]) -> str | None:
    """The first override that asks a group for a choice it does not have."""
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
                return f"{group}={choice}: no such {group}; {hint}"
    return None


def _values(override: Override) -> list[str]:
    """What an override sets, as text; a sweep sets several."""
    if override.is_sweep_override():
        return [str(value) for value in override.sweep_string_iterator()]
    return [str(override.get_value_element_as_str())]


def _unknown_key(loader: ConfigLoader, config_name: str, overrides: list[Override]) -> str | None:
    """The first override of a key that the configuration, with its groups chosen, lacks."""
    chosen, keys = _split(loader, overrides)
    config = compose(config_name, overrides=chosen, return_hydra_config=True)
    for override in keys:
        key = override.key_or_group
        if OmegaConf.select(config, key, throw_on_missing=False, default=_ABSENT) is _ABSENT:
            groups = [group for group in loader.list_groups("") if group != "hydra"]
            near = _nearest_key(key, [*groups, *_keys(config)])
            hint = f"did you mean {near}?" if near else _list(groups)
            return f"{override.input_line}: no such setting; {hint}"
    return None


def _split(loader: ConfigLoader, overrides: list[Override]) -> tuple[list[str], list[Override]]:
    """Overrides that choose for a group, a single choice each, and those of keys that exist."""
    chosen, keys = [], []
    for override in overrides:
        if loader.get_group_options(override.key_or_group):
            sign = "+" if override.is_add() else ""
            chosen.append(f"{sign}{override.key_or_group}={_values(override)[0]}")
        elif not override.is_add():
            keys.append(override)
    return chosen, keys


_ABSENT = object()


def _nearest_key(key: str, known: list[str]) -> str | None:
    """The nearest dotted key; failing that, the one whose last part is the nearest."""
    by_last_part = {name.rpartition(".")[2]: name for name in reversed(known)}
    near = difflib.get_close_matches(key, known, n=1)
    near_part = difflib.get_close_matches(key.rpartition(".")[2], by_last_part, n=1)
    return near[0] if near else by_last_part[near_part[0]] if near_part else None


def _list(choices: list[str]) -> str:
    return f"choose from {', '.join(choices)}"


def _keys(config: DictConfig, prefix: str = "") -> Iterator[str]:
    """The dotted names of all settings but Hydra's own."""
    for key in config:
        if key == "hydra" and not prefix:
            continue
        yield f"{prefix}{key}"
        # a key's node is read without resolving it: interpolations may need a running job
        node = config._get_node(key)
        if isinstance(node, DictConfig) and not node._is_none() and not node._is_interpolation():
            yield from _keys(node, f"{prefix}{key}.")
