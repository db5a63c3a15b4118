"""Stable Diffusion 1.x as InstructPix2Pix (Brooks et al. 2023); also mini."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, ClassVar

import torch

from pokecolor.core.fingerprint import image_model_fingerprint, text_encoder_fingerprint
from pokecolor.model_files.architecture import require_fit
from pokecolor.model_files.base_models.base_model import BaseModel, Conditions
from pokecolor.model_files.single_file import read_single_file

if TYPE_CHECKING:
    from pathlib import Path


class StableDiffusion(BaseModel):
    """A UNet on noisy latents and the sketch's latents, concatenated, with a CLIP text encoder."""

    pipeline = "StableDiffusionInstructPix2PixPipeline"
    pipeline_settings: ClassVar = {
        "safety_checker": None,
        "feature_extractor": None,
        "requires_safety_checker": False,
    }
    parts: ClassVar = {
        "vae": "AutoencoderKL",
        "text_encoder": "CLIPTextModel",
        "tokenizer": "CLIPTokenizer",
        "unet": "UNet2DConditionModel",
    }
    # with `conv_in`, because the new weights of a widened UNet are zero and would stay so
    lora_targets = ("to_q", "to_k", "to_v", "to_out.0", "conv_in")

    @classmethod
    def read_file(cls, path: Path) -> dict[str, Any]:
        return read_single_file(path)._asdict()

    def require_fit(self, where: str) -> None:
        require_fit(**{name: getattr(self, name) for name in self.parts}, where=where)

    def predict(
        self, noisy: torch.Tensor, timesteps: torch.Tensor, given: Conditions
    ) -> torch.Tensor:
        return self.network(torch.cat([noisy, given.image], 1), timesteps, given.prompt).sample

    @torch.no_grad()
    def encode_original(self, images: torch.Tensor) -> torch.Tensor:
        """The mode of the posterior, as in diffusers' pipeline."""
        # channels last: the same latents in half the time on a CPU
        images = images.to(self.device, self.vae.dtype, memory_format=torch.channels_last)
        return self.vae.encode(images).latent_dist.mode()

    @torch.no_grad()
    def encode_edited(self, images: torch.Tensor) -> torch.Tensor:
        return self.encode_original(images) * self.vae.config.scaling_factor

    def unscaled(self, latents: torch.Tensor) -> torch.Tensor:
        return latents / self.vae.config.scaling_factor

    @torch.no_grad()
    def decode(self, latents: torch.Tensor) -> torch.Tensor:
        return self.vae.decode(latents.to(self.device, self.vae.dtype)).sample

    @torch.no_grad()
    def encode_prompt(self, prompts: list[str]) -> torch.Tensor:
        """The last hidden states [n, tokens, cross_attention_dim], cut at the token limit."""
        return self.text_encoder(self._tokens(self.tokenizer, prompts))[0]

    def _tokens(self, tokenizer: Any, prompts: list[str]) -> torch.Tensor:
        """int64 [n, tokens]."""
        return tokenizer(
            prompts,
            padding="max_length",
            max_length=tokenizer.model_max_length,
            truncation=True,
            return_tensors="pt",
        ).input_ids.to(self.device)

    def blocks(self) -> list[torch.nn.Module]:
        return [*self.unet.down_blocks, self.unet.mid_block, *self.unet.up_blocks]

    @property
    def takes_image(self) -> bool:
        return self.unet.config.in_channels > self.vae.config.latent_channels

    @property
    def cell(self) -> int:
        return 2 ** (len(self.vae.config.block_out_channels) - 1)

    @functools.cached_property
    def image_fingerprint(self) -> str:
        """SHA-256 of the VAE's weights and configuration."""
        return image_model_fingerprint(self.vae)

    @functools.cached_property
    def text_fingerprint(self) -> str:
        """SHA-256 of the text encoder's weights and configuration, and of the tokenizer."""
        return text_encoder_fingerprint(self.text_encoder, self.tokenizer)

    @property
    def max_tokens(self) -> int:
        return self.tokenizer.model_max_length

    def cut_prompts(self, prompts: list[str]) -> list[str]:
        # short prompts need not be tokenized: a token is at least a byte of the lower-case prompt,
        # whose length at most doubles
        long = [prompt for prompt in prompts if len(prompt.encode()) > self.max_tokens // 2]
        if not long:
            return []
        counted = self.tokenizer(long, padding=False, truncation=False, verbose=False).input_ids
        return [
            prompt
            for prompt, tokens in zip(long, counted, strict=True)
            if len(tokens) > self.max_tokens
        ]
