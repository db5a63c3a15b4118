"""Features of all pictures of a test set, for FID and KID."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from pokecolor.core.errors import UserError
from pokecolor.evaluation.metrics.fid import LEAST, frechet_distance
from pokecolor.evaluation.metrics.kid import Kernels, kid

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


@dataclass(frozen=True, eq=False)
class FeatureSets:
    """Features of generated images, ground truth and bare sketches of the same drawings.

    Comparing images of the same drawings makes FID of a small set lower than images of other
    drawings would; KID leaves out pairs of one drawing.
    """

    drawings: list[str]
    """The drawing of each of the n samples."""
    seen: dict[str, torch.Tensor]
    """ "output", "target" and "sketch": float32 [n, width] each."""
    kid_subset_size: int | None
    """Pictures of each kind in a subset of KID."""
    kid_subsets: int
    """Number of subsets that KID is averaged over."""

    def fid(self, rows: np.ndarray, what: str = "output") -> float:
        """`frechet_distance` between some samples, int64 [m], and their ground truth."""
        return frechet_distance(self.seen[what][rows], self.seen["target"][rows])

    def kid(self, rows: np.ndarray, what: str = "output") -> float:
        """`kid` of some samples, int64 [m]; nan if they are of one drawing only."""
        # a resample may be smaller if drawings have different numbers of samples
        size = min(self.kid_subset_size, len(rows))
        chosen = torch.from_numpy(rows)
        return kid(self._kernels[what], chosen, chosen, size, self.kid_subsets)

    @cached_property
    def _kernels(self) -> dict[str, Kernels]:
        """The kernels of pictures and ground truth, with drawings as groups."""
        numbers = torch.from_numpy(np.unique(self.drawings, return_inverse=True)[1])
        return {
            what: Kernels(features, self.seen["target"], numbers, numbers)
            for what, features in self.seen.items()
            if what != "target"
        }

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
        """Read a file of `save`; earlier versions called "target" "truth"."""
        with safe_open(path, "pt") as file:
            about = {name: json.loads(value) for name, value in file.metadata().items()}
            seen = {name: file.get_tensor(name) for name in file.keys()}
        return cls(
            seen={"target" if n == "truth" else n: of_it for n, of_it in seen.items()}, **about
        )


def require_samples(drawings: Sequence[str], kid_subset_size: int | None) -> None:
    """Check that there are enough samples for FID and KID.

    Args:
        drawings: the drawing of each sample.
        kid_subset_size: None if KID is left out.

    Raises:
        UserError: there are too few; the message says how many are needed.
    """
    if len(set(drawings)) < LEAST:
        raise UserError(
            f"FID: {len(set(drawings))} drawings to test with, and it takes at least {LEAST}; "
            "add some, or leave FID and KID out by colorings.set_metrics=null"
        )
    size = kid_subset_size
    if size is not None and len(drawings) < size:
        raise UserError(
            f"KID: {len(drawings)} pictures to test with, and subsets of {size} take at least "
            f"{size}; add some, make colorings.set_metrics.kid_subset_size smaller, or null to "
            "leave KID out"
        )
