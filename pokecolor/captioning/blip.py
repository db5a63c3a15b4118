"""A base caption by BLIP, from the hub or a folder."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import torch
from PIL import Image

from pokecolor.core.errors import UserError
from pokecolor.core.library_logging import quiet_libraries
from pokecolor.model_files.parts import FAILURES, read_whole_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np


class BlipBase:
    """Captions images with BLIP (Li et al., 2022): "a drawing of a green dragon".

    Args:
        checkpoint: a folder in transformers' layout, or a hub id.
        revision: branch, tag or commit on the hub.
        batch_size: images at a time.
        max_new_tokens: maximum length of a caption.
    """

    def __init__(
        self,
        checkpoint: str = "Salesforce/blip-image-captioning-base",
        revision: str | None = None,
        batch_size: int = 16,
        max_new_tokens: int = 24,
    ) -> None:
        self.checkpoint, self.revision = checkpoint, revision
        self.batch_size, self.max_new_tokens = batch_size, max_new_tokens

    @property
    def fingerprint(self) -> str:
        """Digest of everything that its captions depend on."""
        return f"{self.checkpoint}@{self.revision} {self.max_new_tokens}"

    @torch.inference_mode()
    def describe(self, images: Sequence[np.ndarray]) -> list[str]:
        """Captions of images, uint8 [height, width, 3] of any sizes."""
        model, processor, tokenizer = self._loaded
        texts: list[str] = []
        for start in range(0, len(images), self.batch_size):
            chunk = [Image.fromarray(image) for image in images[start : start + self.batch_size]]
            pixels = processor(images=chunk, return_tensors="pt").pixel_values.to(model.device)
            tokens = model.generate(
                pixel_values=pixels, max_new_tokens=self.max_new_tokens, do_sample=False
            )
            texts += tokenizer.batch_decode(tokens, skip_special_tokens=True)
        return [" ".join(text.split()) for text in texts]

    @functools.cached_property
    def _loaded(self) -> tuple:
        quiet_libraries()
        from transformers import (
            BertTokenizer,
            BlipForConditionalGeneration,
            BlipImageProcessorPil,
        )

        try:
            model = read_whole_model(
                BlipForConditionalGeneration, self.checkpoint, self.revision, "eager"
            )
            processor, tokenizer = (
                part.from_pretrained(self.checkpoint, revision=self.revision)
                for part in (BlipImageProcessorPil, BertTokenizer)
            )
        except FAILURES as error:
            raise UserError(
                f"{self.checkpoint}: no BLIP that can be read, here or on the model hub; set "
                "caption.captioner.base=null, which works offline "
                f"({' '.join(str(error).split())[:120]})"
            ) from error
        device = "cuda" if torch.cuda.is_available() else "cpu"
        return model.eval().to(device), processor, tokenizer
