"""`caption=clip`: names each part's color as CLIP sees it, in one sentence."""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch.nn import functional as F

from pokecolor.captioning.audit import colors_of
from pokecolor.captioning.phrases import embed_phrases
from pokecolor.captioning.ranking import pursue, top_phrases
from pokecolor.core.colors import TERMS
from pokecolor.core.grammar import join, with_article

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from pokecolor.model_files.clip_model import ClipModel

VERSION = 2
"""Goes up when the same settings give other captions."""


class Phrase(NamedTuple):
    """A color and what has it."""

    color: str
    part: str | None
    """None for the whole."""

    @property
    def texts(self) -> tuple[str, ...]:
        """What CLIP reads; a mean of several is steadier (Radford et al., 2021, section 3.1.4)."""
        if self.part is None:
            return tuple(f"Turn it into a {self.color} {noun}" for noun in ("creature", "drawing"))
        return (f"a creature with {self.color} {self.part}",)


class ClipCaptioner:
    """Writes "Turn it into a green creature with red eyes" from what CLIP finds.

    The color of the whole comes first. Then every part of a table is tried in every basic color,
    and the phrases whose common text comes nearest to the image are kept (see `ranking.pursue`),
    one color a part. They are said in the order of how much they tell, but for parts in the color
    of the whole. No phrase names a person, a place or a style.

    Which colors a drawing has is read off its pixels, where a color goes is CLIP's to say: a small
    CLIP takes orange for brown, and pixels do not know a belly from a wing.

    Args:
        clip: the model.
        parts: names of what may have a color of its own.
        subjects: what a drawing may show. One is taken as it is; of several CLIP chooses.
        count: phrases of a caption at most.
        min_gain: the least that a phrase must add to the cosine similarity.
        min_share: colors that less of the drawing's area has, by its pixels, are not tried; 0 to
            trust CLIP alone.
        cache: where embeddings of tables are kept; None to keep none.
    """

    def __init__(
        self,
        clip: ClipModel,
        parts: Sequence[str],
        subjects: Sequence[str] = ("creature",),
        count: int = 6,
        min_gain: float = 0.04,
        min_share: float = 0.005,
        cache: str | Path | None = None,
    ) -> None:
        self.clip, self.subjects = clip, list(subjects)
        self.count, self.min_gain, self.min_share = count, min_gain, min_share
        self.cache = Path(cache) / "phrases" if cache else None
        things = [None, *parts]
        self.phrases = [Phrase(color, part) for part in things for color in TERMS]
        self._slots = [slot for slot in range(len(things)) for _ in TERMS]

    @functools.cached_property
    def fingerprint(self) -> str:
        """See `Captioner`."""
        depends = [VERSION, self.clip.fingerprint, self.phrases, self.subjects]
        depends += [self.count, self.min_gain, self.min_share]
        return hashlib.sha256(json.dumps(depends).encode()).hexdigest()

    def caption(self, images: Sequence[np.ndarray]) -> list[str]:
        """See `Captioner`."""
        embeds = self.clip.embed_images(images)
        barred = self._barred(images)
        # the table begins with the whole in each color
        alike = embeds @ self._phrase_embeds[: len(TERMS)].T
        whole = alike.masked_fill(barred[:, : len(TERMS)], -torch.inf).argmax(1)
        subjects = self._choose_subjects(embeds)
        found = pursue(
            embeds,
            self._phrase_embeds,
            self._slots,
            chains=[[first] for first in whole.tolist()],
            write=lambda row, chain: _sentence(subjects[row], [self.phrases[i] for i in chain]),
            embed=self.clip.embed_texts,
            count=self.count,
            min_gain=self.min_gain,
            barred=barred,
        )
        sentences = []
        for subject, chain in zip(subjects, found, strict=True):
            first, *others = (self.phrases[i] for i in chain)
            # a part in the color of the whole needs no mention, and half of those are not there
            others = [phrase for phrase in others if phrase.color != first.color]
            sentences.append(_sentence(subject, [first, *others]))
        return sentences

    def score(self, images: Sequence[np.ndarray], captions: Sequence[str]) -> torch.Tensor:
        """See `Scorer`: the cosine similarity."""
        return (self.clip.embed_images(images) * self.clip.embed_texts(captions)).sum(-1)

    def _barred(self, images: Sequence[np.ndarray]) -> torch.Tensor:
        """Which phrases name a color that an image does not have: bool [n, phrases]."""
        rows = []
        for image in images:
            present = colors_of(image, self.min_share) if self.min_share else ()
            # of a drawing without any color anything may be said
            rows.append([bool(present) and p.color not in present for p in self.phrases])
        return torch.tensor(rows)

    def _choose_subjects(self, embeds: torch.Tensor) -> list[str]:
        if len(self.subjects) == 1:
            return self.subjects * len(embeds)
        return [self.subjects[best] for (best,) in top_phrases(embeds, self._subject_embeds, 1)]

    @functools.cached_property
    def _phrase_embeds(self) -> torch.Tensor:
        texts = [text for phrase in self.phrases for text in phrase.texts]
        embeds = embed_phrases(self.clip, texts, self.cache)
        of_each = embeds.split([len(phrase.texts) for phrase in self.phrases])
        return F.normalize(torch.stack([several.mean(0) for several in of_each]), dim=-1)

    @functools.cached_property
    def _subject_embeds(self) -> torch.Tensor:
        texts = [f"a drawing of {with_article(name, name)}" for name in self.subjects]
        return embed_phrases(self.clip, texts, self.cache)


def _sentence(subject: str, phrases: Sequence[Phrase]) -> str:
    """The instruction that asks for these phrases, that of the whole first."""
    whole, *parts = phrases
    described = [with_article(f"{p.color} {p.part}", p.part) for p in parts]
    noun = with_article(f"{whole.color} {subject}", subject)
    return f"Turn it into {noun}" + (f" with {join(described)}" if described else "")
