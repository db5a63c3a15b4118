"""Checks that a network's features are finite.

Every comparison with NaN is false, so a maximum of such numbers exists but means nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pokecolor.core.errors import UserError

if TYPE_CHECKING:
    import torch


def require_finite(features: torch.Tensor, name: str) -> torch.Tensor:
    """Return features unchanged if they are finite.

    Args:
        features: of any shape.
        name: name of the network, for the message.

    Raises:
        UserError: they contain NaN or infinity: the network's weights are damaged.
    """
    if not features.isfinite().all():
        raise UserError(
            f"{name}: what it sees in pictures or texts is not finite (NaN or infinite numbers), "
            "so its weights are broken; get it anew, or choose another network"
        )
    return features
