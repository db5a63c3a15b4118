"""`caption=shuffled`: each image gets the caption of another image, as a control."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from pokecolor.captioning.store import CaptionStore
from pokecolor.core.errors import UserError
from pokecolor.core.schema import SPLITS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pokecolor.core.schema import ColorImage


class ShuffledCaptions:
    """Gives each sample the data set's caption of another sample of its split.

    The captions are permuted, so the frequencies of wordings and colors stay the same. The
    difference between a model trained on them and one trained on the right captions is the effect
    of captions that fit their image.

    Args:
        folder: folder of caption stores.
        seed: seed of the permutation.
    """

    def __init__(self, folder: str | Path = ".cache/captions", seed: int = 0) -> None:
        self.folder, self.seed = Path(folder), seed
        self._captions: dict[str, str] = {}

    def prepare(
        self,
        data: str,
        ids: Sequence[str],
        images: Callable[[], Iterable[ColorImage]],
        progress: Callable[[str, int, int], None],
    ) -> None:
        """Shuffle the captions of the data set with digest `data`, unless that is cached.

        Raises:
            UserError: a split has a single sample.
        """
        store = self._store(data)
        if not set(ids) - store.read().keys():
            return  # before any lock: a complete store may be on a read-only disk
        store.path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(store.path.with_suffix(".lock")):
            known = store.read()
            if not known.keys() >= set(ids):
                found: dict[str, list[tuple[str, str]]] = {split: [] for split in SPLITS}
                for sample in images():
                    if sample.id not in known:
                        found[sample.split].append((sample.id, sample.caption))
                    progress("Shuffling captions", 1, len(ids))
                for samples in found.values():
                    store.add(self._shuffle(samples))

    def load(self, data: str, ids: Sequence[str]) -> None:
        """Look up the captions of a data set."""
        self._captions = self._store(data).read()

    def prompt(self, triplet_id: str, original: str) -> str:
        """The caption of a sample."""
        return self._captions[triplet_id]

    def _store(self, data: str) -> CaptionStore:
        return CaptionStore(self.folder / f"{data[:12]}-shuffled-{self.seed}.csv")

    def _shuffle(self, samples: Sequence[tuple[str, str]]) -> dict[str, str]:
        """Id => new caption, from ids and their own captions."""
        if len(samples) == 1:
            raise UserError("caption=shuffled: a split of 1 sample has no other's caption to give")
        order = sorted(
            samples, key=lambda sample: hashlib.sha256(f"{self.seed} {sample[0]}".encode()).digest()
        )
        given = order[1:] + order[:1]
        return {name: other for (name, _), (_, other) in zip(order, given, strict=True)}
