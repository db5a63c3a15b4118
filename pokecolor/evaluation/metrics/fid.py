"""Frechet distance of two sets of features; with Inception's it is called FID."""

from __future__ import annotations

import math

import torch

from pokecolor.core.errors import UserError

LEAST = 2
"""Pictures of which a covariance can be taken."""


def frechet_distance(features: torch.Tensor, true_features: torch.Tensor) -> float:
    """|m1 - m2|^2 + tr(S1 + S2 - 2 sqrt(S1 S2)) of means and covariances, 0 or more.

    Heusel et al., 2017, "GANs trained by a two time-scale update rule", eq. 6. With centered
    features A [n, width] and B [m, width], divided by sqrt(n - 1) and sqrt(m - 1), the eigenvalues
    of S1 S2 are the squared singular values of A B^T. So the last trace is the sum of these: no
    root of a width x width matrix, which for few pictures would be singular, too.

    It falls with the number of pictures, so only figures of the same number compare.

    Args:
        features: [n, width], of the pictures.
        true_features: [m, width], of the true ones.

    Returns:
        nan where features are not finite.

    Raises:
        UserError: a set has fewer than 2 pictures.
    """
    least = min(len(features), len(true_features))
    if least < LEAST:
        raise UserError(f"FID: {least} pictures; it takes at least {LEAST} of each kind")
    mean, root = _moments(features)
    true_mean, true_root = _moments(true_features)
    if not (mean.isfinite().all() and true_mean.isfinite().all()):
        return math.nan  # the larger of 0 and NaN is 0 to Python, the best there is
    norm = torch.linalg.vector_norm
    traces = norm(root) ** 2 + norm(true_root) ** 2
    cross = torch.linalg.svdvals(root @ true_root.T).sum()
    distance = norm(mean - true_mean) ** 2 + traces - 2 * cross
    return max(0.0, float(distance))


def _moments(features: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Mean [width], and R [min(n, width), width] with R^T R the covariance, in float64."""
    # one copy, changed in place: at this size new memory costs more than the arithmetic
    root = features.to("cpu", torch.float64, copy=True)
    mean = root.mean(0)
    root.sub_(mean).div_((len(root) - 1) ** 0.5)
    if len(root) > root.shape[1]:
        # the Q that is dropped has orthonormal columns and changes no singular value
        root = torch.linalg.qr(root, mode="r").R
    return mean, root
