"""KID: the kernel distance of two sets of features, whose expectation does not depend on N."""

from __future__ import annotations

import torch

from pokecolor.errors import UserError
from pokecolor.evaluation.two_sets import TwoSets


def polynomial_mmd(
    x: torch.Tensor,
    y: torch.Tensor,
    x_groups: torch.Tensor | None = None,
    y_groups: torch.Tensor | None = None,
) -> float:
    """Unbiased estimate of the squared MMD for the kernel (a b / width + 1)^3; it may be negative.

    Gretton et al., 2012, "A kernel two-sample test", eq. 3; the kernel is that of Binkowski et al.,
    2018, "Demystifying MMD GANs", sec. 4.

    It supposes that all samples are independent. Pictures of one drawing are not: a coloring is
    more like its own truth than like another drawing's, and the estimate then falls below what
    strangers would give. So pairs of the same group are left out of every mean.

    Args:
        x: [n, width].
        y: [m, width].
        x_groups: int64 [n]; None where each sample is its own.
        y_groups: int64 [m]. A number may occur in both.

    Returns:
        nan if there are no pairs of different groups.
    """
    x, y = x.to("cpu", torch.float64), y.to("cpu", torch.float64)
    if x_groups is None or y_groups is None:
        x_groups, y_groups = torch.arange(len(x)), torch.arange(len(x), len(x) + len(y))

    def mean(a: torch.Tensor, b: torch.Tensor, a_groups: torch.Tensor, b_groups: torch.Tensor):
        apart = a_groups[:, None] != b_groups
        return ((a @ b.T / a.shape[1] + 1) ** 3)[apart].mean()

    within = mean(x, x, x_groups, x_groups) + mean(y, y, y_groups, y_groups)
    return float(within - 2 * mean(x, y, x_groups, y_groups))


def kid(
    features: torch.Tensor,
    true_features: torch.Tensor,
    subset_size: int,
    subsets: int = 100,
    seed: int = 0,
    drawings: torch.Tensor | None = None,
) -> float:
    """Kernel distance, averaged over random subsets: 0 in expectation for like distributions.

    Binkowski et al., 2018, sec. 4. Unlike FID it may be compared between sets of other sizes.

    Args:
        features: [n, width], of the pictures.
        true_features: [m, width], of the true ones.
        subset_size: pictures of each kind in a subset; the mean of many small ones costs less than
            one large, and spreads more.
        subsets: how many of them.
        seed: of their choice.
        drawings: int64 [n], the drawing of row i of both sets, if the sets are of the same
            drawings; see `polynomial_mmd`. None for sets that have nothing to do with each other.

    Raises:
        UserError: fewer pictures than a subset takes, or than two drawings.
    """
    least = min(len(features), len(true_features))
    if subset_size < 2:
        raise UserError(f"KID: a subset of {subset_size}; it takes at least 2 pictures")
    if least < subset_size:
        raise UserError(
            f"KID: {least} pictures; subsets of {subset_size} take at least {subset_size} of each "
            "kind, so add pictures or make the subsets smaller"
        )
    if drawings is not None and len(drawings.unique()) < 2:
        raise UserError("KID: pictures of 1 drawing; it takes at least 2 drawings")
    generator = torch.Generator().manual_seed(seed)
    values = []
    for _ in range(subsets):
        rows, true_rows = (
            torch.randperm(len(of_set), generator=generator)[:subset_size]
            for of_set in (features, true_features)
        )
        groups = (None, None) if drawings is None else (drawings[rows], drawings[true_rows])
        values.append(polynomial_mmd(features[rows], true_features[true_rows], *groups))
    # a very small subset may be of one drawing and say nothing
    return float(torch.tensor(values, dtype=torch.float64).nanmean())


class KernelDistance(TwoSets):
    """`kid` as a metric, of sets that have nothing to do with each other.

    Args:
        subset_size: see `kid`.
        subsets: the same.
        seed: the same.
    """

    def __init__(self, subset_size: int, subsets: int = 100, seed: int = 0) -> None:
        super().__init__()
        self.subset_size, self.subsets, self.seed = subset_size, subsets, seed

    def distance(self, features: torch.Tensor, true_features: torch.Tensor) -> float:
        """See `kid`."""
        return kid(features, true_features, self.subset_size, self.subsets, self.seed)
