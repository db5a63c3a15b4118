"""Checks the values of overrides before a run begins."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

from hydra import compose
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import InterpolationKeyError, OmegaConfBaseException

from pokecolor.core.earlier_names import present_setting
from pokecolor.core.errors import UserError
from pokecolor.running.overrides import setting_names, split_overrides

if TYPE_CHECKING:
    from hydra.core.override_parser.types import Override


def require_present_names(config: DictConfig) -> None:
    """Refuse settings with an earlier name in config files.

    Raises:
        UserError: tells the first such name, and its current name.
    """
    for name in setting_names(config):
        if (today := present_setting(name)) != name:
            raise UserError(f"{name}: it is called {today} now; rename it in the config file")


def check_values(config_name: str, overrides: list[str]) -> None:
    """Check that numbers and booleans are overridden by values of the same kind.

    Must be called within a run of Hydra.

    Args:
        config_name: the main config.
        overrides: valid overrides of a single run, without sweeps.

    Raises:
        UserError: a value has another kind.
    """
    loader = GlobalHydra.instance().config_loader()
    parsed = OverridesParser.create().parse_overrides(overrides)
    for override in parsed:  # an added setting may have any name
        if (today := present_setting(override.key_or_group)) != override.key_or_group:
            raise UserError(f"{override.input_line}: it is called {today} now")
    chosen, keys = split_overrides(loader, parsed)
    config = compose(config_name, overrides=chosen)
    for override in keys:
        with contextlib.suppress(OmegaConfBaseException):  # of settings that only a run has
            default = OmegaConf.select(config, override.key_or_group, throw_on_missing=False)
            value = override.value()
            if isinstance(value, str) and "${" in value:
                value = _resolve(config_name, chosen, override)
            wrong = _wrong_value(override.key_or_group, value, default)
            if wrong:
                raise UserError(f"{override.input_line}: {wrong}")


def _resolve(config_name: str, chosen: list[str], override: Override) -> Any:
    """Resolve a value that refers to others."""
    config = compose(config_name, overrides=[*chosen, override.input_line])
    try:
        return OmegaConf.select(config, override.key_or_group)
    except InterpolationKeyError as error:
        raise UserError(f"{override.input_line}: {str(error).splitlines()[0]}") from None


def _wrong_value(key: str, value: Any, default: Any) -> str | None:
    """What to give instead; None if the value may be right."""
    if key.rpartition(".")[2] == "seed":
        fits = type(value) is int and 0 <= value < MAX_SEED
        return None if fits else f"give a whole number from 0 to {MAX_SEED - 1}"
    if isinstance(default, bool):
        return "give true or false" if isinstance(value, str) else None
    if not isinstance(default, int | float) or value in _WORDS_FOR_NUMBERS:
        return None
    if isinstance(value, str | bool):
        return f"not a number; the default is {default}"
    if isinstance(default, int) and isinstance(value, float) and not _MAY_BE_SHARES.match(key):
        return f"give a whole number; the default is {default}"
    return None


MAX_SEED = 2**32
"""NumPy's limit."""
_WORDS_FOR_NUMBERS = ("auto",)
"""Words that Lightning accepts for a number of devices."""
_MAY_BE_SHARES = re.compile(r"trainer\.(limit_|overfit_|val_check_interval)")
"""Settings that Lightning takes as a number of batches or as a share."""
