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

    To add one, write a class with these two members and a config in `conf/caption/`; see
    CONTRIBUTING.md.
    """

    @property
    def fingerprint(self) -> str:
        """Hex digest of everything that its instructions depend on: weights, tables, settings.

        It must be cheap: it is computed even if all captions are cached.
        """

    def caption(self, images: Sequence[np.ndarray]) -> list[str]:
        """An instruction for each image, "Turn it into a green creature with red eyes".

        Args:
            images: uint8 [height, width, 3] each, of any sizes, drawings on white.
        """


@runtime_checkable
class TrainedCaptioner(Captioner, Protocol):
    """A captioner that is trained on captions of the data set before it writes the others."""

    def fit(self, data: str, images: Callable[[], Iterable[ColorImage]]) -> None:
        """Train on the data set with digest `data`, unless that is cached.

        Only samples of the training split are used.
        """

    def load_newest(self) -> None:
        """Load the latest training with these settings, on any data set.

        Raises:
            UserError: there is none.
        """


@runtime_checkable
class Scorer(Protocol):
    """A captioner that can score given captions."""

    def score(self, images: Sequence[np.ndarray], captions: Sequence[str]) -> torch.Tensor:
        """The score of each image and its caption, float32 [n]; higher is better."""
