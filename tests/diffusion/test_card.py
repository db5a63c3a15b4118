import re

import numpy as np
import pytest
from diffusers import StableDiffusionInstructPix2PixPipeline
from huggingface_hub import ModelCard as HubCard
from PIL import Image

from pokecolor.diffusion.card import ModelCard
from pokecolor.model_files.sampling import Sampling

PIPELINE = "StableDiffusionInstructPix2PixPipeline"


def test_the_drawings_are_credited():
    card = ModelCard("tiny", "openmoji", {}, attribution="Drawings: OpenMoji.")
    text = card.to_markdown(Sampling(), "AnyPipeline", 128)
    assert "## Data\n\nDrawings: OpenMoji.\n\n##" in text


def test_drawings_without_a_credit_are_named():
    text = ModelCard("tiny", "creatures", {}).to_markdown(Sampling(), "AnyPipeline", 128)
    assert "from diffusers import AnyPipeline\n" in text
    assert "## Data\n\nDrawings: creatures.\n\n##" in text


def test_metadata_are_those_that_the_hub_reads():
    card = ModelCard(
        "random weights, beside the VAE and the text encoder of `timbrooks/instruct-pix2pix`",
        "a mixture",
        {},
        license="creativeml-openrail-m",
        datasets=("owner/lines", "owner/more"),
    )
    read = HubCard(card.to_markdown(Sampling(), PIPELINE, 256)).data
    assert read.base_model == "timbrooks/instruct-pix2pix"
    assert read.datasets == ["owner/lines", "owner/more"]
    assert (read.license, read.library_name) == ("creativeml-openrail-m", "diffusers")
    assert read.pipeline_tag == "image-to-image"


@pytest.mark.parametrize("origin", ["`mini`", "`/home/me/model`", "`here/model`"])
def test_what_is_not_on_the_hub_is_no_base_model(origin, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here" / "model").mkdir(parents=True)
    text = ModelCard(origin, "creatures", {}).to_markdown(Sampling(), PIPELINE, 128)
    assert HubCard(text).data.base_model is None
    assert "base_model" not in text and "datasets" not in text


def test_the_snippet_runs_and_is_right_for_the_size(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.new("RGBA", (40, 20)).save("sketch.png")
    shown = []

    class Drawer:
        def __call__(self, prompt, image, **settings):
            shown.append((np.asarray(image).shape, *settings.values()))
            return type("Output", (), {"images": [image]})

    monkeypatch.setattr(
        StableDiffusionInstructPix2PixPipeline, "from_pretrained", lambda folder: Drawer()
    )
    text = ModelCard("tiny", "creatures", {}).to_markdown(Sampling(), PIPELINE, 192)
    (snippet,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(snippet, {})
    assert shown == [((192, 192, 3), 20, 7.5, 1.5)]
