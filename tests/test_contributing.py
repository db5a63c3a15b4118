"""The source, the loss term and the base model that CONTRIBUTING.md shows work as written."""

from __future__ import annotations

import re
import shlex
import textwrap
from pathlib import Path

import pytest
import torch
from diffusers import StableDiffusionInstructPix2PixPipeline
from hydra.utils import instantiate
from lightning import Trainer
from torch.utils.data import DataLoader

from pokecolor import diffusion, sources
from pokecolor.diffusion.auxiliary_losses import AuxiliaryLoss
from pokecolor.diffusion.card import ModelCard
from pokecolor.diffusion.export import export_pipeline
from pokecolor.model_files import base_models
from pokecolor.running.overrides import compose_config
from pokecolor.running.trusted_targets import build_trusted
from pokecolor.sources.drawing_source import DrawingSource
from tools.random_checkpoint import build_checkpoint

ROOT = Path(__file__).resolve().parent.parent
CONF = ROOT / "conf"

pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")


def block(recipe: str, language: str) -> str:
    """The first code block of a language in what is said of a recipe."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition(f"- {recipe}:")[2]
    found = re.search(rf"^ *```{language}\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    return textwrap.dedent(found[1])


def write(recipe: str, package, folder: Path, monkeypatch) -> None:
    """Put a recipe's module where it says, without a trace in the tree."""
    code = block(recipe, "python")
    path = re.match(r"# (pokecolor/\S+)\n", code)[1]
    assert path.startswith(f"{package.__name__.replace('.', '/')}/")
    (folder / Path(path).name).write_text(code, encoding="utf-8")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(folder)])


@pytest.fixture(scope="module")
def start(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("start")
    build_checkpoint(folder, tiny=True)
    return folder


def fit(module, folder: Path) -> Trainer:
    images = torch.rand(2, 2, 3, 64, 64, generator=torch.Generator().manual_seed(0)) * 2 - 1
    names = ["a", "b"]
    batch = {
        "id": names, "drawing_id": names, "edit_prompt": ["red ears", "a blue nose"],
        "original_image": images[0], "edited_image": images[1],
    }  # fmt: skip
    trainer = Trainer(
        accelerator="cpu", devices=1, max_steps=1, logger=False, enable_progress_bar=False,
        enable_model_summary=False, enable_checkpointing=False, default_root_dir=folder,
    )  # fmt: skip
    trainer.fit(module, DataLoader([batch], batch_size=None))
    return trainer


def test_a_source_is_one_file_and_one_config(tmp_path, monkeypatch):
    write("A source of drawings", sources, tmp_path, monkeypatch)
    config = tmp_path / "conf" / "data" / "dots.yaml"
    config.parent.mkdir(parents=True)
    config.write_text(block("A source of drawings", "yaml"), encoding="utf-8")
    search = f"hydra.searchpath=[file://{tmp_path / 'conf'}]"
    source = instantiate(compose_config(CONF, "train", ["data=dots", search]).data).source
    assert isinstance(source, DrawingSource) and len(source.drawings()) == 200
    assert {source.split_of(drawing) for drawing in source.drawings()} == {"train", "val", "test"}
    (triplet,) = source.triplets("dot-9")
    inside = (triplet.original_image != triplet.edited_image).any(-1)
    assert inside.sum() == 15 * 15  # the frame is of both
    assert source.fingerprint != type(source)().fingerprint


@pytest.mark.parametrize("twice", [False, True])
def test_a_loss_term_is_one_file(start, tmp_path, monkeypatch, twice):
    write("A loss term", diffusion, tmp_path, monkeypatch)
    _, script, override = shlex.split(block("A loss term", "bash"))
    assert script == "train.py"
    settings = [
        "model=sd15", f"model.components.checkpoint={start}", "paths.run=here", "data=creatures",
        f"model.acceleration.gradient_checkpointing={str(twice).lower()}",
    ]  # fmt: skip
    config = compose_config(CONF, "train", [*settings, override])
    trainer = fit(instantiate(config.model), tmp_path)
    assert trainer.callback_metrics["train/flat"] > 0
    # and `pokecolor export` builds what was trained
    left_out = ("optimizer", "lr_scheduler")
    exported = build_trusted(config, "model", without=left_out, kind=AuxiliaryLoss)
    assert type(exported.auxiliary_losses["flat"]).__name__ == "FlatFeatures"


def test_a_base_model_is_one_file_and_one_config(start, tmp_path, monkeypatch):
    write("A base model", base_models, tmp_path, monkeypatch)
    config = tmp_path / "conf" / "model" / "clip_skip.yaml"
    config.parent.mkdir(parents=True)
    config.write_text(block("A base model", "yaml"), encoding="utf-8")
    build_checkpoint(tmp_path / "two_layers", tiny=True, text_layers=2)
    settings = [
        "model=clip_skip", f"hydra.searchpath=[file://{tmp_path / 'conf'}]", "paths.run=here",
        f"model.components.checkpoint={tmp_path / 'two_layers'}",
    ]  # fmt: skip
    module = instantiate(compose_config(CONF, "train", settings).model)
    fit(module, tmp_path)
    folder = export_pipeline(module, tmp_path / "pipeline", ModelCard("tiny", "none", {}))
    stock = StableDiffusionInstructPix2PixPipeline.from_pretrained(folder)
    assert stock.text_encoder.config.num_hidden_layers == 1
    tokens = stock.tokenizer(["red"], padding="max_length", return_tensors="pt").input_ids
    with torch.no_grad():
        expected = stock.text_encoder(tokens)[0]
    torch.testing.assert_close(module.encoder.encode_prompt(["red"]), expected)
