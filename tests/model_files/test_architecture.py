"""Parts that do not belong together are told from those that do."""

from types import SimpleNamespace

import pytest

from pokecolor.core.errors import UserError
from pokecolor.model_files.architecture import require_fit, require_kind


class Tokenizer:
    def __init__(self, tokens=500, length=77):
        self.tokens, self.model_max_length = tokens, length

    def __len__(self):
        return self.tokens


def part(**config):
    return SimpleNamespace(config=SimpleNamespace(**config))


def fit(in_channels=8, out_channels=4, dims=32, latents=4, tokenizer=None):
    require_fit(
        vae=part(latent_channels=latents),
        text_encoder=part(hidden_size=32, vocab_size=500, max_position_embeddings=77),
        tokenizer=tokenizer or Tokenizer(),
        unet=part(in_channels=in_channels, out_channels=out_channels, cross_attention_dim=dims),
        where="somewhere",
    )


def test_parts_of_one_model_pass(caplog):
    for settings in ({}, {"in_channels": 4}, {"dims": (32, 32)}):
        fit(**settings)
    assert not caplog.text


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"in_channels": 9}, r"somewhere: a UNet for inpainting \(9 input channels\)"),
        ({"in_channels": 5}, "takes 5 channels and gives 4; with this VAE it must take 4"),
        ({"out_channels": 8}, "takes 8 channels and gives 8"),
        ({"latents": 16}, "takes 8 channels"),
        ({"dims": 48}, "texts of width 48, and this text encoder gives 32"),
        ({"tokenizer": Tokenizer(501)}, "has 501 tokens, and the text encoder knows 500"),
    ],
)
def test_others_are_named(settings, message):
    with pytest.raises(UserError, match=message) as caught:
        fit(**settings)
    assert "\n" not in str(caught.value)


def test_a_smaller_tokenizer_is_told(caplog):
    fit(tokenizer=Tokenizer(400))
    assert "400 of the 500 tokens" in caplog.text


def test_a_tokenizer_that_states_no_length_gets_the_text_encoders(caplog):
    tokenizer = Tokenizer(length=10**30)
    fit(tokenizer=tokenizer)
    assert tokenizer.model_max_length == 77
    assert "its 77 tokens are taken" in caplog.text


@pytest.mark.parametrize(
    "settings",
    [
        {"addition_embed_type": "text_time"},
        {"num_class_embeds": 1000},
        {"encoder_hid_dim_type": "image_proj"},
        {"time_cond_proj_dim": 256},
    ],
)
def test_a_unet_with_more_inputs_is_refused(settings):
    with pytest.raises(UserError, match=f"unet: this UNet takes .*{next(iter(settings))}"):
        require_kind(settings, "UNet2DConditionModel", "unet")
    require_kind(dict.fromkeys(settings), "UNet2DConditionModel", "unet")
