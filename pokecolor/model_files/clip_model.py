"""CLIP for captioners and metrics: embeds images and texts in one space."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

from pokecolor.core.errors import UserError
from pokecolor.core.finite import require_finite
from pokecolor.core.images.conversion import letterbox
from pokecolor.core.library_logging import quiet_libraries
from pokecolor.model_files.mini import MINI, mini_clip, mini_tokenizer
from pokecolor.model_files.parts import FAILURES, read_whole_model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from transformers import CLIPTokenizer, PreTrainedModel

BATCH_SIZE = 64
"""Images or texts embedded at a time."""


class _Loaded(NamedTuple):
    model: PreTrainedModel
    tokenizer: CLIPTokenizer
    size: int
    mean: torch.Tensor
    """[3, 1, 1], for values in [0, 1]."""
    std: torch.Tensor


class ClipModel:
    """A CLIP model that is loaded at first use.

    Args:
        checkpoint: "mini", a folder in transformers' layout, or a hub id such as
            "openai/clip-vit-large-patch14".
        revision: branch, tag or commit on the hub.
    """

    def __init__(self, checkpoint: str = "mini", revision: str | None = None) -> None:
        self.checkpoint, self.revision = checkpoint, revision

    @functools.cached_property
    def fingerprint(self) -> str:
        """Hex digest of the checkpoint's name and revision, and of local weights."""
        folder = MINI / "clip" if self.checkpoint == "mini" else Path(self.checkpoint)
        digest = hashlib.sha256(f"{self.checkpoint}@{self.revision}".encode())
        for path in sorted(folder.glob("*.safetensors")):
            with path.open("rb") as file:
                digest.update(hashlib.file_digest(file, "sha256").digest())
        return digest.hexdigest()

    @property
    def name(self) -> str:
        """Its name in reports."""
        if self.checkpoint == "mini":
            return "mini CLIP"
        return f"{self.checkpoint}@{self.revision}" if self.revision else self.checkpoint

    def embed_images(self, images: Sequence[np.ndarray]) -> torch.Tensor:
        """`image_features` as unit vectors."""
        return F.normalize(self.image_features(images), dim=-1)

    def embed_texts(self, texts: Sequence[str]) -> torch.Tensor:
        """`text_features` as unit vectors."""
        return F.normalize(self.text_features(texts), dim=-1)

    @torch.inference_mode()
    def image_features(self, images: Sequence[np.ndarray]) -> torch.Tensor:
        """Images, uint8 [height, width, 3] of any sizes, to float32 [n, width] on the CPU.

        They are padded to a square, not cropped.

        Raises:
            UserError: the features are not finite.
        """
        loaded = self._loaded
        device = loaded.model.device
        found = []
        for start in range(0, len(images), BATCH_SIZE):
            chunk = [
                letterbox(Image.fromarray(i), loaded.size)
                for i in images[start : start + BATCH_SIZE]
            ]
            pixels = torch.from_numpy(np.stack(chunk)).permute(0, 3, 1, 2).float() / 255
            pixels = ((pixels - loaded.mean) / loaded.std).to(device)
            found.append(loaded.model.get_image_features(pixel_values=pixels).pooler_output)
        return require_finite(torch.cat(found).float().cpu(), self.name)

    @torch.inference_mode()
    def text_features(self, texts: Sequence[str]) -> torch.Tensor:
        """Texts, cut at the token limit, to float32 [n, width] on the CPU.

        Raises:
            UserError: the features are not finite.
        """
        loaded = self._loaded
        found = []
        for start in range(0, len(texts), BATCH_SIZE):
            tokens = loaded.tokenizer(
                list(texts[start : start + BATCH_SIZE]),
                padding=True,
                truncation=True,
                return_tensors="pt",
            ).to(loaded.model.device)
            read = loaded.model.get_text_features(
                input_ids=tokens.input_ids, attention_mask=tokens.attention_mask
            )
            found.append(read.pooler_output)
        return require_finite(torch.cat(found).float().cpu(), self.name)

    @functools.cached_property
    def _loaded(self) -> _Loaded:
        quiet_libraries()
        if self.checkpoint == "mini":
            model, tokenizer = mini_clip(), mini_tokenizer()
            size, mean, std = 128, [0.5] * 3, [0.5] * 3
        else:
            model, tokenizer, size, mean, std = self._read()
        device = "cuda" if torch.cuda.is_available() else "cpu"
        mean, std = (torch.tensor(values).view(3, 1, 1) for values in (mean, std))
        return _Loaded(model.eval().to(device), tokenizer, size, mean, std)

    def _read(self) -> tuple:
        from transformers import CLIPImageProcessorPil, CLIPModel, CLIPTokenizer

        try:
            model = read_whole_model(CLIPModel, self.checkpoint, self.revision, "sdpa")
            tokenizer, processor = (
                part.from_pretrained(self.checkpoint, revision=self.revision)
                for part in (CLIPTokenizer, CLIPImageProcessorPil)
            )
        except FAILURES as error:
            reason = " ".join(str(error).split())[:120]
            raise UserError(
                f"{self.checkpoint}: no CLIP that can be read, here or on the model hub; give a "
                f"folder in transformers' layout, or use mini ({reason})"
            ) from error
        size = model.config.vision_config.image_size
        return model, tokenizer, size, processor.image_mean, processor.image_std
