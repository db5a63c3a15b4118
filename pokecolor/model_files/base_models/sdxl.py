"""SDXL (Podell et al. 2023) as InstructPix2Pix: two text encoders and size conditioning."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, ClassVar

import torch
from torch.nn import functional as F

from pokecolor.core.errors import UserError
from pokecolor.core.fingerprint import text_encoder_fingerprint
from pokecolor.model_files.base_models.base_model import Conditions
from pokecolor.model_files.base_models.stable_diffusion import StableDiffusion
from pokecolor.model_files.sampling import Sampling

if TYPE_CHECKING:
    from pathlib import Path

SIZES = 6
"""Number of size conditions: original height and width, top and left of the crop, target height
and width (Podell et al. 2023, section 2.2)."""


class StableDiffusionXL(StableDiffusion):
    """The UNet is conditioned on two CLIP encoders, the pooled output of the second, and sizes.

    A prompt is one tensor: the tokens' states, and a row with the pooled output, padded with zeros.
    The null prompt is all zeros, as in its pretraining and in diffusers' pipeline.
    """

    pipeline = "StableDiffusionXLInstructPix2PixPipeline"
    pipeline_settings: ClassVar = {
        "force_zeros_for_empty_prompt": True,
        "add_watermarker": False,
    }
    parts: ClassVar = {
        **StableDiffusion.parts,
        "text_encoder_2": "CLIPTextModelWithProjection",
        "tokenizer_2": "CLIPTokenizer",
    }
    extra_inputs: ClassVar = {"addition_embed_type": "text_time"}
    sampling = Sampling(steps=30, guidance=3.0)  # of diffusers' guide to its InstructPix2Pix

    @classmethod
    def read_file(cls, path: Path) -> dict[str, Any]:
        return super(StableDiffusion, cls).read_file(path)

    def require_fit(self, where: str) -> None:
        super().require_fit(where)
        config = self.unet.config
        sizes = SIZES * (config.addition_time_embed_dim or 0)
        takes, given = config.projection_class_embeddings_input_dim, self._summary + sizes
        if takes != given:
            raise UserError(
                f"{where}: the UNet takes {takes} numbers on text and sizes, and gets {given}: it "
                "is no base model of SDXL, or its text encoder is another model's"
            )

    @property
    def _summary(self) -> int:
        """Width of the second text encoder's pooled output."""
        return self.text_encoder_2.config.projection_dim

    def predict(
        self, noisy: torch.Tensor, timesteps: torch.Tensor, given: Conditions
    ) -> torch.Tensor:
        height, width = (self.cell * side for side in noisy.shape[2:])
        sizes = given.prompt.new_tensor([height, width, 0, 0, height, width])
        tokens, summary = given.prompt[:, :-1], given.prompt[:, -1, : self._summary]
        conditions = {"text_embeds": summary, "time_ids": sizes.expand(len(noisy), -1)}
        noisy = torch.cat([noisy, given.image], 1)
        return self.network(noisy, timesteps, tokens, added_cond_kwargs=conditions).sample

    @functools.cached_property
    def null_prompt(self) -> torch.Tensor:
        return torch.zeros_like(super().null_prompt)

    @torch.no_grad()
    def encode_prompt(self, prompts: list[str]) -> torch.Tensor:
        """The penultimate states of both encoders, and the pooled output: [n, tokens + 1, dim]."""
        first = self.text_encoder(
            self._tokens(self.tokenizer, prompts), output_hidden_states=True
        ).hidden_states[-2]
        second = self.text_encoder_2(
            self._tokens(self.tokenizer_2, prompts), output_hidden_states=True
        )
        tokens = torch.cat([first, second.hidden_states[-2]], -1)
        summary = F.pad(second.text_embeds, (0, tokens.shape[-1] - self._summary))
        return torch.cat([tokens, summary[:, None]], 1)

    @functools.cached_property
    def text_fingerprint(self) -> str:
        """SHA-256 of both text encoders with their tokenizers."""
        second = text_encoder_fingerprint(self.text_encoder_2, self.tokenizer_2)
        return f"{super().text_fingerprint} {second}"
