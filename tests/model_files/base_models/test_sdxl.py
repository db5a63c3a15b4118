"""SDXL trains, goes on, adapts and exports as Stable Diffusion does, and as diffusers draws."""

from __future__ import annotations

import functools
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from accelerate import init_empty_weights
from diffusers import StableDiffusionXLInstructPix2PixPipeline, UNet2DConditionModel
from hydra.utils import instantiate
from lightning import Trainer
from PIL import Image

from pokecolor.coloring.colorizer import Colorizer
from pokecolor.core.errors import UserError
from pokecolor.core.training.checkpoint_io import AtomicCheckpointIO
from pokecolor.core.training.resumption import Resumption
from pokecolor.diffusion.card import ModelCard
from pokecolor.diffusion.components import load_components
from pokecolor.diffusion.export import export_pipeline
from pokecolor.diffusion.pipeline import build_pipeline
from pokecolor.model_files.base_models.base_model import Conditions
from pokecolor.model_files.base_models.reading import read_pipeline
from pokecolor.model_files.base_models.sdxl import StableDiffusionXL
from pokecolor.model_files.sampling import Sampling
from pokecolor.running.overrides import compose_config
from tools.random_checkpoint import build_checkpoint, xl_configs

CONF = Path(__file__).resolve().parents[3] / "conf"
CARD = ModelCard("tiny", "none", {})

pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")


@pytest.fixture(scope="module")
def start(tmp_path_factory) -> Path:
    """A tiny text-to-image SDXL."""
    folder = tmp_path_factory.mktemp("sdxl")
    build_checkpoint(folder, tiny=True, xl=True)
    return folder


def build(start: Path, *overrides: str):
    """The module as `train.py model=sdxl` builds it."""
    settings = ["model=sdxl", f"model.components.checkpoint={start}", "model.optimizer.lr=1e-2"]
    config = compose_config(CONF, "train", [*settings, "paths.run=here", *overrides])
    return instantiate(config.model)


class Batches:
    """Ready-made batches, whose place can be saved and restored."""

    def __init__(self, batches: list[dict]) -> None:
        self.batches, self.taken, self.skip = batches, 0, 0

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self):
        self.taken, self.skip = self.skip, 0
        for batch in self.batches[self.taken :]:
            self.taken += 1
            yield batch

    def state_dict(self) -> dict:
        return {"taken": self.taken}

    def load_state_dict(self, state: dict) -> None:
        self.skip = state["taken"]


def batches(count: int) -> Batches:
    generator = torch.Generator().manual_seed(0)
    stream = []
    for number in range(count):
        names = [f"{number}-{row}" for row in range(2)]
        images = torch.rand(2, 2, 3, 64, 64, generator=generator) * 2 - 1
        stream.append(
            {
                "id": names,
                "drawing_id": names,
                "edit_prompt": ["red ears", "a blue nose"],
                "original_image": images[0],
                "edited_image": images[1],
            }
        )
    return Batches(stream)


def fit(module, folder: Path, steps: int, ckpt_path: Path | None = None):
    trainer = Trainer(
        accelerator="cpu", devices=1, max_steps=steps, logger=False, enable_progress_bar=False,
        enable_model_summary=False, enable_checkpointing=False, default_root_dir=folder,
        plugins=[AtomicCheckpointIO()], callbacks=[Resumption({})],
    )  # fmt: skip
    trainer.fit(module, batches(4), ckpt_path=ckpt_path)
    return trainer


def draw(pipeline, prompt="red ears") -> np.ndarray:
    pipeline.set_progress_bar_config(disable=True)
    many = isinstance(prompt, list)
    sketch = Image.fromarray(np.full((64, 64, 3), 255, np.uint8))
    settings = {"num_inference_steps": 2, "output_type": "np", "guidance_scale": 3.0}
    settings["generator"] = torch.Generator().manual_seed(7)
    return pipeline(prompt, image=[sketch] * len(prompt) if many else sketch, **settings).images


def test_it_trains_exports_and_stock_diffusers_draws_the_same(start, tmp_path):
    module = build(start)
    assert module.unet.config.in_channels == 8, "widened"
    before = module.unet.add_embedding.linear_1.weight.detach().clone()
    fit(module, tmp_path, 2)
    assert not torch.equal(before, module.unet.add_embedding.linear_1.weight)
    with module.averaged_weights():
        ours = draw(build_pipeline(module))
    folder = export_pipeline(module, tmp_path / "pipeline", CARD)
    stock = StableDiffusionXLInstructPix2PixPipeline.from_pretrained(folder)
    assert np.array_equal(draw(stock), ours)
    assert stock.unet.config.sample_size == 8
    assert np.array_equal(draw(read_pipeline(folder)), ours)
    assert Sampling.load(folder) == Sampling(30, 3.0, 1.5)
    assert "import StableDiffusionXLInstructPix2PixPipeline\n" in (folder / "README.md").read_text()
    again = load_components(str(folder), architecture="sdxl")
    assert torch.equal(again.unet.conv_in.weight, stock.unet.conv_in.weight)


def test_a_run_that_goes_on_is_one_that_never_stopped(start, tmp_path):
    whole = build(start)
    fit(whole, tmp_path, 3)
    fit(build(start), tmp_path, 2).save_checkpoint(tmp_path / "two.ckpt")
    resumed = build(start)
    fit(resumed, tmp_path, 3, tmp_path / "two.ckpt")
    for one, other in zip(whole.unet.parameters(), resumed.unet.parameters(), strict=True):
        assert torch.equal(one, other)


def test_lora_trains_alone_and_is_exported_merged_and_by_itself(start, tmp_path):
    module = build(start, "model.lora.rank=2")
    trained = {name for name, value in module.unet.named_parameters() if value.requires_grad}
    assert trained and all(".lora_" in name for name in trained)
    fit(module, tmp_path, 2)
    with module.averaged_weights():
        ours = draw(build_pipeline(module))
    folder = export_pipeline(module, tmp_path / "pipeline", CARD)
    stock = StableDiffusionXLInstructPix2PixPipeline.from_pretrained(folder)
    np.testing.assert_allclose(draw(stock), ours, atol=1e-5)
    untrained = build(start)
    untrained.unet.register_to_config(sample_size=8)
    base = build_pipeline(untrained)
    base.load_lora_weights(folder / "lora")
    np.testing.assert_allclose(draw(base), ours, atol=1e-4)


def test_the_network_is_told_in_training_what_diffusers_tells_it(start):
    """Of each of the three guidance branches: text, summary, sizes, image."""
    module = build(start)
    base, calls = module.encoder, []
    forward = base.unet.forward

    @functools.wraps(forward)
    def note(*args, **kwargs):
        calls.append((args, kwargs))
        return forward(*args, **kwargs)

    base.unet.register_to_config(sample_size=8)
    base.unet.forward = note
    draw(build_pipeline(module))
    (sample, timestep), theirs = calls[0][0], calls[0][1]
    image = base.encode_original(torch.ones(1, 3, 64, 64))
    text = base.encode_prompt(["red ears"])
    none = base.null_prompt
    given = Conditions(
        torch.cat([image, image, torch.zeros_like(image)]), torch.cat([text, none, none])
    )
    calls.clear()
    base.predict(sample[:, :4], timestep.expand(3), given)
    (ours, _, tokens), kwargs = calls[0]
    torch.testing.assert_close(ours, sample)
    torch.testing.assert_close(tokens, theirs["encoder_hidden_states"])
    for name, value in theirs["added_cond_kwargs"].items():
        torch.testing.assert_close(kwargs["added_cond_kwargs"][name], value)


def test_the_colorizer_draws_with_it_and_reports_its_steps(start, tmp_path):
    module = build(start)
    fit(module, tmp_path, 1)
    colorizer = Colorizer.from_pretrained(export_pipeline(module, tmp_path / "pipeline", CARD))
    sketch, shares = Image.new("RGB", (50, 70), "white"), []
    colorings = colorizer.paint(
        [sketch] * 2, ["red ears", "a blue nose"], [1, 2], steps=2, on_step=shares.append
    )
    assert [coloring.image().size for coloring in colorings] == [(50, 70)] * 2
    assert shares == [0.5, 1.0]


def test_prompts_differ_by_both_encoders(start):
    base = load_components(str(start), architecture="sdxl")
    before, text = base.encode_prompt(["red"]), base.text_fingerprint
    changed = load_components(str(start), architecture="sdxl")
    for parameter in changed.text_encoder_2.parameters():
        parameter.data += 0.1
    after = changed.encode_prompt(["red"])
    width = base.text_encoder.config.hidden_size
    assert torch.equal(after[:, :-1, :width], before[:, :-1, :width])
    assert not torch.equal(after[:, :-1, width:], before[:, :-1, width:])
    assert not torch.equal(after[:, -1], before[:, -1])
    assert changed.text_fingerprint != text


def test_other_architectures_are_refused_in_one_line(start, tmp_path):
    with pytest.raises(UserError, match=r"as SDXL's text_time.*model=sdxl"):
        load_components(str(start))
    build_checkpoint(tmp_path / "sd15", tiny=True)
    with pytest.raises(UserError, match="this UNet lacks an added embedding"):
        load_components(str(tmp_path / "sd15"), architecture="sdxl")
    (tmp_path / "xl.safetensors").touch()
    with pytest.raises(UserError, match="not read from a single file"):
        load_components(str(tmp_path / "xl.safetensors"), architecture="sdxl")
    shutil.copytree(start, tmp_path / "mixed")
    unet = UNet2DConditionModel(
        **{**xl_configs(tiny=True)["unet"], "projection_class_embeddings_input_dim": 90},
        in_channels=8, out_channels=4,
    )  # fmt: skip
    unet.save_pretrained(tmp_path / "mixed" / "unet")
    with pytest.raises(UserError, match="takes 90 numbers on text and sizes, and gets 80"):
        load_components(str(tmp_path / "mixed"), architecture="sdxl")
    with pytest.raises(UserError, match=r"architecture=sdx: choose one of sdxl, stable_diffusion"):
        load_components(str(start), architecture="sdx")


def test_full_size_is_that_of_sdxl():
    with init_empty_weights():
        unet = UNet2DConditionModel(**xl_configs()["unet"], in_channels=4, out_channels=4)
    assert sum(parameter.numel() for parameter in unet.parameters()) == 2_567_463_684
    assert unet.config.cross_attention_dim == 2048
    assert StableDiffusionXL.pipeline == StableDiffusionXLInstructPix2PixPipeline.__name__
