"""Words of a command line as Hydra takes them: paths with any character, and groups set to null."""

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
"""What is quoted, a list or a mapping, or meant to be, and no path as it is."""
_PLAIN_LIST = re.compile(r"""\[([^][{}'"]*)\]""")
"""A list without anything within that needs a closer look."""
_TEXTS = ("name", "root", "csv", "report", "checkpoint", "shards", "cache", "runs", "ckpt_path")
"""Settings of which 2026_01 is a name, and no number."""


def readable(
    words: Sequence[str], config_dir: Path, config_name: str, sweeps: bool = False
) -> list[str]:
    """The words with those values quoted that Hydra would misread, which are many.

    A value that begins with "~" starts from the user's home, which shells see to in few places.
    A group's null is what Hydra calls its deletion. All else is left as it is, in error or not.

    Args:
        words: overrides, and options, which begin with "-".
        config_dir: the folder of configs, whose folders are groups.
        config_name: the main config.
        sweeps: whether a comma parts values, of a run each.

    Raises:
        UserError: a group that must be chosen for is null, or its choice is no word; or nothing
            stands behind a "=".
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
            # of a shell's variable that is not set: data.root= would be this folder
            raise UserError(f"{word}: no value; give one, {key}=null, or \"{key}=''\" for no text")
        else:
            found.append(f"{key}={_value(value, sweeps, key.rpartition('.')[2] in _TEXTS)}")
    return found


def quoted(value: str) -> str:
    """A value in quotes, which Hydra takes to the letter."""
    if "'" in value and '"' not in value:
        return f'"{_closed(value)}"'
    # of backslashes those before a quote are doubled
    return "'" + _closed(re.sub(r"(\\*)'", r"\1\1\\'", value)) + "'"


def _closed(value: str) -> str:
    """With the backslashes at the end doubled, so that they do not escape the quote there."""
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
    """None where it cannot be."""
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
    """The words that choose for a group; none for the null that is its default."""
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
    """The settings that are null where no group fills them, and the groups' default choices."""
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
