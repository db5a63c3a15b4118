"""Captions of a data set, written once to a CSV file and then looked up."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock

from pokecolor.captioning.audit import colors_of
from pokecolor.captioning.caption_filter import CaptionFilter
from pokecolor.captioning.captioner import TrainedCaptioner
from pokecolor.captioning.store import CaptionStore
from pokecolor.core.atomic_files import remove_left
from pokecolor.core.atomic_folders import set_aside
from pokecolor.core.errors import UserError
from pokecolor.core.schema import ColorImage

if TYPE_CHECKING:
    import numpy as np

    from pokecolor.captioning.captioner import Captioner

Images = Callable[[], Iterable[ColorImage]]
Progress = Callable[[str, int, int], None]

BATCH_SIZE = 64
"""Images captioned at a time; a killed run loses at most so many captions."""


class StoredCaptions:
    """The instructions of a captioner, or of a user's CSV.

    They are stored in `<folder>/<data set>-<captioner>.csv`, which can be edited.

    Args:
        captioner: writes missing captions; None if all are in `csv`.
        folder: folder of caption stores.
        csv: a CSV with the columns `id,caption`, instead of a captioner.
        audit: filter of wrong captions.

    Raises:
        UserError: not exactly one of `captioner` and `csv` is given.
    """

    def __init__(
        self,
        captioner: Captioner | None = None,
        folder: str | Path = ".cache/captions",
        csv: str | Path | None = None,
        audit: CaptionFilter | None = None,
    ) -> None:
        if (captioner is None) == (csv is None):
            raise UserError("caption: give either a captioner or a csv")
        self.captioner, self.folder = captioner, Path(folder)
        self.csv = Path(csv).expanduser() if csv else None
        self.audit = audit or CaptionFilter()
        self._captions: dict[str, str] = {}

    def prepare(self, data: str, ids: Sequence[str], images: Images, progress: Progress) -> None:
        """Write missing captions, batch by batch; called in one process.

        Args:
            data: digest of the data set.
            ids: ids of all its samples.
            images: yields all samples, the training samples first.
            progress: takes the name of the task, the number of samples newly done, and the total.

        Raises:
            UserError: the user's CSV lacks a sample.
        """
        captions = self._store(data)
        if self.captioner is None:
            _require(captions, ids)
        else:
            if isinstance(self.captioner, TrainedCaptioner):
                self.captioner.fit(data, images)
            _fill(captions, ids, images, self.captioner.caption, "Captioning", progress)
        if self.audit.does_something:
            _fill(self._colors(data), ids, images, _colors_of_all, "Reading colors", progress)

    def load(self, data: str, ids: Sequence[str]) -> None:
        """Read the captions of a data set; called in every process after `prepare`."""
        captions = _require(self._store(data), ids)
        if self.audit.does_something:
            colors = _require(self._colors(data), ids)
            captions = {
                name: self.audit.apply(captions[name], _parse_colors(colors[name])) for name in ids
            }
        self._captions = captions

    def prompt(self, triplet_id: str, original: str) -> str:
        """The caption of a sample."""
        return self._captions[triplet_id]

    def __getstate__(self) -> dict:
        # loader processes only look captions up
        return {**self.__dict__, "captioner": None}

    def _store(self, data: str) -> CaptionStore:
        if self.csv:
            if not self.csv.is_file():
                raise UserError(f"caption.csv={self.csv}: no such file")
            return CaptionStore(self.csv)
        return CaptionStore(self.folder / f"{data[:12]}-{self.captioner.fingerprint[:12]}.csv")

    def _colors(self, data: str) -> CaptionStore:
        return CaptionStore(self.folder / f"{data[:12]}-shares.csv", "colors")


def _fill(
    store: CaptionStore,
    ids: Sequence[str],
    images: Images,
    write: Callable[[Sequence[np.ndarray]], list[str]],
    task: str,
    progress: Progress,
) -> None:
    """Write texts for all images that the store lacks."""
    set_aside(store.path, _find_damage)
    if not set(ids) - store.read().keys():
        return  # before any lock: a complete store may be on a read-only disk
    store.path.parent.mkdir(parents=True, exist_ok=True)
    remove_left(store.path.parent)
    with FileLock(store.path.with_suffix(".lock")):
        known = store.read()
        wanted = {name for name in ids if name not in known}
        if not wanted:
            return
        missing = ((sample.id, sample.image) for sample in images() if sample.id in wanted)
        while batch := list(itertools.islice(missing, BATCH_SIZE)):
            names, pictures = zip(*batch, strict=True)
            store.add(dict(zip(names, write(pictures), strict=True)))
            progress(task, len(batch), len(wanted))


def _find_damage(path: Path) -> str | None:
    """What is wrong with the bytes of a store; typing mistakes are reported elsewhere."""
    data = path.read_bytes()
    if b"\0" in data:
        return f"zeros at byte {data.index(0)}"
    try:
        data.decode()
    except UnicodeDecodeError as error:
        return f"no UTF-8 at byte {error.start}"
    return None


def _colors_of_all(images: Sequence[np.ndarray]) -> list[str]:
    """The colors of each image as "green 0.75 white 0.25"."""
    shares = [colors_of(image) for image in images]
    return [" ".join(f"{term} {share:.3f}" for term, share in s.items()) or "none" for s in shares]


def _parse_colors(text: str) -> dict[str, float]:
    words = text.split()
    return {term: float(share) for term, share in zip(words[::2], words[1::2], strict=False)}


def _require(store: CaptionStore, ids: Sequence[str]) -> dict[str, str]:
    """The texts of all samples; raises if one is missing."""
    known = store.read()
    missing = [name for name in ids if name not in known]
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise UserError(f"{store.path}: no row of {missing[0]}{more}; add it: id,{store.column}")
    return known
