"""Frechet distance of two sets of features; FID if they are Inception's."""

from __future__ import annotations

import math

import torch

from pokecolor.core.errors import UserError

LEAST = 2
"""Minimum number of pictures for a covariance."""


def frechet_distance(features: torch.Tensor, true_features: torch.Tensor) -> float:
    """|m1 - m2|^2 + tr(S1 + S2 - 2 sqrt(S1 S2)) of means and covariances, 0 or more.

    Heusel et al., 2017, "GANs trained by a two time-scale update rule", eq. 6. With centered
    features A [n, width] and B [m, width], divided by sqrt(n - 1) and sqrt(m - 1), the eigenvalues
    of S1 S2 are the squared singular values of A B^T. So tr sqrt(S1 S2) is the sum of the singular
    values, and no root of a width x width matrix is needed, which is singular for few pictures.

    It decreases with the number of pictures: compare values of equal numbers only.

    Args:
        features: [n, width], features of the pictures.
        true_features: [m, width], features of the ground truth.

    Returns:
        the distance; nan if features are not finite.

    Raises:
        UserError: a set has fewer than 2 pictures.
    """
    least = min(len(features), len(true_features))
    if least < LEAST:
        raise UserError(f"FID: {least} pictures; it takes at least {LEAST} of each kind")
    mean, root = _moments(features)
    true_mean, true_root = _moments(true_features)
    if not (mean.isfinite().all() and true_mean.isfinite().all()):
        return math.nan  # in Python max(0, nan) is 0, the best value
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
        # Q has orthonormal columns, so dropping it does not change the singular values
        root = torch.linalg.qr(root, mode="r").R
    return mean, root
