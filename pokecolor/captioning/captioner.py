"""The interface of captioners: color images to instructions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import numpy as np
    import torch

    from pokecolor.core.schema import ColorImage


class Captioner(Protocol):
    """Writes an instruction for a color image.

    Adding one is a class with these two members and a config in `conf/caption/`; see
    CONTRIBUTING.md.
    """

    @property
    def fingerprint(self) -> str:
        """Hex digest of all that its instructions depend on: weights, tables, settings.

        Cheap: it is asked for before anything is captioned, and often nothing is.
        """

    def caption(self, images: Sequence[np.ndarray]) -> list[str]:
        """An instruction for each image, "Turn it into a green creature with red eyes".

        Args:
            images: uint8 [height, width, 3] each, of any sizes, drawings on white.
        """


@runtime_checkable
class TrainedCaptioner(Captioner, Protocol):
    """A captioner that is trained on the captions of a data set before it captions the rest."""

    def fit(self, data: str, images: Callable[[], Iterable[ColorImage]]) -> None:
        """Train on the data set of digest `data`, unless that has been done.

        Only samples of the training split are learned from.
        """

    def load_newest(self) -> None:
        """Take what was trained last with these settings, whatever the data set.

        Raises:
            UserError: nothing was.
        """


@runtime_checkable
class Scorer(Protocol):
    """A captioner that can say how well a given caption fits."""

    def score(self, images: Sequence[np.ndarray], captions: Sequence[str]) -> torch.Tensor:
        """A number for each image and its caption, float32 [n]; larger fits better."""
