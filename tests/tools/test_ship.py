import json

import pytest
import torch
from diffusers import DDPMScheduler, UNet2DConditionModel
from safetensors.torch import load_file

from pokecolor.model_files.checksums import NAME, find_changes
from pokecolor.model_files.sampling import Sampling
from tools.ship import ship


@pytest.fixture
def run(tmp_path):
    """What a run leaves: a pipeline's UNet and schedule."""
    pipeline = tmp_path / "run" / "pipeline"
    unet = UNet2DConditionModel(
        block_out_channels=(8, 8), norm_num_groups=4, cross_attention_dim=8, attention_head_dim=4,
        down_block_types=("DownBlock2D", "DownBlock2D"), up_block_types=("UpBlock2D", "UpBlock2D"),
        layers_per_block=1,
    )  # fmt: skip
    unet.save_pretrained(pipeline / "unet")
    DDPMScheduler().save_pretrained(pipeline / "scheduler")
    (pipeline / "model_index.json").write_text("{}")
    (pipeline / "README.md").write_text("a card")
    Sampling(4).save(pipeline)
    return tmp_path / "run"


def test_a_pipelines_unet_ships_as_float16_without_its_folder(run, tmp_path):
    target = tmp_path / "mini"
    target.mkdir()
    assert ship(run, target) == ["unet", "scheduler"]
    weights = load_file(target / "unet" / "diffusion_pytorch_model.safetensors")
    assert {weight.dtype for weight in weights.values()} == {torch.float16}
    settings = json.loads((target / "unet" / "config.json").read_text())
    assert str(tmp_path) not in json.dumps(settings)
    assert (target / "model_index.json").is_file() and Sampling.load(target) == Sampling(4)
    assert (target / "unet" / "README.md").read_text() == "a card"
    assert "unet/config.json" in (target / NAME).read_text()
    assert find_changes(target) == []


def test_a_part_ships_as_it_is(tmp_path):
    run, target = tmp_path / "run", tmp_path / "mini"
    (run / "vae").mkdir(parents=True)
    (run / "vae" / "config.json").write_text('{"_name_or_path": "somewhere", "kept": 1}')
    assert ship(run, target) == ["vae"]
    assert json.loads((target / "vae" / "config.json").read_text()) == {"kept": 1}
