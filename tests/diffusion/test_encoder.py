"""Latents and embeddings as the pipeline makes them; fingerprints that follow the weights."""

from __future__ import annotations

import pytest
import torch
from tiny_model import (
    DIM,
    LATENT_CHANNELS,
    TOKENS,
    Stream,
    tiny_components,
    tiny_module,
    tiny_trainer,
)

from pokecolor.core.errors import UserError
from pokecolor.model_files.base_models.stable_diffusion import StableDiffusion


def encoder() -> StableDiffusion:
    return tiny_components()


def test_edited_latents_are_scaled_and_original_ones_are_not():
    this, images = encoder(), torch.rand(2, 3, 16, 16) * 2 - 1
    original, edited = this.encode_original(images), this.encode_edited(images)
    assert original.shape == (2, LATENT_CHANNELS, 8, 8)
    torch.testing.assert_close(edited, original * 0.5)
    assert torch.equal(original, this.encode_original(images))  # a mode, not a sample


def test_long_and_foreign_prompts_have_the_same_shape():
    embeds = encoder().encode_prompt(["", "a " * 100, "녹색 드래곤"])
    assert embeds.shape == (3, TOKENS, DIM)


def test_prompts_whose_ends_are_not_read_are_found():
    this = encoder()
    before = this.text_fingerprint

    def tokens(prompt):
        return len(this.tokenizer(prompt).input_ids)

    fits = next("a " * n for n in range(100, 0, -1) if tokens("a " * n) <= TOKENS)
    assert tokens(fits) == TOKENS == this.max_tokens
    long = ["a " + fits, "녹색 드래곤 " * TOKENS]
    assert this.cut_prompts(["", fits, *long, "short"]) == long
    assert this.cut_prompts([]) == []
    assert encoder().text_fingerprint == before
    # it still cuts what it encodes
    assert this.encode_prompt(long).shape == (2, TOKENS, DIM)
    assert torch.equal(*this.encode_prompt([fits + "b", fits + "c"])[:, :-1].unbind())


def test_fingerprints_follow_weights_and_not_use():
    one, other = encoder(), encoder()
    one.encode_prompt(["used before"])
    assert one.text_fingerprint == other.text_fingerprint
    assert one.image_fingerprint == other.image_fingerprint
    changed = encoder()
    with torch.no_grad():
        next(changed.vae.parameters()).flatten()[0] += 1e-3
    assert changed.image_fingerprint != other.image_fingerprint
    assert changed.text_fingerprint == other.text_fingerprint


def test_fingerprints_survive_saving(tmp_path):
    from diffusers import AutoencoderKL
    from transformers import CLIPTextModel, CLIPTokenizer

    parts = tiny_components()
    for name in ("vae", "text_encoder", "tokenizer"):
        getattr(parts, name).save_pretrained(tmp_path / name)
    read = {
        "vae": AutoencoderKL.from_pretrained(tmp_path / "vae"),
        "text_encoder": CLIPTextModel.from_pretrained(tmp_path / "text_encoder"),
        "tokenizer": CLIPTokenizer.from_pretrained(tmp_path / "tokenizer"),
    }
    loaded = StableDiffusion({**read, "unet": parts.unet}, parts.scheduler)
    assert loaded.image_fingerprint == encoder().image_fingerprint
    assert loaded.text_fingerprint == encoder().text_fingerprint


@pytest.mark.filterwarnings("ignore:You defined a `validation_step`")
def test_a_checkpoint_is_of_no_use_beside_another_text_encoder(tmp_path):
    trainer = tiny_trainer(tmp_path, max_steps=1)
    trainer.fit(tiny_module(), Stream())
    trainer.save_checkpoint(tmp_path / "one.ckpt")
    other = tiny_module()
    next(other.components.text_encoder.parameters()).data += 0.1
    with pytest.raises(UserError, match="another VAE or text encoder"):
        tiny_trainer(tmp_path).fit(other, Stream(), ckpt_path=tmp_path / "one.ckpt")
