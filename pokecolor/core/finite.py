"""Checks that the features of a network are finite.

Every comparison with NaN is false, so a best of such numbers can always be found and means nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    import torch


def require_finite(features: torch.Tensor, name: str) -> torch.Tensor:
    """What a network gives for pictures or texts, as it is.

    Args:
        features: of any shape.
        name: of the network.

    Raises:
        UserError: it is not finite, so that the network is broken.
    """
    if not features.isfinite().all():
        raise UserError(
            f"{name}: what it sees in pictures or texts is not finite (NaN or infinite numbers), "
            "so its weights are broken; get it anew, or choose another network"
        )
    return features
