"""Training the CLIP of `mini`: color images and instructions in one space."""

from __future__ import annotations

import copy
import random
from functools import partial
from typing import TYPE_CHECKING

import lightning as L
import torch
from torch import nn
from torch.nn import functional as F

from pokecolor.colors import TERMS, find_color_words
from pokecolor.pretraining.schedule import warmup_cosine
from pokecolor.pretraining.swaps import swap_one_color

if TYPE_CHECKING:
    from pathlib import Path

    from transformers import CLIPModel, CLIPTokenizer

    from pokecolor.schema import Batch, Part

CHOICES = 32
"""Captions to choose from in validation and test: the true one and 31 neighbors."""


def part_targets(parts: list[tuple[Part, ...]], names: list[str], named_only: bool) -> torch.Tensor:
    """Color indices int64 [batch, names]; -100, ignored, where a part is absent or unnamed."""
    column = {name: i for i, name in enumerate(names)}
    targets = torch.full((len(parts), len(names)), -100)
    for row, of_image in enumerate(parts):
        for part in of_image:
            if part.name in column and (part.named or not named_only):
                targets[row, column[part.name]] = TERMS.index(part.color)
    return targets


def build_clip(
    tokenizer: CLIPTokenizer, text: dict, vision: dict, projection_dim: int
) -> CLIPModel:
    """A CLIP with random weights whose text tower fits `tokenizer`.

    Args:
        tokenizer: gives the vocabulary, the special tokens and the number of positions.
        text: settings of `CLIPTextConfig` beyond those.
        vision: settings of `CLIPVisionConfig`.
        projection_dim: width of the joint space.
    """
    from transformers import CLIPConfig, CLIPModel

    text = {
        **text,
        "vocab_size": len(tokenizer),
        "max_position_embeddings": tokenizer.model_max_length,
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    config = CLIPConfig(text_config=text, vision_config=dict(vision), projection_dim=projection_dim)
    return CLIPModel(config)


class CLIPModule(L.LightningModule):
    """Contrastive training (Radford et al., 2021) that insists on which part has which color.

    A text tower trained by contrast within the batch alone learns which colors occur, not where
    (Yuksekgonul et al., 2023). So each image also chooses between its caption and neighbors that
    differ in one color word, and one linear head reads every part's color from the joint
    embedding of either tower, which pulls both towards the same directions. The head is not kept.

    Args:
        clip: the model to train.
        tokenizer: turns captions into tokens.
        optimizer: takes parameters, returns an optimizer.
        part_names: parts whose color the head reads.
        negatives: neighbors per caption in a training step.
        warmup_steps: optimizer steps of linear warm-up before the cosine decay.
        part_weight: weight of the head's loss.
        seed: of the neighbors shown in validation and test.
    """

    def __init__(
        self,
        clip: CLIPModel,
        tokenizer: CLIPTokenizer,
        optimizer: partial,
        part_names: list[str],
        negatives: int = 4,
        warmup_steps: int = 100,
        part_weight: float = 1.0,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.clip, self.tokenizer, self.optimizer = clip.train(), tokenizer, optimizer
        self.part_names = list(part_names)
        self.negatives, self.warmup_steps = negatives, warmup_steps
        self.part_weight, self.seed = part_weight, seed
        # of the latest validation or test: metric => (drawing_id, value) of each sample
        self.per_sample: dict[str, list[tuple[str, float]]] = {}
        width = clip.config.projection_dim
        self.part_head = nn.Linear(width, len(self.part_names) * len(TERMS))

    def embed_images(self, images: torch.Tensor) -> torch.Tensor:
        """Images [n, 3, size, size] in [-1, 1] to unit vectors [n, projection_dim]."""
        return F.normalize(self.clip.get_image_features(images).pooler_output, dim=-1)

    def embed_texts(self, texts: list[str]) -> torch.Tensor:
        """Texts to unit vectors [n, projection_dim]."""
        tokens = self.tokenizer(texts, padding=True, truncation=True, return_tensors="pt")
        tokens = tokens.to(self.device)
        return F.normalize(self.clip.get_text_features(**tokens).pooler_output, dim=-1)

    def _part_loss(self, embeds: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Cross-entropy of part colors read from unit vectors [n, width]; targets [n, parts]."""
        # unit vectors have small entries: scaled, so that the head starts with useful gradients
        logits = self.part_head(embeds * embeds.shape[-1] ** 0.5)
        logits = logits.view(len(embeds), len(self.part_names), len(TERMS))
        return F.cross_entropy(logits.transpose(1, 2), targets.to(logits.device))

    def training_step(self, batch: Batch, batch_idx: int) -> torch.Tensor:
        captions, count = batch["edit_prompt"], len(batch["edit_prompt"])
        rng = random.Random(f"{self.seed}-{self.global_step}-{self.global_rank}")
        neighbors = [self._neighbors(text, self.negatives, rng) for text in captions]
        images = self.embed_images(batch["edited_image"])
        texts = self.embed_texts([*captions, *(text for group in neighbors for text in group)])
        scale = self.clip.logit_scale.exp().clamp(max=100)

        own, hard = texts[:count], texts[count:].view(count, self.negatives, -1)
        logits = scale * images @ own.T  # [image, text]
        hard_logits = scale * torch.einsum("id,ikd->ik", images, hard)
        target = torch.arange(count, device=images.device)
        contrast = F.cross_entropy(torch.cat([logits, hard_logits], 1), target)
        contrast = (contrast + F.cross_entropy(logits.T, target)) / 2
        binding = F.cross_entropy(
            torch.cat([logits.diagonal()[:, None], hard_logits], 1), torch.zeros_like(target)
        )
        of_image = part_targets(batch["parts"], self.part_names, named_only=False)
        of_text = part_targets(batch["parts"], self.part_names, named_only=True)
        part = self._part_loss(images, of_image) + self._part_loss(own, of_text)
        loss = contrast + binding + self.part_weight * part
        self.log_dict({"train/contrast": contrast, "train/binding": binding, "train/part": part})
        self.log("train/loss", loss, prog_bar=True)
        return loss

    @staticmethod
    def _neighbors(caption: str, count: int, rng: random.Random) -> list[str]:
        """Neighbors of a caption; one without color words is its own, and teaches nothing."""
        if not find_color_words(caption):
            return [caption] * count
        return swap_one_color(caption, count, rng)

    def choose(self, images: torch.Tensor, ids: list[str], captions: list[str]) -> torch.Tensor:
        """Whether each image finds its caption among `CHOICES`: bool [n].

        The neighbors depend on the seed and the sample's id alone. Captions need two color words
        or more; those with fewer than four have some neighbors that differ in two.
        """
        texts = []
        for name, caption in zip(ids, captions, strict=True):
            rng = random.Random(f"{self.seed}-{name}")
            texts += [caption, *swap_one_color(caption, CHOICES - 1, rng)]
        embeds = self.embed_texts(texts).view(len(captions), CHOICES, -1)
        scores = torch.einsum("id,ikd->ik", self.embed_images(images), embeds)
        return scores[:, 0] > scores[:, 1:].amax(1)  # a tie is a miss

    def _evaluate(self, batch: Batch, stage: str) -> None:
        # a caption with one color word has ten neighbors, too few to choose from
        counts = [len(find_color_words(text)) for text in batch["edit_prompt"]]
        keep = [i for i, count in enumerate(counts) if count >= 2]
        if not keep:
            return
        found = self.choose(
            batch["edited_image"][keep],
            [batch["id"][i] for i in keep],
            [batch["edit_prompt"][i] for i in keep],
        )
        name = f"{stage}/found_of_32"
        self.log(name, found.float().mean(), prog_bar=True, batch_size=len(keep))
        pairs = zip((batch["drawing_id"][i] for i in keep), found.float().tolist(), strict=True)
        self.per_sample.setdefault(name, []).extend(pairs)

    def on_validation_epoch_start(self) -> None:
        self.per_sample.clear()

    on_test_epoch_start = on_validation_epoch_start

    def validation_step(self, batch: Batch, batch_idx: int) -> None:
        self._evaluate(batch, "val")

    def test_step(self, batch: Batch, batch_idx: int) -> None:
        self._evaluate(batch, "test")

    def save_parts(self, folder: Path) -> Path:
        """Write the model, float16, and return where: `folder`/clip.

        Its text tower goes to `folder`/text_encoder once more, where diffusers looks for it.
        """
        clip = copy.deepcopy(self.clip).to(torch.float16)
        clip.save_pretrained(folder / "clip")
        clip.text_model.save_pretrained(folder / "text_encoder")
        self.tokenizer.save_pretrained(folder / "tokenizer")
        return folder / "clip"

    def configure_optimizers(self) -> dict:
        optimizer = self.optimizer(self.parameters())
        total = int(self.trainer.estimated_stepping_batches)
        return {
            "optimizer": optimizer,
            "lr_scheduler": {
                "scheduler": warmup_cosine(optimizer, self.warmup_steps, total),
                "interval": "step",
            },
        }
