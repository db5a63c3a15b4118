import subprocess
import sys
from importlib.metadata import version

import pytest

import pokecolor
from pokecolor import cli


def test_help_is_light():
    loaded = "import sys; from pokecolor import cli; print(sorted(sys.modules))"
    modules = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True).stdout
    assert "'pokecolor.cli'" in modules
    assert not {"'torch'", "'diffusers'", "'lightning'", "'hydra'"} & set(modules.split(", "))


@pytest.mark.parametrize("arguments", [[], ["paint"], ["colorize", "a.png"], ["export"]])
def test_a_wrong_command_line_exits_2(arguments):
    with pytest.raises(SystemExit) as stopped:
        cli.main(arguments)
    assert stopped.value.code == 2


def test_the_version_is_the_packages(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out == f"pokecolor {version('pokecolor')}\n"
    assert pokecolor.__version__ == version("pokecolor")
