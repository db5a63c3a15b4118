"""A pipeline is put together from parts that are whole; code beside them is not run."""

import shutil

import huggingface_hub
import numpy as np
import pytest
import torch
from diffusers import DDPMScheduler, StableDiffusionInstructPix2PixPipeline
from PIL import Image
from safetensors.torch import save_file
from test_single_file import tensors_of

from pokecolor.core.errors import UserError
from pokecolor.model_files import single_file
from pokecolor.model_files.base_models import stable_diffusion
from pokecolor.model_files.base_models.reading import read_pipeline
from tools.random_checkpoint import TINY


def paint(read):
    read.set_progress_bar_config(disable=True)
    image = Image.fromarray(np.full((64, 64, 3), 255, np.uint8))
    settings = {"num_inference_steps": 2, "output_type": "np"}
    return read("green", image=image, generator=torch.Generator().manual_seed(1), **settings).images


@pytest.fixture
def run(model, tmp_path):
    """A model whose code, were it run, would leave the file `ran`."""
    model.index()
    code = f"open({str(tmp_path / 'ran')!r}, 'w')\nclass Own: pass\n"
    for place in ("own.py", "unet/own.py", "pipeline.py", "scheduler/own.py"):
        (model.path / place).write_text(code)
    yield model
    assert not (tmp_path / "ran").exists()


def test_it_paints_as_that_of_stock_diffusers(model):
    model.index()
    ours = read_pipeline(model.path)
    assert isinstance(ours.scheduler, DDPMScheduler)
    stock = StableDiffusionInstructPix2PixPipeline.from_pretrained(model.path)
    assert np.array_equal(paint(ours), paint(stock))


def test_a_single_file_paints_as_its_folder(model, whole, monkeypatch):
    monkeypatch.setattr(
        stable_diffusion, "read_single_file", lambda path: single_file.read_single_file(path, TINY)
    )
    save_file(tensors_of(whole), model.path / "a.safetensors")
    file = read_pipeline(model.path / "a.safetensors")
    model.index(scheduler=["diffusers", "DPMSolverMultistepScheduler"])
    np.testing.assert_allclose(paint(file), paint(read_pipeline(model.path)), atol=1e-5)


@pytest.mark.parametrize(
    "entries",
    [
        {"_class_name": ["own", "Own"]},
        {"unet": ["own", "Own"]},
        {"scheduler": ["own", "Own"]},
        {"watermark": ["own", "Own"]},
    ],
)
def test_code_that_an_index_names_is_refused(run, entries):
    run.index(**entries)
    with pytest.raises(UserError, match=r"it names code of its own \(own\), which is not run"):
        read_pipeline(run.path)


def test_code_that_lies_beside_is_not_run(run):
    read_pipeline(run.path)


@pytest.mark.parametrize("name", ["Nope", "StableDiffusionPipeline", "pipelines", "os"])
def test_a_scheduler_is_one_of_diffusers(model, name):
    model.index(scheduler=["diffusers", name])
    with pytest.raises(UserError, match=f"scheduler {name}: diffusers has no such"):
        read_pipeline(model.path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"_class_name": "A", "scheduler": 3}'])
def test_a_damaged_index_is_refused(model, text):
    (model.path / "model_index.json").write_text(text)
    with pytest.raises(UserError, match=r"model_index\.json: not the index of a pipeline"):
        read_pipeline(model.path)


def test_a_model_that_takes_no_sketch_is_refused(model):
    model.index(_class_name="StableDiffusionPipeline")
    model.configure("unet", in_channels=4)
    model.change("unet", lambda t: {**t, "conv_in.weight": t["conv_in.weight"][:, :4].contiguous()})
    with pytest.raises(UserError, match="paints from text alone and takes no sketch"):
        read_pipeline(model.path)


def test_a_damaged_part_is_refused(model):
    model.index()
    model.change("unet", lambda t: {k: v for k, v in t.items() if "mid_block" not in k})
    with pytest.raises(UserError, match=r"unet: \d+ tensors are missing"):
        read_pipeline(model.path)


def test_a_hub_id_is_read_from_what_the_hub_left_here(model, tmp_path, monkeypatch):
    model.index()
    commit = "0" * 40
    stored = tmp_path / "hub" / "models--me--tiny"
    (stored / "refs").mkdir(parents=True)
    (stored / "refs" / "main").write_text(commit)
    shutil.copytree(model.path, stored / "snapshots" / commit)
    for module in (huggingface_hub.constants, huggingface_hub.file_download):
        monkeypatch.setattr(module, "HF_HUB_CACHE", str(tmp_path / "hub"), raising=False)
    assert np.array_equal(paint(read_pipeline("me/tiny")), paint(read_pipeline(model.path)))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "owner/nothing",
            "owner/nothing: no folder owner/nothing here, not in",
        ),
        ("no/such/folder", "no/such/folder: no pipeline there"),
        ("./nothing", "nothing: no pipeline there"),
        ("owner/a.safetensors", "owner/a.safetensors: no pipeline there"),
    ],
)
def test_what_is_neither_here_nor_on_the_hub_is_one_line(name, message):
    with pytest.raises(UserError, match=message) as caught:
        read_pipeline(name)
    assert "\n" not in str(caught.value)
