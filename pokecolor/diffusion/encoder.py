"""Encodes the conditioning: images to latents, prompts to embeddings."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import torch

from pokecolor.errors import UserError
from pokecolor.fingerprint import image_model_fingerprint, text_encoder_fingerprint

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
    def cell(self) -> int:
        """Pixels of an image's side that a latent stands for."""
        return 2 ** (len(self.vae.config.block_out_channels) - 1)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.vae.device

    @functools.cached_property
    def image_fingerprint(self) -> str:
        """SHA-256 of the VAE's weights and configuration."""
        return image_model_fingerprint(self.vae)

    @functools.cached_property
    def text_fingerprint(self) -> str:
        """SHA-256 of the text encoder's weights and configuration, and of the tokenizer."""
        return text_encoder_fingerprint(self.text_encoder, self.tokenizer)

    @property
    def fingerprint(self) -> str:
        """Both: a UNet understands no other VAE's latents and no other text encoder's words."""
        return f"{self.image_fingerprint} {self.text_fingerprint}"

    def require(self, fingerprint: str | None) -> None:
        """Raise a UserError unless it is this one's; None, of old checkpoints, says nothing."""
        if fingerprint not in (None, self.fingerprint):
            raise UserError(
                "ckpt_path: the checkpoint was trained beside another VAE or text encoder, as when "
                "mini has changed since; use the version of pokecolor it had, or start anew"
            )

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

    @property
    def max_tokens(self) -> int:
        """Tokens of a prompt that are read, those of its beginning and end included."""
        return self.tokenizer.model_max_length

    def cut_prompts(self, prompts: list[str]) -> list[str]:
        """Those of the prompts that are longer: their ends are not read."""
        # short ones need not be counted: a token is a byte or more of the prompt in lower case,
        # which is twice as long in no script
        long = [prompt for prompt in prompts if len(prompt.encode()) > self.max_tokens // 2]
        if not long:
            return []
        counted = self.tokenizer(long, padding=False, truncation=False, verbose=False).input_ids
        return [
            prompt
            for prompt, tokens in zip(long, counted, strict=True)
            if len(tokens) > self.max_tokens
        ]
