"""The adapters of `pokecolor benchmark`, on tiny random weights."""

from pathlib import Path

import numpy as np
import pytest
from diffusers import DPMSolverMultistepScheduler
from PIL import Image
from tiny_model import tiny_components

from pokecolor.evaluation.benchmark.function_colorizer import FunctionColorizer

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def model(tmp_path, monkeypatch):
    """A tiny InstructPix2Pix in diffusers layout."""
    components = tiny_components()
    schedule = DPMSolverMultistepScheduler.from_config(components.scheduler.config)
    components.to_pipeline(schedule).save_pretrained(tmp_path / "model")
    monkeypatch.setenv("MODEL", str(tmp_path / "model"))
    monkeypatch.setenv("SIZE", "32")
    monkeypatch.chdir(ROOT)
    return tmp_path / "model"


def test_a_pipeline_of_diffusers_takes_part(model):
    colorizer = FunctionColorizer("benchmarks.adapters.diffusers_pipeline:color")
    sketches = [Image.new("RGB", (24, 48), "white")] * 3
    found = colorizer.paint(sketches, ["a red fox"] * 3, [0, 0, 1])
    first, again, other = (np.asarray(each.image()) for each in found)
    assert first.shape == (32, 16, 3)
    assert (first == again).all() and (first != other).any()
    assert str(model) in colorizer.fingerprint()
