"""`caption=clip`: one sentence with the colors of parts that CLIP finds."""

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
"""Raised whenever the same settings give other captions."""


class Phrase(NamedTuple):
    """A color and its part."""

    color: str
    part: str | None
    """None for the whole drawing."""

    @property
    def texts(self) -> tuple[str, ...]:
        """Texts for CLIP, whose embeddings are averaged (Radford et al., 2021, section 3.1.4)."""
        if self.part is None:
            return tuple(f"Turn it into a {self.color} {noun}" for noun in ("creature", "drawing"))
        return (f"a creature with {self.color} {self.part}",)


class ClipCaptioner:
    """Writes "Turn it into a green creature with red eyes" from what CLIP finds.

    The color of the whole comes first. Candidates are all parts of a table in all basic colors. The
    phrases whose common text is most similar to the image are kept (see `ranking.pursue`), one
    color per part, in order of their gain; parts in the main color are left out. No phrase names a
    person, a place or a style.

    Pixels decide which colors a drawing has, and CLIP decides which part has a color: a small CLIP
    confuses orange and brown, and pixels do not show what is a belly or a wing.

    Args:
        clip: the model.
        parts: names of parts.
        subjects: possible subjects of a drawing; if there are several, CLIP chooses.
        count: maximum number of phrases.
        min_gain: the least that a phrase must add to the cosine similarity.
        min_share: colors that cover less of the drawing are no candidates; 0 to use CLIP only.
        cache: folder for the embeddings of tables; None for no cache.
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
        # the table begins with the whole drawing in each color
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
            # parts in the main color are redundant, and half of them are wrong
            others = [phrase for phrase in others if phrase.color != first.color]
            sentences.append(_sentence(subject, [first, *others]))
        return sentences

    def score(self, images: Sequence[np.ndarray], captions: Sequence[str]) -> torch.Tensor:
        """See `Scorer`: the cosine similarity."""
        return (self.clip.embed_images(images) * self.clip.embed_texts(captions)).sum(-1)

    def _barred(self, images: Sequence[np.ndarray]) -> torch.Tensor:
        """The phrases whose color does not occur in an image: bool [n, phrases]."""
        rows = []
        for image in images:
            present = colors_of(image, self.min_share) if self.min_share else ()
            # no restriction for a drawing without any color
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
    """The instruction with these phrases, that of the whole drawing first."""
    whole, *parts = phrases
    described = [with_article(f"{p.color} {p.part}", p.part) for p in parts]
    noun = with_article(f"{whole.color} {subject}", subject)
    return f"Turn it into {noun}" + (f" with {join(described)}" if described else "")
