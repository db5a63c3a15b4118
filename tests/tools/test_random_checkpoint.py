"""The random checkpoint has Stable Diffusion's shape and is read as a real one would be."""

from __future__ import annotations

import numpy as np
import pytest
from accelerate import init_empty_weights
from diffusers import AutoencoderKL, UNet2DConditionModel
from transformers import (
    BlipForConditionalGeneration,
    CLIPModel,
    CLIPTextConfig,
    CLIPTextModel,
)

from pokecolor.captioning.blip import BlipBase
from pokecolor.diffusion.components import load_components
from pokecolor.model_files.clip_model import ClipModel
from tools.random_checkpoint import FULL, build_blip, build_checkpoint, build_clip, byte_tokenizer


@pytest.mark.parametrize("channels", [4, 8])
def test_it_is_read_as_sd15_or_as_instruct_pix2pix(tmp_path, channels):
    build_checkpoint(tmp_path, channels, tiny=True)
    parts = load_components(str(tmp_path))
    assert parts.unet.config.in_channels == 8
    assert parts.unet.conv_in.weight[:, 4:].any() == (channels == 8)
    assert parts.tokenizer("red").input_ids[-1] == parts.text_encoder.config.eos_token_id


def test_full_size_counts_are_those_of_stable_diffusion():
    with init_empty_weights():
        unet = UNet2DConditionModel(**FULL["unet"], in_channels=4, out_channels=4)
        vae = AutoencoderKL(**FULL["vae"])
        text = CLIPTextModel(CLIPTextConfig(**FULL["text_encoder"]))
    counts = [sum(p.numel() for p in part.parameters()) for part in (unet, vae, text)]
    assert counts == [859_520_964, 83_653_863, 123_060_480]


def test_the_tokenizer_spells_any_script():
    tokenizer = byte_tokenizer(49408)
    assert len(tokenizer) == 49408
    ids = tokenizer("녹색 dragon").input_ids
    assert ids[0] == 49406 and ids[-1] == 49407
    assert tokenizer.decode(ids, skip_special_tokens=True).strip() == "녹색 dragon"


def test_captioners_read_clip_and_blip(tmp_path):
    images = list(np.random.default_rng(0).integers(0, 256, (3, 20, 30, 3), np.uint8))
    build_clip(tmp_path / "clip", tiny=True)
    clip = ClipModel(str(tmp_path / "clip"))
    assert clip.embed_images(images).shape == clip.embed_texts(["a", "red", "fox"]).shape
    build_blip(tmp_path / "blip", tiny=True)
    texts = BlipBase(str(tmp_path / "blip"), max_new_tokens=6).describe(images)
    assert len(set(texts)) > 1


def test_full_size_captioners_have_the_published_counts(monkeypatch, tmp_path):
    counts = []

    def count(model, folder):
        counts.append(sum(p.numel() for p in model.parameters()))

    for kind in (CLIPModel, BlipForConditionalGeneration):
        monkeypatch.setattr(kind, "save_pretrained", count)
    with init_empty_weights():
        build_clip(tmp_path)
        build_blip(tmp_path)
    assert counts == [
        427_616_513,
        247_414_076 + 30_524,
    ]  # without weights the tied bias counts twice
