"""Checks that the parts of a model have supported architectures and fit together."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from diffusers import AutoencoderKL, UNet2DConditionModel
    from transformers import CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

log = logging.getLogger(__name__)

SUPPORTED = (
    "give a model of Stable Diffusion 1.x's or InstructPix2Pix's architecture, or with model=sdxl "
    "one of SDXL's in diffusers layout"
)

_EXTRA_INPUTS = {
    "addition_embed_type": "an added embedding, as SDXL's text_time",
    "class_embed_type": "a class embedding",
    "num_class_embeds": "a class embedding",
    "encoder_hid_dim_type": "an image embedding",
    "time_cond_proj_dim": "the guidance scale, as distilled models do",
}
"""Settings of UNets with further inputs => description of the input."""


def require_kind(
    config: Mapping[str, Any], kind: str, where: str, extra_inputs: Mapping[str, str] | None = None
) -> None:
    """Check the configuration of a part before its weights are read.

    Args:
        config: `config.json` of the part.
        kind: the expected class.
        where: name of the part in the message.
        extra_inputs: further inputs that the UNet gets, of `_EXTRA_INPUTS`.

    Raises:
        UserError: it has another class, is quantized, or is a UNet with other inputs.
    """
    stated = config.get("_class_name") or (config.get("architectures") or [kind])[0]
    if stated != kind:
        raise UserError(f"{where}: {stated}, where {kind} is needed; {SUPPORTED}")
    if config.get("quantization_config") is not None:
        raise UserError(
            f"{where}: quantized weights are not supported; give them in float16 or more"
        )
    for setting, meaning in _EXTRA_INPUTS.items():
        given, found = (extra_inputs or {}).get(setting), config.get(setting)
        if kind == "UNet2DConditionModel" and found != given:
            raise UserError(
                f"{where}: this UNet takes {meaning} ({setting}={found}), which is not supported; "
                f"{SUPPORTED}"
                if given is None
                else f"{where}: this UNet lacks {meaning} ({setting}={found}): it is no SDXL's"
            )


def require_fit(
    vae: AutoencoderKL,
    text_encoder: CLIPTextModel,
    tokenizer: CLIPTokenizer,
    unet: UNet2DConditionModel,
    where: str,
    text_encoder_2: CLIPTextModelWithProjection | None = None,
    tokenizer_2: CLIPTokenizer | None = None,
) -> None:
    """Check that the parts belong to one model.

    The states of two text encoders are concatenated. A tokenizer without a length gets its text
    encoder's.

    Raises:
        UserError: they do not fit, or the UNet is for inpainting.
    """
    have, channels = unet.config.in_channels, vae.config.latent_channels
    if have == 2 * channels + 1:
        raise UserError(
            f"{where}: a UNet for inpainting ({have} input channels) is not supported; {SUPPORTED}"
        )
    if have not in (channels, 2 * channels) or unet.config.out_channels != channels:
        raise UserError(
            f"{where}: the UNet takes {have} channels and gives {unet.config.out_channels}; with "
            f"this VAE it must take {channels} (text to image) or {2 * channels} (InstructPix2Pix) "
            f"and give {channels}"
        )
    texts = [(tokenizer, text_encoder), (tokenizer_2, text_encoder_2)][: 1 + bool(text_encoder_2)]
    width = sum(encoder.config.hidden_size for _, encoder in texts)
    dims = unet.config.cross_attention_dim
    if {width} != set(dims if isinstance(dims, list | tuple) else [dims]):
        raise UserError(
            f"{where}: the UNet reads texts of width {dims}, and this text encoder gives {width}: "
            "they are of two models"
        )
    for pair in texts:
        _require_tokenizer(*pair, where)


def _require_tokenizer(tokenizer: CLIPTokenizer, text_encoder: CLIPTextModel, where: str) -> None:
    knows, tokens = text_encoder.config.vocab_size, len(tokenizer)
    if tokens > knows:
        raise UserError(
            f"{where}: the tokenizer has {tokens} tokens, and the text encoder knows {knows}: they "
            "are of two models"
        )
    if tokens < knows:
        log.warning(
            "%s: the tokenizer has %d of the %d tokens that the text encoder knows; is it its own?",
            where, tokens, knows,
        )  # fmt: skip
    longest = text_encoder.config.max_position_embeddings
    if tokenizer.model_max_length > longest:
        log.warning(
            "%s: the tokenizer states no length that the text encoder can read; its %d tokens are "
            "taken", where, longest,
        )  # fmt: skip
        tokenizer.model_max_length = longest
