import re

import numpy as np
import pytest
from diffusers import StableDiffusionInstructPix2PixPipeline
from huggingface_hub import ModelCard as HubCard
from PIL import Image

from pokecolor.diffusion.card import ModelCard


@pytest.mark.parametrize(
    ("data", "named"),
    [
        ("openmoji", {"OpenMoji"}),
        ("icons", {"Iconify"}),
        ("openmoji-creatures-crowds-things-icons", {"OpenMoji", "Iconify"}),
        ("sketch2pokemon", {"Sketch2Pokemon"}),
        ("creatures", set()),
    ],
)
def test_every_source_of_a_mixture_is_credited(data, named):
    text = ModelCard("tiny", data, {}).to_markdown(128)
    assert {name for name in ("OpenMoji", "Iconify", "Sketch2Pokemon") if name in text} == named
    assert ("Drawings: creatures." in text) == (data == "creatures")


def test_metadata_are_those_that_the_hub_reads():
    card = ModelCard(
        "random weights, beside the VAE and the text encoder of `timbrooks/instruct-pix2pix`",
        "openmoji-pokemon-blip",
        {},
        license="creativeml-openrail-m",
        datasets=("owner/lines",),
    )
    read = HubCard(card.to_markdown(256)).data
    assert read.base_model == "timbrooks/instruct-pix2pix"
    assert read.datasets == ["svjack/pokemon-blip-captions-en-ja", "owner/lines"]
    assert (read.license, read.library_name) == ("creativeml-openrail-m", "diffusers")
    assert read.pipeline_tag == "image-to-image"


@pytest.mark.parametrize("origin", ["`mini`", "`/home/me/model`", "`here/model`"])
def test_what_is_not_on_the_hub_is_no_base_model(origin, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "here" / "model").mkdir(parents=True)
    text = ModelCard(origin, "creatures", {}).to_markdown(128)
    assert HubCard(text).data.base_model is None
    assert "base_model" not in text and "datasets" not in text


def test_the_snippet_runs_and_is_right_for_the_size(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Image.new("RGBA", (40, 20)).save("sketch.png")
    shown = []

    class Drawer:
        def __call__(self, prompt, image, num_inference_steps):
            shown.append(np.asarray(image).shape)
            return type("Output", (), {"images": [image]})

    monkeypatch.setattr(
        StableDiffusionInstructPix2PixPipeline, "from_pretrained", lambda folder: Drawer()
    )
    text = ModelCard("tiny", "creatures", {}).to_markdown(192)
    (snippet,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    exec(snippet, {})
    assert shown == [(192, 192, 3)]
