"""`caption=clip`: which part has which color, as CLIP sees it, in one sentence."""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import torch

from pokecolor.captioning.phrases import embed_phrases
from pokecolor.captioning.ranking import pursue, top_phrases
from pokecolor.colors import TERMS
from pokecolor.grammar import join, with_article

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from pokecolor.clip_model import ClipModel

VERSION = 2
"""Goes up when the same settings give other captions."""


class Phrase(NamedTuple):
    """A color and what has it."""

    color: str
    part: str | None
    """None for the whole."""

    @property
    def text(self) -> str:
        """What CLIP reads."""
        if self.part is None:
            return f"Turn it into a {self.color} creature"
        return f"a creature with {self.color} {self.part}"


class ClipCaptioner:
    """Writes "Turn it into a green creature with red eyes" from what CLIP finds.

    The color of the whole comes first. Then every part of a table is tried in every basic color,
    and the phrases that together come nearest to the image are kept (see `ranking.pursue`), one
    color a part. They are said in the order of how much they tell, but for parts in the color of
    the whole: those need no mention, and half of them are not there. No phrase names a person, a
    place or a style.

    Args:
        clip: the model.
        parts: names of what may have a color of its own.
        subjects: what a drawing may show. One is taken as it is; of several CLIP chooses.
        count: phrases of a caption at most.
        min_gain: the least that a phrase must add to the cosine similarity.
        cache: where embeddings of tables are kept; None to keep none.
    """

    def __init__(
        self,
        clip: ClipModel,
        parts: Sequence[str],
        subjects: Sequence[str] = ("creature",),
        count: int = 6,
        min_gain: float = 0.02,
        cache: str | Path | None = None,
    ) -> None:
        self.clip, self.subjects = clip, list(subjects)
        self.count, self.min_gain = count, min_gain
        self.cache = Path(cache) / "phrases" if cache else None
        things = [None, *parts]
        self.phrases = [Phrase(color, part) for part in things for color in TERMS]
        self._slots = [slot for slot in range(len(things)) for _ in TERMS]

    @functools.cached_property
    def fingerprint(self) -> str:
        """See `Captioner`."""
        depends = [VERSION, self.clip.fingerprint, self.phrases, self.subjects]
        depends += [self.count, self.min_gain]
        return hashlib.sha256(json.dumps(depends).encode()).hexdigest()

    def caption(self, images: Sequence[np.ndarray]) -> list[str]:
        """See `Captioner`."""
        embeds = self.clip.embed_images(images)
        # the table begins with the whole in each color
        whole = (embeds @ self._phrase_embeds[: len(TERMS)].T).argmax(1)
        found = pursue(
            embeds, self._phrase_embeds, self._slots, self.count, self.min_gain, first=whole
        )
        subjects = self._choose_subjects(embeds)
        return [
            _sentence(subject, [self.phrases[i] for i in chosen])
            for subject, chosen in zip(subjects, found, strict=True)
        ]

    def score(self, images: Sequence[np.ndarray], captions: Sequence[str]) -> torch.Tensor:
        """See `Scorer`: the cosine similarity."""
        return (self.clip.embed_images(images) * self.clip.embed_texts(captions)).sum(-1)

    def _choose_subjects(self, embeds: torch.Tensor) -> list[str]:
        if len(self.subjects) == 1:
            return self.subjects * len(embeds)
        return [self.subjects[best] for (best,) in top_phrases(embeds, self._subject_embeds, 1)]

    @functools.cached_property
    def _phrase_embeds(self) -> torch.Tensor:
        return embed_phrases(self.clip, [phrase.text for phrase in self.phrases], self.cache)

    @functools.cached_property
    def _subject_embeds(self) -> torch.Tensor:
        texts = [f"a drawing of {with_article(name, name)}" for name in self.subjects]
        return embed_phrases(self.clip, texts, self.cache)


def _sentence(subject: str, phrases: Sequence[Phrase]) -> str:
    """The instruction that asks for these phrases."""
    whole, *parts = phrases
    parts = [
        with_article(f"{phrase.color} {phrase.part}", phrase.part)
        for phrase in parts
        if phrase.color != whole.color
    ]
    noun = with_article(f"{whole.color} {subject}", subject)
    return f"Turn it into {noun}" + (f" with {join(parts)}" if parts else "")
