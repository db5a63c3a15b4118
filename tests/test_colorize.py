from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from pokecolor.colorize import colorize, load_pipeline, output_paths
from pokecolor.errors import UserError


class Inverter:
    """Stands for a pipeline of 64 px: it inverts its image, and notes what it was given."""

    unet = SimpleNamespace(config=SimpleNamespace(sample_size=8))
    vae_scale_factor = 8

    def __call__(self, prompt, image, num_inference_steps, generator):
        self.prompt, self.image, self.steps = prompt, image, num_inference_steps
        self.noise = torch.randn(4, generator=generator)
        return SimpleNamespace(images=[ImageOps.invert(image)])


def test_the_result_has_the_sketchs_size_and_place():
    sketch = Image.new("RGB", (200, 100), "white")
    sketch.paste("black", (0, 0, 100, 100))
    pipeline = Inverter()
    result = colorize(pipeline, sketch, "Turn it into a red fox", steps=7)
    assert pipeline.image.size == (64, 64)
    assert (pipeline.prompt, pipeline.steps) == ("Turn it into a red fox", 7)
    assert result.size == (200, 100)
    pixels = np.asarray(result)
    # away from the edge between the halves, where resizing blurs
    assert (pixels[10:90, :80] == 255).all()
    assert (pixels[10:90, 120:] == 0).all()


def test_the_noise_follows_the_seed():
    sketch = Image.new("RGB", (10, 10))
    noises = []
    for seed in (1, 1, 2):
        pipeline = Inverter()
        colorize(pipeline, sketch, "x", seed=seed)
        noises.append(pipeline.noise)
    assert torch.equal(noises[0], noises[1])
    assert not torch.equal(noises[0], noises[2])


def test_a_folder_without_a_pipeline_is_the_users_mistake(tmp_path):
    with pytest.raises(UserError, match="no pipeline there"):
        load_pipeline(tmp_path)


def test_outputs_lie_beside_the_sketches_or_where_out_says(tmp_path):
    a, b = tmp_path / "a.png", tmp_path / "b.jpg"
    assert output_paths([a, b], None) == [tmp_path / "a-color.png", tmp_path / "b-color.png"]
    assert output_paths([a], tmp_path / "x.webp") == [tmp_path / "x.webp"]
    folder = tmp_path / "new"
    assert output_paths([a, b], folder) == [folder / "a-color.png", folder / "b-color.png"]


def test_no_result_overwrites_another(tmp_path):
    with pytest.raises(UserError, match="2 sketches need a folder"):
        output_paths([tmp_path / "a.png", tmp_path / "b.png"], tmp_path / "x.png")
    with pytest.raises(UserError, match="two sketches would be written there"):
        output_paths([tmp_path / "1" / "a.png", tmp_path / "2" / "a.png"], tmp_path / "out")
