"""`caption=clip_interrogator`: prompts in the style of CLIP Interrogator, for comparison."""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import torch

from pokecolor.captioning.phrases import embed_phrases
from pokecolor.captioning.ranking import pursue, top_phrases
from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np

    from pokecolor.captioning.blip import BlipBase
    from pokecolor.model_files.clip_model import ClipModel

MODES = ("fast", "classic", "best", "negative")


class InterrogatorCaptioner:
    """Appends ranked phrases of label tables to a base caption.

    The modes are those of such tools: `fast` appends the phrases most similar to the image, from
    all tables; `classic` appends the best of each table, and more of the last; `best` appends those
    whose common text is most similar; `negative` gives the least similar ones, without a base
    caption, for a negative prompt.

    Args:
        clip: ranks the phrases.
        tables: name => phrases.
        base: writes the base caption; None for "a drawing".
        mode: one of `MODES`.
        count: maximum number of phrases (in `classic`, of the last table).
        min_gain: for `best`, see `ranking.pursue`.
        cache: folder for the embeddings of tables; None for no cache.

    Raises:
        UserError: there is no such mode.
    """

    def __init__(
        self,
        clip: ClipModel,
        tables: Mapping[str, Sequence[str]],
        base: BlipBase | None = None,
        mode: Literal["fast", "classic", "best", "negative"] = "classic",
        count: int = 4,
        min_gain: float = 0.0,
        cache: str | Path | None = None,
    ) -> None:
        if mode not in MODES:
            raise UserError(f"caption.captioner.mode={mode}: choose {', '.join(MODES)}")
        self.clip, self.base, self.mode = clip, base, mode
        self.count, self.min_gain = count, min_gain
        self.cache = Path(cache) / "phrases" if cache else None
        self.tables = {name: list(phrases) for name, phrases in tables.items()}
        self.phrases = [phrase for table in self.tables.values() for phrase in table]

    @functools.cached_property
    def fingerprint(self) -> str:
        """See `Captioner`."""
        depends = [self.clip.fingerprint, self.tables, self.mode, self.count, self.min_gain]
        depends.append(self.base.fingerprint if self.base else None)
        return hashlib.sha256(json.dumps(depends).encode()).hexdigest()

    def caption(self, images: Sequence[np.ndarray]) -> list[str]:
        """See `Captioner`."""
        embeds = self.clip.embed_images(images)
        bases = ["a drawing"] * len(images)
        if self.base and self.mode != "negative":
            bases = self.base.describe(images)

        def write(row: int, chosen: Sequence[int]) -> str:
            phrases = [self.phrases[i] for i in chosen]
            if self.mode == "negative":
                return ", ".join(phrases)
            return "Turn it into " + ", ".join([bases[row], *phrases])

        rank = {
            "fast": lambda: top_phrases(embeds, self._embeds, self.count),
            "classic": lambda: self._one_of_each(embeds),
            "best": lambda: pursue(
                embeds,
                self._embeds,
                range(len(self.phrases)),
                chains=[[] for _ in images],
                write=write,
                embed=self.clip.embed_texts,
                count=self.count,
                min_gain=self.min_gain,
            ),
            "negative": lambda: top_phrases(-embeds, self._embeds, self.count),
        }
        return [write(row, chosen) for row, chosen in enumerate(rank[self.mode]())]

    def score(self, images: Sequence[np.ndarray], captions: Sequence[str]) -> torch.Tensor:
        """See `Scorer`: the cosine similarity."""
        return (self.clip.embed_images(images) * self.clip.embed_texts(captions)).sum(-1)

    def _one_of_each(self, embeds: torch.Tensor) -> list[list[int]]:
        """The best phrase of each table, and `count` phrases of the last."""
        rows: list[list[int]] = [[] for _ in embeds]
        first = 0
        for number, table in enumerate(self.tables.values(), start=1):
            count = self.count if number == len(self.tables) else 1
            best = top_phrases(embeds, self._embeds[first : first + len(table)], count)
            for row, found in zip(rows, best, strict=True):
                row += [first + i for i in found]
            first += len(table)
        return rows

    @functools.cached_property
    def _embeds(self) -> torch.Tensor:
        return embed_phrases(self.clip, self.phrases, self.cache)
