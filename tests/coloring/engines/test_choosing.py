"""Which engine runs a model, and what is told where it is not installed."""

import ctypes
import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from pokecolor.coloring.engines import open_engine
from pokecolor.coloring.engines.diffusers_engine import DiffusersEngine
from pokecolor.coloring.engines.onnx_engine import OnnxEngine
from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import load_image
from pokecolor.model_files.mini import MINI

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def without(monkeypatch):
    """Hides packages."""
    find = importlib.util.find_spec

    def hide(*names):
        monkeypatch.setattr(
            importlib.util, "find_spec", lambda name: None if name in names else find(name)
        )

    return hide


@pytest.fixture
def opened(monkeypatch):
    """Each engine, unread: its name and where it would be read from."""
    for kind, name in ((OnnxEngine, "onnx"), (DiffusersEngine, "diffusers")):
        monkeypatch.setattr(kind, "read", lambda location, *_, name=name: (name, location))


@pytest.fixture
def gpu(monkeypatch):
    monkeypatch.setattr(ctypes, "CDLL", lambda name: name)
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)


def test_a_model_with_graphs_runs_on_onnx_runtime(opened):
    assert open_engine(MINI) == ("onnx", MINI)


def test_a_gpu_is_used(opened, gpu):
    assert open_engine(MINI) == ("diffusers", MINI)


def test_without_pytorch_a_gpu_is_not(opened, gpu, without):
    without("torch")
    assert open_engine(MINI) == ("onnx", MINI)


def test_without_onnx_runtime_diffusers_runs_it(opened, without):
    without("onnxruntime")
    assert open_engine(MINI) == ("diffusers", MINI)


def test_a_model_without_graphs_runs_on_diffusers(opened, tmp_path):
    assert open_engine(tmp_path) == ("diffusers", tmp_path)


def test_an_engine_can_be_named(opened):
    assert open_engine(MINI, "diffusers") == ("diffusers", MINI)


@pytest.mark.parametrize(
    ("hidden", "name", "message"),
    [
        (["torch"], None, r"torch is needed.*: pip install .*\[torch\].*; or convert the model"),
        (["diffusers"], "diffusers", "diffusers is needed, which is not installed"),
        (["onnxruntime"], "onnx", "onnxruntime is not installed: pip install"),
    ],
)
def test_what_is_not_installed_is_told(without, tmp_path, hidden, name, message):
    without(*hidden)
    with pytest.raises(UserError, match=message):
        open_engine(tmp_path, name)


def test_a_lost_graph_is_told_and_not_run_otherwise(mini):
    (mini / "vae" / "decoder.onnx").unlink()
    with pytest.raises(UserError, match=r"decoder\.onnx: missing"):
        open_engine(mini)


BLOCKED = ("torch", "diffusers", "transformers", "lightning", "hydra", "omegaconf", "onnx")
PROGRAM = f"""
import sys
sys.modules.update(dict.fromkeys({BLOCKED!r}))  # importing them fails
from pokecolor.cli import main
sys.exit(main(sys.argv[1:]))
"""


def test_coloring_needs_none_of_the_large_packages(tmp_path):
    sketch = Image.new("RGB", (160, 120), "white")
    ImageDraw.Draw(sketch).rectangle((30, 30, 120, 90), outline="black", width=3)
    sketch.save(tmp_path / "sketch.png")
    arguments = ["--prompt", "a red box", "--shade", "--layers", "--out", tmp_path / "red.png"]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, "colorize", tmp_path / "sketch.png", *arguments],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert load_image(tmp_path / "red.png").size == (160, 120)
