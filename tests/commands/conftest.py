import pytest
from filled_in import FillIn
from PIL import Image

from pokecolor import cli


@pytest.fixture
def run(capsys):
    """Runs a command; gives its exit code, standard output and standard error."""

    def command(*arguments):
        code = cli.main([str(argument) for argument in arguments])
        return code, *capsys.readouterr()

    return command


@pytest.fixture
def sketch(tmp_path):
    path = tmp_path / "sketch.png"
    Image.new("RGB", (40, 20), "white").save(path)
    return path


@pytest.fixture
def fill_in(monkeypatch):
    monkeypatch.setattr("pokecolor.coloring.colorizer.Colorizer", FillIn)
