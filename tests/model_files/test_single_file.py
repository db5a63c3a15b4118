"""A single file gives the same model as the folder that it was made of, offline."""

import shutil
import sys
import types
import zipfile

import numpy as np
import pytest
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from diffusers.loaders.single_file_utils import (
    convert_ldm_unet_checkpoint,
    convert_ldm_vae_checkpoint,
)
from original_names import original_text_encoder, original_unet, original_vae
from safetensors.torch import load_file, save_file
from transformers import CLIPTextConfig, CLIPTextModel

from pokecolor.core.errors import UserError
from pokecolor.model_files.single_file import STABLE_DIFFUSION_1, read_single_file
from tools.random_checkpoint import TINY


def tensors_of(folder):
    """All parts of a folder, named as Stable Diffusion's authors do."""
    unet = load_file(folder / "unet" / "diffusion_pytorch_model.safetensors")
    vae = load_file(folder / "vae" / "diffusion_pytorch_model.safetensors")
    text = load_file(folder / "text_encoder" / "model.safetensors")
    return {
        **original_unet(unet, TINY["unet"]["layers_per_block"]),
        **original_vae(vae, len(TINY["vae"]["block_out_channels"])),
        **original_text_encoder(text),
    }


@pytest.fixture(scope="module")
def tensors(whole):
    return tensors_of(whole)


@pytest.fixture
def place(whole, tmp_path):
    """Where a file has its tokenizer beside it."""
    shutil.copytree(whole / "tokenizer", tmp_path / "tokenizer")
    return tmp_path


BESIDE = {
    "alphas_cumprod": torch.zeros(1000),
    "cond_stage_model.transformer.text_model.embeddings.position_ids": torch.arange(77)[None],
    "cond_stage_model.logit_scale": torch.zeros(()),
    "first_stage_model.loss.logvar": torch.zeros(()),
}
"""What real files hold, too."""


def read(path):
    return read_single_file(path, TINY)


def same(model, folder, part):
    (file,) = (folder / part).glob("*.safetensors")
    stored = {k.removeprefix("text_model."): v for k, v in load_file(file).items()}
    found = {k.removeprefix("text_model."): v for k, v in model.state_dict().items()}
    return stored.keys() == found.keys() and all(torch.equal(stored[k], found[k]) for k in stored)


@pytest.mark.parametrize("suffix", [".safetensors", ".ckpt"])
def test_all_parts_are_those_of_the_folder(place, whole, tensors, suffix):
    path = place / f"model{suffix}"
    held = {**tensors, **BESIDE}
    if suffix == ".ckpt":
        torch.save({"state_dict": held, "epoch": 3, "callbacks": {}}, path)
    else:
        save_file(held, path)
    found = read(path)
    assert found.unet.config.in_channels == 8
    for part in ("unet", "vae", "text_encoder"):
        assert same(getattr(found, part), whole, part), part
    assert len(found.tokenizer) == TINY["text_encoder"]["vocab_size"]


def test_a_half_precision_file_is_read_in_float32(place, tensors):
    save_file({name: value.half() for name, value in tensors.items()}, place / "a.safetensors")
    for part in (found := read(place / "a.safetensors")).vae, found.unet, found.text_encoder:
        assert {value.dtype for value in part.parameters()} == {torch.float32}


def test_a_text_to_image_file_has_a_unet_of_four_channels(place, tensors):
    name = "model.diffusion_model.input_blocks.0.0.weight"
    save_file({**tensors, name: tensors[name][:, :4].contiguous()}, place / "a.safetensors")
    assert read(place / "a.safetensors").unet.config.in_channels == 4


def test_averaged_weights_beside_the_others_are_told(place, tensors, caplog):
    save_file({**tensors, "model_ema.decay": torch.zeros(())}, place / "a.safetensors")
    read(place / "a.safetensors")
    assert "model_ema" in caplog.text


@pytest.mark.parametrize(
    "start",
    [
        "model.diffusion_model.middle",
        "first_stage_model.decoder.up.0",
        "cond_stage_model.transformer.text_model.encoder",
    ],
)
def test_missing_tensors_are_named(place, tensors, start):
    kept = {name: value for name, value in tensors.items() if not name.startswith(start)}
    save_file(kept, place / "a.safetensors")
    with pytest.raises(UserError, match=r"a\.safetensors: .*missing"):
        read(place / "a.safetensors")


@pytest.mark.parametrize("start", ["model.diffusion_model.", "first_stage_model."])
def test_unexpected_tensors_are_counted(place, tensors, start):
    save_file({**tensors, f"{start}strange.weight": torch.zeros(1)}, place / "a.safetensors")
    with pytest.raises(UserError, match="1 tensor is unexpected"):
        read(place / "a.safetensors")


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("conditioner.embedders.0.x", "SDXL"),
        ("model.diffusion_model.label_emb.0.0.weight", "SDXL"),
        ("cond_stage_model.model.token_embedding.weight", r"Stable Diffusion 2\.x"),
        ("lora_unet_down_blocks_0", "a LoRA alone"),
    ],
)
def test_another_architecture_is_named(place, tensors, name, named):
    save_file({**tensors, name: torch.zeros(1)}, place / "a.safetensors")
    with pytest.raises(UserError, match=rf"a\.safetensors: {named}, which is not supported"):
        read(place / "a.safetensors")


def test_the_sizes_of_another_architecture_are_told(place, tensors):
    save_file(tensors, place / "a.safetensors")
    with pytest.raises(UserError, match=r"of another shape"):
        read_single_file(
            place / "a.safetensors", {**TINY, "unet": {**TINY["unet"], "cross_attention_dim": 48}}
        )


def test_a_part_that_is_not_in_it_is_named(place, tensors):
    kept = {name: value for name, value in tensors.items() if not name.startswith("first_stage")}
    save_file(kept, place / "a.safetensors")
    with pytest.raises(UserError, match="no VAE of Stable Diffusion in it"):
        read(place / "a.safetensors")


def test_without_a_tokenizer_it_is_told_where_one_belongs(place, tensors):
    save_file(tensors, place / "a.safetensors")
    shutil.rmtree(place / "tokenizer")
    with pytest.raises(UserError, match="put the folder tokenizer/ of Stable Diffusion") as caught:
        read(place / "a.safetensors")
    assert "\n" not in str(caught.value)


def test_what_authors_pickled_beside_weights_passes_as_nothing(place, whole, tensors, monkeypatch):
    """The checkpoints of Stable Diffusion 1.4 and InstructPix2Pix name a class of Lightning."""
    module = types.ModuleType("pytorch_lightning.callbacks.model_checkpoint")
    module.ModelCheckpoint = type("ModelCheckpoint", (), {"__module__": module.__name__})
    for name in ("pytorch_lightning", "pytorch_lightning.callbacks", module.__name__):
        monkeypatch.setitem(sys.modules, name, module)
    beside = {module.ModelCheckpoint: {"best": module.ModelCheckpoint(), "score": np.float64(3)}}
    torch.save({"state_dict": tensors, "callbacks": beside}, place / "a.ckpt")
    assert b"ModelCheckpoint" in (place / "a.ckpt").read_bytes()
    assert same(read(place / "a.ckpt").unet, whole, "unet")


def test_code_in_a_checkpoint_is_named_and_not_run(place, tensors):
    class Code:
        def __reduce__(self):
            return open, (str(place / "ran"), "w")

    torch.save({"state_dict": tensors, "extra": Code()}, place / "a.ckpt")
    with pytest.raises(UserError, match=r"beside tensors it holds .*open, which could run code"):
        read(place / "a.ckpt")
    assert not (place / "ran").exists()


@pytest.mark.parametrize(
    ("suffix", "damage"),
    [  # a flip within a tensor of a safetensors file cannot be told: they have no sums
        (".safetensors", "cut"),
        (".safetensors", "empty"),
        (".ckpt", "cut"),
        (".ckpt", "empty"),
        (".ckpt", "flipped"),
    ],
)
def test_a_damaged_file_is_refused(place, tensors, suffix, damage):
    path = place / f"a{suffix}"
    save_file(tensors, path) if suffix == ".safetensors" else torch.save(tensors, path)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes({"cut": data[:-100], "empty": b"", "flipped": data}[damage])
    with pytest.raises(UserError, match=r"a\.\w+: .*download it again"):
        read(path)


@pytest.mark.parametrize("suffix", [".pt", ".pth", ".bin", ".pkl"])
def test_pickles_of_other_kinds_are_refused(place, suffix):
    path = place / f"a{suffix}"
    path.touch()
    with pytest.raises(UserError, match="convert it to safetensors"):
        read(path)


def test_a_zip_that_holds_no_weights_is_refused(place):
    with zipfile.ZipFile(place / "a.ckpt", "w") as archive:
        archive.writestr("a.txt", "nothing")
    with pytest.raises(UserError, match=r"a\.ckpt: "):
        read(place / "a.ckpt")


def test_the_names_of_full_size_are_those_of_stable_diffusion():
    with torch.device("meta"):
        unet = UNet2DConditionModel(**STABLE_DIFFUSION_1["unet"])
        vae = AutoencoderKL(**STABLE_DIFFUSION_1["vae"])
        text = CLIPTextModel(CLIPTextConfig(**STABLE_DIFFUSION_1["text_encoder"]))
    named = {
        **original_unet(unet.state_dict(), 2),
        **original_vae(vae.state_dict(), 4),
        **original_text_encoder(text.state_dict()),
    }
    assert "model.diffusion_model.output_blocks.11.0.skip_connection.weight" in named
    assert "first_stage_model.decoder.up.3.upsample.conv.weight" in named
    starts = ("model.", "first_", "cond_")
    counts = [sum(name.startswith(start) for name in named) for start in starts]
    assert counts == [686, 248, 196]  # of v1-5-pruned-emaonly.safetensors, position ids apart
    converted = convert_ldm_unet_checkpoint(named, dict(unet.config))
    assert converted.keys() == unet.state_dict().keys()
    converted = convert_ldm_vae_checkpoint(named, dict(vae.config))
    assert converted.keys() == vae.state_dict().keys()
