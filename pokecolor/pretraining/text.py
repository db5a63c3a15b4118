"""Training of mini's text encoder, so that its states contain the color of each named part."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from pokecolor.core.colors import TERMS, rgb_to_lab
from pokecolor.core.training.guarded_module import GuardedModule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from functools import partial
    from pathlib import Path

    from transformers import CLIPTextModel, CLIPTokenizer

    from pokecolor.core.schema import Batch, Part


TEACHER_PROMPTS = 24
"""Maximum number of prompts of a batch that are distilled: with padding they are long."""
LAB_SCALE = 50.0
"""Approximate spread of the colors of drawings along each axis of CIELAB."""

HEAD_WIDTH = 32
"""Of `ColorLookup`'s attention; the UNet's heads are as wide."""


class NamedParts:
    """The named parts of a batch of prompts, one after the other.

    Args:
        parts: the parts of each prompt.
        names: names of the parts to look up; others are left out.
    """

    def __init__(self, parts: Sequence[Sequence[Part]], names: Sequence[str]) -> None:
        number = {name: i for i, name in enumerate(names)}
        found = [
            (row, part)
            for row, of_prompt in enumerate(parts)
            for part in of_prompt
            if part.named and part.name in number
        ]
        table = [(row, number[part.name], TERMS.index(part.color)) for row, part in found]
        self.rows, self.names, self.colors = torch.tensor(table).long().view(-1, 3).unbind(1)
        """For each part the index of its prompt, name and color term: int64 [parts]."""
        rgb = np.array([part.rgb for _, part in found]).reshape(-1, 3)
        self.lab = torch.from_numpy(rgb_to_lab(rgb)).float()
        """The parts' colors in CIELAB: float32 [parts, 3]."""


class PredictedColors(NamedTuple):
    """The predicted colors of the named parts."""

    logits: torch.Tensor
    """Logits of the basic terms: [parts, terms]."""
    lab: torch.Tensor
    """CIELAB colors: [parts, 3]. "Dark blue" and "light blue" have the same term."""


class ColorLookup(nn.Module):
    """Predicts a part's color from a text's states by cross-attention, like the UNet.

    It is not exported.

    Args:
        width: width of the text's hidden states.
        names: number of part names.
        heads: number of attention heads.
    """

    def __init__(self, width: int, names: int, heads: int = 4) -> None:
        super().__init__()
        inner = heads * HEAD_WIDTH
        self.heads = heads
        self.query = nn.Embedding(names, inner)
        self.key = nn.Linear(width, inner, bias=False)
        self.value = nn.Linear(width, 2 * inner, bias=False)
        self.color = nn.Sequential(
            nn.Linear(2 * inner, inner), nn.SiLU(), nn.Linear(inner, len(TERMS) + 3)
        )

    def forward(
        self, states: torch.Tensor, mask: torch.Tensor, wanted: NamedParts
    ) -> PredictedColors:
        """Predict the colors of parts.

        Args:
            states: hidden states of the texts, [texts, tokens, width].
            mask: bool [texts, tokens], false for padding.
            wanted: the parts.
        """
        query = self._split(self.query(wanted.names.to(states.device))[:, None])
        keys, values = self._split(self.key(states)), self._split(self.value(states))
        rows = wanted.rows.to(states.device)
        attended = F.scaled_dot_product_attention(
            query, keys[rows], values[rows], mask[rows][:, None, None]
        )
        logits, lab = self.color(attended.flatten(1)).float().split([len(TERMS), 3], dim=1)
        return PredictedColors(logits, LAB_SCALE * lab)

    def _split(self, states: torch.Tensor) -> torch.Tensor:
        """[n, tokens, width] to [n, heads, tokens, width of a head]."""
        return states.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class TextModule(GuardedModule):
    """Trains a text encoder so that the color of each named part can be predicted from its states.

    The UNet reads a prompt by cross-attention, and learns color binding only slowly; if the states
    mix the parts up, it cannot learn it. So the text encoder is trained first, with `ColorLookup`
    in place of the UNet.

    Args:
        text_encoder: the model to train.
        tokenizer: turns prompts into tokens.
        part_names: names of the parts.
        optimizer: takes parameters, returns an optimizer.
        lr_scheduler: takes the optimizer and `steps=`, returns a schedule.
        lookup_lr: learning rate of `ColorLookup`, which starts from random weights.
        teacher: the text encoder that a UNet was trained with. For prompts that name only
            `teacher_names`, the states of all tokens, padding included, stay near the teacher's
            (feature distillation; Romero et al. 2015). So the UNet still works when new nouns are
            added.
        teacher_names: the parts and things that the UNet knows.
        teacher_weight: weight of the distillation loss, which is relative to the states' variance.
    """

    def __init__(
        self,
        text_encoder: CLIPTextModel,
        tokenizer: CLIPTokenizer,
        part_names: Sequence[str],
        optimizer: partial,
        lr_scheduler: partial,
        lookup_lr: float = 3e-3,
        teacher: CLIPTextModel | None = None,
        teacher_names: Sequence[str] = (),
        teacher_weight: float = 1.0,
    ) -> None:
        super().__init__()
        self.text_encoder, self.tokenizer = text_encoder.train(), tokenizer
        self.part_names = list(part_names)
        self.optimizer, self.lr_scheduler, self.lookup_lr = optimizer, lr_scheduler, lookup_lr
        self.lookup = ColorLookup(text_encoder.config.hidden_size, len(self.part_names))
        # in a list, so that it is neither trained nor part of a checkpoint
        self._teacher = [teacher.eval().requires_grad_(False)] if teacher else []
        self.teacher_names, self.teacher_weight = frozenset(teacher_names), teacher_weight

    def look_up(self, prompts: list[str], wanted: NamedParts) -> PredictedColors:
        """Predict the colors of parts from prompts."""
        tokens = self.tokenizer(prompts, padding=True, truncation=True, return_tensors="pt")
        tokens = tokens.to(self.device)
        states = self.text_encoder(**tokens).last_hidden_state
        return self.lookup(states, tokens.attention_mask.bool(), wanted)

    def training_step(self, batch: Batch, batch_idx: int) -> torch.Tensor:
        wanted = NamedParts(batch["parts"], self.part_names)
        predicted = self.look_up(batch["edit_prompt"], wanted)
        # sums, because a batch may name no part
        error = F.cross_entropy(predicted.logits, wanted.colors.to(self.device), reduction="sum")
        off = (predicted.lab - wanted.lab.to(self.device)) / LAB_SCALE
        loss = (error + off.square().mean(1).sum()) / max(1, len(off))
        self.log("train/loss", loss, prog_bar=True)
        if self._teacher:
            drift = self.drift(batch["edit_prompt"], batch["parts"])
            self.log("train/drift", drift)
            loss = loss + self.teacher_weight * drift
        return loss

    def drift(self, prompts: Sequence[str], parts: Sequence[Sequence[Part]]) -> torch.Tensor:
        """Distillation loss on the prompts that the teacher knows, a scalar.

        The mean squared error divided by the variance of the teacher's states; 0 if it knows none.
        """
        known = [
            prompt
            for prompt, of_prompt in zip(prompts, parts, strict=True)
            if all(part.name in self.teacher_names for part in of_prompt if part.named)
        ][:TEACHER_PROMPTS]
        if not known:
            return torch.zeros((), device=self.device)
        tokens = self.tokenizer(
            known, padding="max_length", truncation=True, return_tensors="pt"
        ).input_ids.to(self.device)  # as a pipeline encodes them, without a mask
        teacher = self._teacher[0].to(self.device)
        with torch.no_grad():
            target = teacher(tokens).last_hidden_state
        error = F.mse_loss(self.text_encoder(tokens).last_hidden_state, target)
        return error / target.var()

    def compute_metrics(self, batch: Batch) -> Iterator[tuple[str, list[str], torch.Tensor]]:
        """For each named part the accuracy of its color term, 0 or 1, and its CIELAB distance."""
        wanted = NamedParts(batch["parts"], self.part_names)
        if len(wanted.rows):
            predicted = self.look_up(batch["edit_prompt"], wanted)
            drawings = [batch["drawing_id"][row] for row in wanted.rows.tolist()]
            found = predicted.logits.argmax(-1).cpu() == wanted.colors
            yield "color_found", drawings, found.float()
            yield "color_distance", drawings, (predicted.lab.cpu() - wanted.lab).norm(dim=1)

    def save_parts(self, folder: Path) -> Path:
        """Write the text encoder, float16, and return where: `folder`/text_encoder."""
        part = folder / "text_encoder"
        copy.deepcopy(self.text_encoder).to(torch.float16).save_pretrained(part)
        return part

    def configure_optimizers(self) -> dict:
        optimizer = self.optimizer(
            [
                {"params": list(self.text_encoder.parameters())},
                {"params": list(self.lookup.parameters()), "lr": self.lookup_lr},
            ]
        )
        return self.optimizer_config(optimizer, self.lr_scheduler)
