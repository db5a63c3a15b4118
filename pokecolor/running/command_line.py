"""Prepares command lines for Hydra: quotes paths, and turns group=null into a deletion."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override
from hydra.errors import HydraException
from omegaconf import OmegaConf

from pokecolor.core.errors import UserError

_SETTING = re.compile(r"(?P<key>[+~]{0,2}[\w./@-]+)=(?P<value>.*)", re.DOTALL)
_STRUCTURE = re.compile(r"['\"].*|\[([^]]*|.*\])|\{([^}]*|.*\})", re.DOTALL)
"""A quoted value, a list or a mapping, as opposed to a path."""
_PLAIN_LIST = re.compile(r"""\[([^][{}'"]*)\]""")
"""A list without nested values."""
_TEXTS = ("name", "root", "csv", "report", "checkpoint", "shards", "cache", "runs", "ckpt_path")
"""Settings that are texts, of which 2026_01 is not a number."""


def readable(
    words: Sequence[str], config_dir: Path, config_name: str, sweeps: bool = False
) -> list[str]:
    """Quote the values that Hydra would misread.

    A leading "~" in a value becomes the user's home. A group's null becomes Hydra's deletion.
    Everything else stays as it is, including errors.

    Args:
        words: overrides, and options, which begin with "-".
        config_dir: the folder of configs, whose subfolders are groups.
        config_name: the main config.
        sweeps: whether commas separate the values of several runs.

    Raises:
        UserError: a required group is null, an option is not a word, or there is nothing after
            "=".
    """
    found = []
    for word in words:
        setting = None if word.startswith("-") else _SETTING.fullmatch(word)
        if setting is None:
            found.append(word)
            continue
        key, value = setting["key"], setting["value"]
        group = key.lstrip("+").partition("@")[0]
        if not key.startswith("~") and (config_dir / group).is_dir():
            found += _choice(key, value, group, config_dir, config_name)
        elif not value.strip() and not key.startswith("~"):
            # an unset shell variable: "data.root=" would be the current folder
            raise UserError(f"{word}: no value; give one, {key}=null, or \"{key}=''\" for no text")
        else:
            found.append(f"{key}={_value(value, sweeps, key.rpartition('.')[2] in _TEXTS)}")
    return found


def quoted(value: str) -> str:
    """Quote a value, which Hydra then takes literally."""
    if "'" in value and '"' not in value:
        return f'"{_closed(value)}"'
    # backslashes before a quote are doubled
    return "'" + _closed(re.sub(r"(\\*)'", r"\1\1\\'", value)) + "'"


def _closed(value: str) -> str:
    """Double trailing backslashes, so that they do not escape the closing quote."""
    return value + re.search(r"\\*$", value)[0]


def _value(value: str, sweeps: bool, is_text: bool = False) -> str:
    if value.startswith("~"):
        value = os.path.expanduser(value)
    parsed = _parsed(value)
    if parsed is not None:
        if is_text and type(parsed.value()) in (int, float):
            return quoted(value)
        apart = parsed.is_sweep_override() and not sweeps and "," in value
        return quoted(value) if apart and _is_path(value) else value
    if _exists(value):
        return quoted(value)
    if plain := _PLAIN_LIST.fullmatch(value):
        items = [_value(item.strip(), sweeps=False) for item in plain[1].split(",")]
        return f"[{','.join(items)}]"
    if _STRUCTURE.fullmatch(value):
        return value
    if sweeps and "," in value:
        return ",".join(_value(part, sweeps=False) for part in value.split(","))
    return quoted(value)


def _parsed(value: str) -> Override | None:
    """None if it cannot be parsed."""
    try:
        return OverridesParser.create().parse_override(f"key={value}")
    except HydraException:
        return None


def _is_path(value: str) -> bool:
    return "/" in value or _exists(value)


def _exists(value: str) -> bool:
    try:
        return bool(value) and os.path.lexists(value)
    except ValueError:  # a null byte
        return False


def _choice(key: str, value: str, group: str, config_dir: Path, config_name: str) -> list[str]:
    """The words that choose an option of a group; none for a null that is the default."""
    parsed = _parsed(value)
    choice = value
    if parsed is not None and parsed.is_sweep_override():
        if "null" in parsed.sweep_string_iterator():
            raise UserError(f"{key}={value}: null cannot be one of several; run it by itself")
    if parsed is not None and not parsed.is_sweep_override():
        choice = parsed.value()
    if choice is None:
        name = key.partition("@")[2] or group
        nullable, defaults = _of_main(config_dir, config_name)
        if key in defaults and defaults[key] is None:
            return []
        if key in defaults and name in nullable:
            return [f"~{key}"]
        raise UserError(f"{key}={value}: it cannot be left out; {_choices(config_dir / group)}")
    if not isinstance(choice, (str, list, dict)):
        raise UserError(f"{key}={value}: no such {group}; {_choices(config_dir / group)}")
    return [f"{key}={value if parsed else quoted(value)}"]


def _of_main(config_dir: Path, config_name: str) -> tuple[set[str], dict[str, str | None]]:
    """The groups that may be null, and the default option of each group."""
    nullable: set[str] = set()
    defaults: dict[str, str | None] = {}
    main = OmegaConf.to_container(OmegaConf.load(config_dir / f"{config_name}.yaml"))
    files = [main]
    for entry in main.get("defaults", []):
        if isinstance(entry, dict):
            defaults |= entry
        elif entry != "_self_":
            files.append(OmegaConf.to_container(OmegaConf.load(config_dir / f"{entry}.yaml")))
    for file in files:
        nullable |= {name for name, value in file.items() if value is None}
    return nullable, defaults


def _choices(folder: Path) -> str:
    names = sorted(path.stem for path in folder.glob("*.yaml") if not path.name.startswith("_"))
    return f"choose from {', '.join(names)}"
