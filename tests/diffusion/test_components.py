"""Reading a model: from a folder, at random, and what is said when there is none."""

from __future__ import annotations

import shutil

import pytest
import torch
from diffusers import DPMSolverMultistepScheduler
from safetensors.torch import load_file, save_file
from tiny_model import LATENT_CHANNELS, tiny_components, tiny_unet

from pokecolor.core.errors import UserError
from pokecolor.diffusion import components
from pokecolor.diffusion.components import load_components
from pokecolor.model_files.base_models import stable_diffusion
from pokecolor.model_files.sampling import Sampling
from pokecolor.model_files.single_file import SingleFile


def test_an_eight_channel_start_is_kept(checkpoint_folder):
    from diffusers import UNet2DConditionModel

    saved = UNet2DConditionModel.from_pretrained(checkpoint_folder, subfolder="unet")
    loaded = load_components(str(checkpoint_folder))
    assert torch.equal(loaded.unet.conv_in.weight, saved.conv_in.weight)
    assert loaded.scheduler.config.beta_start == 0.00085


def test_a_text_to_image_start_is_widened(checkpoint_folder, tmp_path):
    folder = tmp_path / "sd"
    shutil.copytree(checkpoint_folder, folder)
    tiny_unet(LATENT_CHANNELS).save_pretrained(folder / "unet")
    assert load_components(str(folder)).unet.config.in_channels == 2 * LATENT_CHANNELS


def test_scratch_depends_on_the_seed_alone(checkpoint_folder):
    config = dict(tiny_unet().config)
    config = {k: v for k, v in config.items() if not k.startswith("_")}
    weights = [
        load_components(str(checkpoint_folder), "scratch", config, seed=seed).unet.conv_in.weight
        for seed in (1, 1, 2)
    ]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


def test_half_precision_files_are_read_in_full(checkpoint_folder, tmp_path):
    parts = load_components(str(checkpoint_folder))
    for name in ("vae", "text_encoder", "unet"):
        getattr(parts, name).half().save_pretrained(tmp_path / name)
    parts.tokenizer.save_pretrained(tmp_path / "tokenizer")
    loaded = load_components(str(tmp_path))
    for model in (loaded.vae, loaded.text_encoder, loaded.unet):
        assert {parameter.dtype for parameter in model.parameters()} == {torch.float32}


def test_a_checkpoints_own_sampling_settings_are_read(checkpoint_folder, tmp_path):
    folder = tmp_path / "pipeline"
    shutil.copytree(checkpoint_folder, folder)
    Sampling(4, 3.0, 1.1).save(folder)
    assert load_components(str(folder)).sampling == Sampling(4, 3.0, 1.1)
    assert load_components(str(checkpoint_folder)).sampling == Sampling()


def test_prediction_type_can_be_set(checkpoint_folder):
    loaded = load_components(str(checkpoint_folder), prediction_type="v_prediction")
    assert loaded.scheduler.config.prediction_type == "v_prediction"


def test_the_schedule_can_end_in_pure_noise(checkpoint_folder):
    """Lin et al. 2024, algorithm 1: the first alpha_bar stays, the last one is 0."""
    own = load_components(str(checkpoint_folder)).scheduler
    loaded = load_components(
        str(checkpoint_folder), prediction_type="v_prediction", zero_terminal_snr=True
    ).scheduler
    assert own.alphas_cumprod[-1] > 0
    assert loaded.alphas_cumprod[-1] == 0
    assert loaded.alphas_cumprod[0].item() == pytest.approx(own.alphas_cumprod[0].item(), rel=1e-5)
    sampler = DPMSolverMultistepScheduler.from_config(loaded.config)
    sampler.set_timesteps(4)
    assert sampler.timesteps[0] == 999


def test_pure_noise_is_nothing_to_predict_epsilon_from(checkpoint_folder):
    with pytest.raises(UserError, match="prediction_type=v_prediction"):
        load_components(str(checkpoint_folder), prediction_type="epsilon", zero_terminal_snr=True)


def test_shipped_weights_go_by_their_name(checkpoint_folder, monkeypatch):
    monkeypatch.setattr(components, "SHIPPED", checkpoint_folder.parent)
    root = components.resolve_checkpoint_root(checkpoint_folder.name)
    assert root == str(checkpoint_folder)


@pytest.mark.parametrize(
    "missing", ["./nowhere", "nowhere", "/no/such/folder", "no/model.ckpt", "a/b.safetensors", ""]
)
def test_a_missing_path_is_named_and_no_hub_is_asked(missing, monkeypatch):
    monkeypatch.setattr("huggingface_hub.hf_hub_download", None)  # calling it would raise
    with pytest.raises(UserError, match="no such folder or file"):
        load_components(missing)


def test_what_exists_is_never_taken_for_a_hub_id(checkpoint_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("huggingface_hub.hf_hub_download", None)
    shutil.copytree(checkpoint_folder, "owner/name")
    load_components("owner/name")
    (tmp_path / "owner" / "empty").mkdir()
    with pytest.raises(UserError, match=r"owner/empty: has no folder (scheduler|vae)/"):
        load_components("owner/empty")
    (tmp_path / "owner" / "file").touch()
    with pytest.raises(UserError, match=r"owner/file: weights are read from \.safetensors and"):
        load_components("owner/file")


def test_a_folder_called_mini_is_not_the_shipped_one(checkpoint_folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(checkpoint_folder, "mini")
    assert components.resolve_checkpoint_root("mini") == str(components.SHIPPED / "mini")
    assert components.resolve_checkpoint_root("./mini") == "mini"


def test_a_single_file_is_read(checkpoint_folder, tmp_path, monkeypatch):
    parts = load_components(str(checkpoint_folder))
    read = SingleFile(parts.vae, parts.text_encoder, parts.tokenizer, tiny_unet(LATENT_CHANNELS))
    monkeypatch.setattr(stable_diffusion, "read_single_file", lambda path: read)
    (tmp_path / "a.safetensors").touch()
    loaded = load_components(str(tmp_path / "a.safetensors"))
    assert loaded.unet.config.in_channels == 2 * LATENT_CHANNELS, "widened"
    assert loaded.scheduler.config.beta_start == 0.00085


@pytest.mark.parametrize("part", ["unet", "vae", "text_encoder"])
def test_a_part_that_is_not_whole_is_named(checkpoint_folder, tmp_path, part):
    shutil.copytree(checkpoint_folder, tmp_path / "sd")
    (file,) = (tmp_path / "sd" / part).glob("*.safetensors")
    tensors = load_file(file)
    del tensors[max(tensors)]
    save_file(tensors, file, metadata={"format": "pt"})
    with pytest.raises(UserError, match=rf"sd/{part}: 1 tensor is missing \(such as "):
        load_components(str(tmp_path / "sd"))


def test_inpainting_is_named(checkpoint_folder, tmp_path):
    shutil.copytree(checkpoint_folder, tmp_path / "sd")
    tiny_unet(9).save_pretrained(tmp_path / "sd" / "unet")
    with pytest.raises(UserError, match=r"a UNet for inpainting \(9 input channels\)"):
        load_components(str(tmp_path / "sd"))


def test_a_missing_part_is_named(checkpoint_folder, tmp_path):
    shutil.copytree(checkpoint_folder, tmp_path / "sd")
    shutil.rmtree(tmp_path / "sd" / "unet")
    with pytest.raises(UserError, match="no folder unet/"):
        load_components(str(tmp_path / "sd"))


def test_a_hub_miss_says_what_works_offline(monkeypatch):
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(UserError, match="model=mini, which works offline") as caught:
        load_components("nobody/no-such-model")
    assert "\n" not in str(caught.value)


def test_tiny_components_start_alike():
    """Tests that compare two modules rest on this."""
    one, other = tiny_components().unet.state_dict(), tiny_components().unet.state_dict()
    assert all(torch.equal(one[name], other[name]) for name in one)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"unet": "foo"}, "unet=foo: choose pretrained or scratch"),
        ({"prediction_type": "foo"}, "prediction_type=foo: choose epsilon, v_prediction"),
    ],
)
def test_a_choice_that_there_is_not_is_refused(settings, message):
    with pytest.raises(UserError, match=message):
        load_components("mini", **settings)
