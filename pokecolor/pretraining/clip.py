"""Training of mini's CLIP on color images and instructions."""

from __future__ import annotations

import copy
import random
from functools import partial
from typing import TYPE_CHECKING

import torch
from torch import nn
from torch.nn import functional as F

from pokecolor.core.colors import TERMS, find_color_words
from pokecolor.core.part_maps import IGNORED, map_targets
from pokecolor.core.training.guarded_module import GuardedModule
from pokecolor.pretraining.naming import NamedPart, find_named_parts
from pokecolor.pretraining.swaps import swap_one_color

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from transformers import CLIPTokenizer

    from pokecolor.core.schema import Batch, Part
    from pokecolor.model_files.part_clip import PartCLIP

CHOICES = 32
"""Candidates per image in validation and test: the true caption and 31 neighbors."""

TEXT_CHUNK = 32
"""Texts that are padded to a common length at a time."""


def part_targets(parts: list[tuple[Part, ...]], names: list[str], named_only: bool) -> torch.Tensor:
    """Color indices int64 [batch, names]; `IGNORED` if a part is absent or not named."""
    column = {name: i for i, name in enumerate(names)}
    targets = torch.full((len(parts), len(names)), IGNORED)
    for row, of_image in enumerate(parts):
        for part in of_image:
            if part.name in column and (part.named or not named_only):
                targets[row, column[part.name]] = TERMS.index(part.color)
    return targets


class CLIPModule(GuardedModule):
    """Contrastive training (Radford et al., 2021) with captions that differ in one part's color.

    With in-batch contrast alone, a text tower learns which colors occur, but not where (Yuksekgonul
    et al., 2023). Therefore there are hard negatives: each image also chooses between its caption
    and neighbors that differ in one color word. And a shared linear head predicts every part's
    color from the joint embedding of either tower; it is not exported. The part maps of the image
    tower are supervised by the true maps, those of the text tower by the words that name parts. The
    weight of the contrastive loss grows from 0 to 1 during training; it is 1 if the text tower is
    frozen.

    Args:
        clip: the model to train.
        tokenizer: turns captions into tokens.
        optimizer: takes parameters, returns an optimizer.
        lr_scheduler: takes the optimizer and `steps=`, returns a schedule.
        negatives: hard negatives per caption in a training step.
        part_weight: weight of the head's losses.
        map_weight: weight of the part maps' cross-entropy.
        background_weight: weight of background cells, which are the majority, in it.
        freeze_text: whether to freeze the text tower.
        seed: seed of the neighbors.
    """

    def __init__(
        self,
        clip: PartCLIP,
        tokenizer: CLIPTokenizer,
        optimizer: partial,
        lr_scheduler: partial,
        negatives: int = 4,
        part_weight: float = 1.0,
        map_weight: float = 1.0,
        background_weight: float = 1.0,
        freeze_text: bool = False,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.clip = clip.train().to(memory_format=torch.channels_last)
        self.freeze_text = freeze_text
        self.clip.text_model.requires_grad_(not freeze_text)
        self.tokenizer, self.optimizer, self.lr_scheduler = tokenizer, optimizer, lr_scheduler
        self.part_names = list(clip.config.vision_config.part_names)
        self.negatives = negatives
        self.part_weight, self.map_weight, self.seed = part_weight, map_weight, seed
        cells = torch.ones(1 + len(self.part_names))
        cells[0] = background_weight
        self.register_buffer("cell_weight", cells, persistent=False)
        width = clip.config.projection_dim
        self.part_head = nn.Linear(width, len(self.part_names) * len(TERMS))

    def embed_images(self, images: torch.Tensor) -> torch.Tensor:
        """Images [n, 3, size, size] in [-1, 1] to unit vectors [n, projection_dim]."""
        return self._encode_images(images)[0]

    def _encode_images(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Images to unit vectors, and to logits of part maps [n, 1 + parts, h, w]."""
        images = images.contiguous(memory_format=torch.channels_last)
        seen = self.clip.get_image_features(images)
        return F.normalize(seen.pooler_output, dim=-1), seen.last_hidden_state

    def embed_texts(self, texts: list[str]) -> torch.Tensor:
        """Texts to unit vectors [n, projection_dim]."""
        return self._encode_texts(texts, [[] for _ in texts])[0]

    def _encode_texts(
        self, texts: list[str], places: list[list[int]]
    ) -> tuple[torch.Tensor, list[list[torch.Tensor]]]:
        """Texts to unit vectors, and to the hidden states [width] at some letters of each.

        A letter beyond the token limit has none and is left out, with all after it.
        """
        # texts of similar length together, because padding costs as much as words
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        embeds: list[torch.Tensor] = []
        states: list[list[torch.Tensor]] = [[] for _ in texts]
        for start in range(0, len(order), TEXT_CHUNK):
            chunk = order[start : start + TEXT_CHUNK]
            tokens = self.tokenizer(
                [texts[i] for i in chunk], padding=True, truncation=True, return_tensors="pt"
            )
            read = self.clip.get_text_features(**tokens.to(self.device))
            embeds.append(read.pooler_output)
            for row, i in enumerate(chunk):
                at = [tokens.char_to_token(row, place) for place in places[i]]
                states[i] = [read.last_hidden_state[row, token] for token in at if token]
        place = torch.tensor(order, device=self.device).argsort()
        return F.normalize(torch.cat(embeds)[place], dim=-1), states

    def _part_colors(self, embeds: torch.Tensor) -> torch.Tensor:
        """Unit vectors [n, projection_dim] to logits of every part's color [n, parts, colors]."""
        # unit vectors have small entries: scale them, so that the head starts with useful gradients
        logits = self.part_head(embeds * embeds.shape[-1] ** 0.5)
        return logits.view(len(embeds), len(self.part_names), len(TERMS))

    def _part_loss(self, embeds: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """Cross-entropy of part colors read from unit vectors [n, width]; targets [n, parts]."""
        logits = self._part_colors(embeds)
        return F.cross_entropy(logits.transpose(1, 2), targets.to(logits.device))

    def training_step(self, batch: Batch, batch_idx: int) -> torch.Tensor:
        images, maps = self._encode_images(batch["edited_image"])
        target = map_targets(batch["part_map"], batch["parts"], self.part_names, maps.shape[-2:])
        of_map = F.cross_entropy(maps, target, self.cell_weight, ignore_index=IGNORED)
        of_image = part_targets(batch["parts"], self.part_names, named_only=False)
        part = self._part_loss(images, of_image)
        self.log_dict({"train/part_of_image": part, "train/part_map": of_map})
        loss = self.part_weight * part + self.map_weight * of_map + self._text_loss(images, batch)
        self.log("train/loss", loss, prog_bar=True)
        return loss

    def _text_loss(self, images: torch.Tensor, batch: Batch) -> torch.Tensor:
        """The losses of captions; `images` are unit vectors [n, projection_dim]."""
        captions, count = batch["edit_prompt"], len(batch["edit_prompt"])
        rng = random.Random(f"{self.seed}-{self.global_step}-{self.global_rank}")
        neighbors = [self._neighbors(text, self.negatives, rng) for text in captions]
        named = [find_named_parts(*pair) for pair in zip(captions, batch["parts"], strict=True)]
        texts, states = self._encode_texts(
            [*captions, *(text for group in neighbors for text in group)],
            [[part.place for part in of_text] for of_text in named]
            + [[]] * (self.negatives * count),
        )
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
        of_text = part_targets(batch["parts"], self.part_names, named_only=True)
        part = self._part_loss(own, of_text)
        name = self._name_loss(states, named)
        self.log_dict(
            {
                "train/contrast": contrast,
                "train/binding": binding,
                "train/part_of_text": part,
                "train/name": name,
            }
        )
        # the weight of the contrast grows, because both towers must first learn useful features
        progress = self.global_step / self.trainer.estimated_stepping_batches
        weight = 1.0 if self.freeze_text else progress
        return weight * (contrast + binding) + self.part_weight * (part + name)

    def _name_loss(
        self, states: list[list[torch.Tensor]], named: list[list[NamedPart]]
    ) -> torch.Tensor:
        """Cross-entropy of the text tower's part predictions at words that name parts."""
        pairs = [
            (state, 1 + self.part_names.index(part.name))
            for of_text in zip(states, named, strict=False)  # neighbors name nothing
            for state, part in zip(*of_text, strict=False)
            if part.name in self.part_names
        ]
        if not pairs:
            return torch.zeros((), device=self.device)
        found, target = zip(*pairs, strict=True)
        logits = self.clip.text_parts(torch.stack(found))
        return F.cross_entropy(logits, torch.tensor(target, device=logits.device))

    @staticmethod
    def _neighbors(caption: str, count: int, rng: random.Random) -> list[str]:
        """Neighbors of a caption; a caption without color words is its own neighbor."""
        if not find_color_words(caption):
            return [caption] * count
        return swap_one_color(caption, count, rng)

    def choose(self, images: torch.Tensor, ids: list[str], captions: list[str]) -> torch.Tensor:
        """Whether each image's caption scores highest among `CHOICES`: bool [n].

        The neighbors depend only on the seed and the sample's id. Captions need at least two color
        words; those with fewer than four have some neighbors that differ in two.
        """
        texts = []
        for name, caption in zip(ids, captions, strict=True):
            rng = random.Random(f"{self.seed}-{name}")
            texts += [caption, *swap_one_color(caption, CHOICES - 1, rng)]
        embeds = self.embed_texts(texts).view(len(captions), CHOICES, -1)
        scores = torch.einsum("id,ikd->ik", self.embed_images(images), embeds)
        return scores[:, 0] > scores[:, 1:].amax(1)  # a tie is a miss

    def compute_metrics(self, batch: Batch) -> Iterator[tuple[str, list[str], torch.Tensor]]:
        """Accuracy of choosing the true caption: 0 or 1 per image."""
        # a caption with one color word has only ten neighbors
        counts = [len(find_color_words(text)) for text in batch["edit_prompt"]]
        keep = [i for i, count in enumerate(counts) if count >= 2]
        if keep:
            found = self.choose(
                batch["edited_image"][keep],
                [batch["id"][i] for i in keep],
                [batch["edit_prompt"][i] for i in keep],
            )
            yield "found_of_32", [batch["drawing_id"][i] for i in keep], found.float()

    def save_parts(self, folder: Path) -> Path:
        """Write the model, float16, and return where: `folder`/clip.

        If its text tower was trained, its tokenizer goes to `folder`/tokenizer.
        """
        clip = copy.deepcopy(self.clip).to(torch.float16)
        clip.save_pretrained(folder / "clip")
        if self.freeze_text:
            return folder / "clip"
        # otherwise it would save the settings of its last call, too
        self.tokenizer.backend_tokenizer.no_padding()
        self.tokenizer.backend_tokenizer.no_truncation()
        self.tokenizer.save_pretrained(folder / "tokenizer")
        return folder / "clip"

    def configure_optimizers(self) -> dict:
        optimizer = self.optimizer([p for p in self.parameters() if p.requires_grad])
        return self.optimizer_config(optimizer, self.lr_scheduler)
