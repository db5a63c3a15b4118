"""The adapters of `pokecolor benchmark`, on tiny random weights."""

from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import DPMSolverMultistepScheduler
from diffusers.pipelines.qwenimage import pipeline_qwenimage_edit
from PIL import Image
from tiny_editors import flux2_klein, qwen_image_edit
from tiny_model import tiny_components

from benchmarks.adapters import diffusers_pipeline
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


@pytest.mark.parametrize(
    ("build", "steps", "guided"), [(flux2_klein, 4, False), (qwen_image_edit, 50, True)]
)
def test_other_editors_take_part_as_their_authors_ask(build, steps, guided, monkeypatch):
    torch.manual_seed(0)
    pipeline = build()
    pipeline.set_progress_bar_config(disable=True)
    passes = []
    pipeline.transformer.register_forward_hook(lambda *_: passes.append(1))
    monkeypatch.setattr(diffusers_pipeline, "_pipeline", lambda: pipeline)
    monkeypatch.setenv("SIZE", "64")
    # Qwen-Image-Edit looks at a million pixels, whatever it is given
    monkeypatch.setattr(pipeline_qwenimage_edit, "calculate_dimensions", lambda *_: (64, 64, None))
    sketch = Image.new("RGB", (48, 48), "white")
    first = diffusers_pipeline.color(sketch, "a red fox", 0)
    assert len(passes) == steps * (1 + guided)
    again, seed, prompt = (
        diffusers_pipeline.color(sketch, words, number)
        for words, number in (("a red fox", 0), ("a red fox", 1), ("a blue owl", 0))
    )
    assert first.size == (64, 64) and first.tobytes() == again.tobytes()
    assert seed.tobytes() != first.tobytes() != prompt.tobytes()
