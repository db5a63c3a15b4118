"""What the UNet is conditioned on: images to latents, prompts to embeddings."""

from __future__ import annotations

import functools
import hashlib
import json
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from diffusers import AutoencoderKL
    from transformers import CLIPTextModel, CLIPTokenizer


class ConditionEncoder:
    """The frozen VAE and text encoder, as `pokecolor.schema.Encoder`.

    Not an `nn.Module`, so that a LightningModule that holds one neither saves nor synchronizes its
    weights.
    """

    def __init__(
        self, vae: AutoencoderKL, text_encoder: CLIPTextModel, tokenizer: CLIPTokenizer
    ) -> None:
        self.vae = vae.requires_grad_(False).eval()
        self.text_encoder = text_encoder.requires_grad_(False).eval()
        self.tokenizer = tokenizer

    def to(self, device: torch.device) -> ConditionEncoder:
        """Move the weights, in place; nothing happens where they are there already."""
        self.vae.to(device)
        self.text_encoder.to(device)
        return self

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.vae.device

    @functools.cached_property
    def image_fingerprint(self) -> str:
        """SHA-256 of the VAE's weights and configuration."""
        return _digest(self.vae, _lasting(dict(self.vae.config)))

    @functools.cached_property
    def text_fingerprint(self) -> str:
        """SHA-256 of the text encoder's weights and configuration, and of the tokenizer."""
        tokenizer = json.loads(self.tokenizer.backend_tokenizer.to_str())
        # both are set anew by each call, so they say nothing of the tokenizer
        tokenizer["truncation"] = tokenizer["padding"] = None
        settings = {
            "config": _lasting(self.text_encoder.config.to_dict()),
            "tokenizer": tokenizer,
            "tokens": self.tokenizer.model_max_length,
        }
        return _digest(self.text_encoder, settings)

    @torch.no_grad()
    def encode_original(self, images: torch.Tensor) -> torch.Tensor:
        """Images [n, 3, height, width] in [-1, 1] to unscaled latents [n, channels, h, w].

        The mode of the posterior, as diffusers' pipeline gives it to the UNet.
        """
        # channels last: the same latents in half the time on a CPU
        images = images.to(self.device, self.vae.dtype, memory_format=torch.channels_last)
        return self.vae.encode(images).latent_dist.mode()

    @torch.no_grad()
    def encode_edited(self, images: torch.Tensor) -> torch.Tensor:
        """Images [n, 3, height, width] in [-1, 1] to scaled latents [n, channels, h, w]."""
        return self.encode_original(images) * self.vae.config.scaling_factor

    @torch.no_grad()
    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        """Unscaled latents [n, channels, h, w] to images [n, 3, height, width] near [-1, 1]."""
        return self.vae.decode(latents.to(self.device, self.vae.dtype)).sample

    @torch.no_grad()
    def encode_prompt(self, prompts: list[str]) -> torch.Tensor:
        """Prompts to embeddings [n, tokens, cross_attention_dim], cut at the token limit."""
        tokens = self.tokenizer(
            prompts,
            padding="max_length",
            max_length=self.tokenizer.model_max_length,
            truncation=True,
            return_tensors="pt",
        )
        return self.text_encoder(tokens.input_ids.to(self.device))[0]


def _lasting(config: dict[str, Any]) -> dict[str, Any]:
    """A model's configuration without what saving and loading write into it."""
    volatile = ("architectures", "dtype", "torch_dtype", "transformers_version")
    return {k: v for k, v in config.items() if not k.startswith("_") and k not in volatile}


def _digest(model: torch.nn.Module, settings: dict[str, Any]) -> str:
    """SHA-256 of settings and of a model's weights with their names."""
    digest = hashlib.sha256(json.dumps(settings, sort_keys=True, default=str).encode())
    for name, weight in sorted(model.state_dict().items()):
        digest.update(f"{name} {tuple(weight.shape)} {weight.dtype}".encode())
        digest.update(weight.detach().cpu().contiguous().flatten().view(torch.uint8).numpy())
    return digest.hexdigest()
