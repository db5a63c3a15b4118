"""What each command needs, and the line that says how to install it."""

import configparser
import importlib.metadata
import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from pokecolor import cli
from pokecolor.core import extras
from pokecolor.core.errors import UserError
from pokecolor.running.user_message import user_message

DECLARED = [
    "numpy>=1",
    "winonly>=1; sys_platform == 'amiga'",
    "torch>=2; extra == 'torch'",
    "pokecolor[torch]; extra == 'train'",
    "hydra-core>=1.3; extra == 'train'",
    "lightning>=2.5; extra == 'train'",
    "wandb>=0.2; extra == 'wandb'",
]


@pytest.fixture
def installed(monkeypatch):
    """Stands in for what is installed: versions by name, and where pokecolor came from."""
    versions, origin = {"numpy": "2.0"}, {}

    def version(name):
        if name not in versions:
            raise importlib.metadata.PackageNotFoundError(name)
        return versions[name]

    text = SimpleNamespace(read_text=lambda file: json.dumps(origin) if origin else None)
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: DECLARED)
    monkeypatch.setattr(importlib.metadata, "version", version)
    monkeypatch.setattr(importlib.metadata, "distribution", lambda name: text)
    extras.needs.cache_clear()
    yield SimpleNamespace(versions=versions, origin=origin)
    extras.needs.cache_clear()


def test_an_extra_asks_for_what_it_takes_in(installed):
    assert [requirement.name for requirement in extras.needs("")] == ["numpy"]
    assert {each.name for each in extras.needs("train")} == {"torch", "hydra-core", "lightning"}
    assert extras.needs("no such extra") == ()


def test_a_command_without_its_extra_says_what_to_install(installed, capsys):
    installed.versions["torch"] = "2.1"
    assert cli.main(["train", "--help"]) == 2
    expected = (
        "pokecolor: hydra-core and 1 more are not installed, which train needs: pip install "
        "'.[train]' in a checkout of pokecolor\n"
    )
    assert capsys.readouterr().err == expected
    installed.versions |= {"hydra-core": "1.3.4", "lightning": "2.1"}  # too old
    with pytest.raises(UserError, match=r"^lightning is not installed, which train needs"):
        extras.require("train")
    installed.versions["lightning"] = "2.6"
    extras.require("train")
    extras.require("doctor")


def test_the_hint_names_where_this_installation_came_from(installed, tmp_path, monkeypatch):
    origin = installed.origin
    origin |= {"url": tmp_path.as_uri(), "dir_info": {"editable": True}}
    assert extras.hint("train") == f"pip install -e '{tmp_path}[train]'"
    monkeypatch.chdir(tmp_path)
    origin["dir_info"] = {}
    assert extras.hint("train") == "pip install '.[train]'"
    wheel = tmp_path / "pokecolor-1-py3-none-any.whl"
    wheel.touch()
    origin.pop("dir_info")
    origin |= {"url": wheel.as_uri(), "archive_info": {}}
    assert extras.hint("train") == f"pip install 'pokecolor[train] @ {wheel.as_uri()}'"
    wheel.unlink()  # what is gone cannot be installed again
    assert extras.hint("train") == "pip install '.[train]' in a checkout of pokecolor"
    origin |= {"url": "https://x/y.git", "vcs_info": {"vcs": "git", "commit_id": "ab"}}
    assert extras.hint("train") == "pip install 'pokecolor[train] @ git+https://x/y.git@ab'"


@pytest.mark.parametrize(
    ("error", "extra"),
    [
        (ModuleNotFoundError("No module named 'hydra'", name="hydra.core"), "train"),
        # as Lightning tells of what a logger needs
        (ModuleNotFoundError("Requirement 'wandb>=0.12.10' not met."), "wandb"),
        (ModuleNotFoundError("No module named 'torch'", name="torch"), "torch"),
    ],
)
def test_a_module_that_is_missing_later_is_told_by_its_extra(installed, error, extra):
    assert extras.hint(extra) in user_message(error)


def test_every_command_and_extra_that_is_named_is_declared():
    setup = configparser.ConfigParser()
    setup.read(Path(__file__).resolve().parents[2] / "setup.cfg", encoding="utf-8")
    declared = set(setup["options.extras_require"])
    assert {*extras.COMMANDS.values(), *extras.SETTINGS} <= declared
    commands = cli._parser()._subparsers._group_actions[0].choices
    assert {*extras.COMMANDS, "colorize", "doctor"} == set(commands)
