"""Features of the pictures of a test set, for metrics of distributions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from safetensors import safe_open
from safetensors.torch import save_file

if TYPE_CHECKING:
    from pathlib import Path

    import torch


@dataclass(frozen=True, eq=False)
class FeatureSets:
    """Features of pictures, of the true pictures and of the bare sketches of the same drawings.

    Truth is that of the same drawings. For FID that makes a small set look better than pictures of
    strangers would; KID leaves out pairs of one drawing.
    """

    drawings: list[str]
    """Of each of the n samples."""
    seen: dict[str, torch.Tensor]
    """ "output", "truth" and "sketch": float32 [n, width] each."""
    kid_subset_size: int | None
    """Pictures of each kind in a subset."""
    kid_subsets: int
    """How many subsets KID is the mean of."""

    def save(self, path: Path) -> None:
        """Write a safetensors file."""
        about = {
            "drawings": self.drawings,
            "kid_subset_size": self.kid_subset_size,
            "kid_subsets": self.kid_subsets,
        }
        tensors = {what: features.contiguous() for what, features in self.seen.items()}
        save_file(tensors, path, {name: json.dumps(value) for name, value in about.items()})

    @classmethod
    def load(cls, path: Path) -> FeatureSets:
        """Read what `save` wrote."""
        with safe_open(path, "pt") as file:
            about = {name: json.loads(value) for name, value in file.metadata().items()}
            return cls(seen={name: file.get_tensor(name) for name in file.keys()}, **about)
