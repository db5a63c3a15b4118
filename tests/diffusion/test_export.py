"""An exported pipeline is safetensors with a card, and stock diffusers draws with it as we do."""

from __future__ import annotations

import functools
from pathlib import Path

import numpy as np
import pytest
import torch
from diffusers import StableDiffusionInstructPix2PixPipeline, UNet2DConditionModel
from PIL import Image
from safetensors import SafetensorError, safe_open
from tiny_model import DIM, SAMPLING, Stream, tiny_module, tiny_trainer

from pokecolor.core.errors import UserError
from pokecolor.diffusion.acceleration import Acceleration
from pokecolor.diffusion.card import ModelCard
from pokecolor.diffusion.export import export_pipeline, push_to_hub
from pokecolor.diffusion.lora import LoRA
from pokecolor.diffusion.pipeline import build_pipeline
from pokecolor.model_files.sampling import Sampling
from pokecolor.model_files.saving import require_replaceable

# most runs here need no validation
pytestmark = pytest.mark.filterwarnings("ignore:You defined a `validation_step`")

CREDIT = "Drawings: OpenMoji, CC BY-SA 4.0."
CARD = ModelCard("tiny", "openmoji-v1", {"optimizer steps": 3}, attribution=CREDIT)


def trained(tmp_path, **settings):
    module = tiny_module(learning_rate=1e-2, **settings)
    tiny_trainer(tmp_path, max_steps=3).fit(module, Stream())
    return module


def draw(pipeline) -> np.ndarray:
    sketch = Image.fromarray(np.full((16, 16, 3), 255, np.uint8))
    generator = torch.Generator().manual_seed(7)
    settings = {"num_inference_steps": 3, "output_type": "np", "generator": generator}
    return pipeline("Turn it green", image=sketch, **settings).images[0]


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
def test_stock_diffusers_draws_the_same_image(tmp_path, prediction):
    module = trained(tmp_path, prediction=prediction)
    with module.averaged_weights():
        ours = draw(build_pipeline(module))
    assert not np.array_equal(ours, draw(build_pipeline(module)))  # live weights draw otherwise
    folder = export_pipeline(module, tmp_path / "pipeline", CARD)
    stock = StableDiffusionInstructPix2PixPipeline.from_pretrained(folder)
    assert np.array_equal(draw(stock), ours)


def test_the_folder_holds_averaged_weights_as_safetensors_and_a_card(tmp_path):
    module = trained(tmp_path)
    folder = export_pipeline(module, tmp_path / "pipeline", CARD)
    unet = UNet2DConditionModel.from_pretrained(folder, subfolder="unet")
    for saved, average in zip(unet.parameters(), module.ema.shadow_params, strict=True):
        assert torch.equal(saved, average)
    suffixes = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert suffixes <= {".safetensors", ".json", ".md", ".txt"}
    card = (folder / "README.md").read_text()
    assert CREDIT in card and "| optimizer steps | 3 |" in card
    assert "num_inference_steps=2," in card and "guidance_scale=3.0," in card
    assert Sampling.load(folder) == module.components.sampling == SAMPLING
    assert [path.name for path in tmp_path.glob(".*")] == []  # nothing half-written stays


def test_a_second_export_replaces_the_first(tmp_path):
    module = trained(tmp_path)
    folder = export_pipeline(module, tmp_path / "pipeline", CARD)
    (folder / "stale").touch()
    export_pipeline(module, tmp_path / "pipeline", CARD)
    assert not (folder / "stale").exists()


def test_what_is_no_pipeline_is_not_replaced(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").touch()
    for name in ("nothing", "empty"):
        require_replaceable(tmp_path / name)
    for name in ("mine", "mine/notes.txt"):
        with pytest.raises(UserError, match=f"{name}: is no pipeline, and would be replaced"):
            require_replaceable(tmp_path / name)


@pytest.mark.parametrize("phase", ["save_pretrained", "rename"])
def test_ctrl_c_leaves_the_earlier_export(tmp_path, monkeypatch, phase):
    def stop(*_, **__):
        raise KeyboardInterrupt

    module = tiny_module()
    folder = export_pipeline(module, tmp_path / "pipeline", CARD)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    kind = StableDiffusionInstructPix2PixPipeline if phase == "save_pretrained" else Path
    monkeypatch.setattr(kind, phase, stop)
    with pytest.raises(KeyboardInterrupt):
        export_pipeline(module, folder, CARD)
    monkeypatch.undo()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    assert [path.name for path in tmp_path.iterdir()] == ["pipeline"]
    export_pipeline(module, folder, CARD)


@pytest.mark.parametrize("channels_last", [False, True])
def test_lora_is_merged_and_also_saved_by_itself(tmp_path, channels_last):
    fast = Acceleration(channels_last=channels_last)
    module = trained(tmp_path, lora=LoRA(rank=2, alpha=6), acceleration=fast)
    with module.averaged_weights():
        ours = draw(build_pipeline(module))
        noisy, timestep, embeds = (
            torch.randn(1, 8, 8, 8),
            torch.tensor([500]),
            torch.randn(1, 3, DIM),
        )
        with torch.no_grad():
            adapted = module.unet(noisy, timestep, embeds).sample
    folder = export_pipeline(module, tmp_path / "pipeline", CARD)
    stock = StableDiffusionInstructPix2PixPipeline.from_pretrained(folder)
    # another memory format sums in another order
    np.testing.assert_allclose(draw(stock), ours, atol=1e-5 if channels_last else 0)
    with torch.no_grad():
        torch.testing.assert_close(stock.unet(noisy, timestep, embeds).sample, adapted)

    for lora in (folder / "lora", folder / "lora_kohya.safetensors"):
        base = build_pipeline(tiny_module())  # the same start, with no training
        before = draw(base)
        base.load_lora_weights(lora)
        assert not np.allclose(draw(base), before, atol=1e-4)
        np.testing.assert_allclose(draw(base), ours, atol=1e-4)


def test_files_of_lora_say_what_they_are(tmp_path):
    module = tiny_module(lora=LoRA(rank=2, alpha=6))
    folder = export_pipeline(module, tmp_path / "mine" / "pipeline", CARD)
    with safe_open(folder / "lora_kohya.safetensors", "pt") as file:
        said, names = file.metadata(), set(file.keys())
        assert file.get_tensor("lora_unet_conv_in.alpha") == 6
    assert {
        "ss_network_module": "networks.lora",
        "ss_network_dim": "2",
        "ss_network_alpha": "6",
        "ss_output_name": "mine",
        "modelspec.sai_model_spec": "1.0.1",
        "modelspec.architecture": "custom/lora",  # no size that anyone else has
        "modelspec.prediction_type": "epsilon",
    }.items() <= said.items()
    attention = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_out_0"
    for layer in ("lora_unet_conv_in", attention):
        assert {f"{layer}.lora_down.weight", f"{layer}.lora_up.weight", f"{layer}.alpha"} <= names
    with safe_open(folder / "lora" / "pytorch_lora_weights.safetensors", "pt") as file:
        assert {name.split(".")[0] for name in file.keys()} == {"unet"}
        assert file.metadata()["modelspec.title"] == "mine"
        assert '"unet.lora_alpha": 6' in file.metadata()["lora_adapter_metadata"]


def test_a_single_file_of_another_size_is_refused_and_nothing_written(tmp_path):
    with pytest.raises(UserError, match="models of Stable Diffusion 1"):
        export_pipeline(tiny_module(), tmp_path / "pipeline", CARD, single_file=True)
    assert not list(tmp_path.iterdir())


def test_guidance_sees_text_and_image_then_image_alone_then_nothing():
    """The order of the three predictions in diffusers, with the null conditions of training."""
    module = tiny_module()
    pipeline = build_pipeline(module)
    calls = []
    forward = pipeline.unet.forward
    pipeline.unet.forward = functools.wraps(forward)(
        lambda sample, timestep, encoder_hidden_states, **rest: (
            calls.append((sample, encoder_hidden_states)),
            forward(sample, timestep, encoder_hidden_states=encoder_hidden_states, **rest),
        )[1]
    )
    draw(pipeline)
    sample, embeds = calls[0]
    image = module.encoder.encode_original(torch.ones(1, 3, 16, 16))[0]
    text, null = module.encoder.encode_prompt(["Turn it green", ""])
    for row, (expected_text, expected_image) in enumerate(
        [(text, image), (null, image), (null, torch.zeros_like(image))]
    ):
        torch.testing.assert_close(embeds[row], expected_text)
        torch.testing.assert_close(sample[row, 4:], expected_image)
    assert torch.equal(sample[0, :4], sample[2, :4])


def test_an_unknown_sampler_is_named():
    with pytest.raises(UserError, match="sampler=Nope"):
        build_pipeline(tiny_module(), "Nope")


def test_an_upload_without_network_says_where_the_pipeline_is(tmp_path, monkeypatch):
    from huggingface_hub import HfApi
    from huggingface_hub.errors import OfflineModeIsEnabled

    def offline(*_, **__):
        raise OfflineModeIsEnabled("no network")

    monkeypatch.setattr(HfApi, "create_repo", offline)
    with pytest.raises(UserError, match=r"no network.*is whole in"):
        push_to_hub(tmp_path, "owner/name")


def test_a_full_disk_leaves_the_old_pipeline_and_nothing_half_written(tmp_path, monkeypatch):
    folder = export_pipeline(trained(tmp_path), tmp_path / "pipeline", CARD)

    def write_half(pipeline, folder, **_):
        folder.mkdir()
        (folder / "model_index.json").touch()
        raise SafetensorError("I/O error: No space left on device (os error 28)")

    monkeypatch.setattr(StableDiffusionInstructPix2PixPipeline, "save_pretrained", write_half)
    with pytest.raises(UserError, match=r"pipeline: cannot be written \(I/O error: No space"):
        export_pipeline(trained(tmp_path), folder, CARD)
    assert (folder / "README.md").is_file()
    assert not list(tmp_path.glob(".pipeline*"))


def test_weights_that_are_not_finite_are_not_exported(tmp_path):
    module = trained(tmp_path)
    module.ema.shadow_params[0].view(-1)[0] = float("nan")
    with pytest.raises(UserError, match="not written, because the weights are not finite"):
        export_pipeline(module, tmp_path / "pipeline", CARD)
    assert not (tmp_path / "pipeline").exists()
