"""KID: kernel distance of two sets of features, unbiased for any number of samples."""

from __future__ import annotations

import torch

from pokecolor.core.errors import UserError


class Kernels:
    """The kernel (a b / width + 1)^3 of all pairs of two sets, computed once for many subsets.

    The kernel is that of Binkowski et al., 2018, "Demystifying MMD GANs", sec. 4. A pair takes 48
    bytes: two sets of 5,000 pictures take 1.2 GB.

    Args:
        x: [n, width].
        y: [m, width].
        x_groups: int64 [n], the group of each sample; None if each sample is its own group.
        y_groups: int64 [m]; groups may occur in both sets.
    """

    def __init__(
        self,
        x: torch.Tensor,
        y: torch.Tensor,
        x_groups: torch.Tensor | None = None,
        y_groups: torch.Tensor | None = None,
    ) -> None:
        x, y = x.to("cpu", torch.float64), y.to("cpu", torch.float64)
        if x_groups is None or y_groups is None:
            x_groups, y_groups = torch.arange(len(x)), torch.arange(len(x), len(x) + len(y))
        self._within_x = _pairs(x, x, x_groups, x_groups)
        self._within_y = _pairs(y, y, y_groups, y_groups)
        self._between = _pairs(x, y, x_groups, y_groups)

    def mmd(self, x_rows: torch.Tensor, y_rows: torch.Tensor) -> torch.Tensor:
        """Unbiased estimates of the squared MMD of subsets, which may be negative.

        Gretton et al., 2012, "A kernel two-sample test", eq. 3, which assumes independent samples.
        Pictures of one drawing are not: a coloring is more similar to its own ground truth than to
        another drawing's, which would make the estimate too low. So pairs of the same group are
        left out of every mean.

        Args:
            x_rows: int64 [subsets, size], rows of x; a row may occur more than once.
            y_rows: likewise of y.

        Returns:
            float64 [subsets], nan if there are no pairs of different groups.
        """
        of_x = _counts(x_rows, self._between[0].shape[0])
        of_y = _counts(y_rows, self._between[0].shape[1])
        within = _mean(self._within_x, of_x, of_x) + _mean(self._within_y, of_y, of_y)
        return within - 2 * _mean(self._between, of_x, of_y)


def _pairs(
    a: torch.Tensor, b: torch.Tensor, a_groups: torch.Tensor, b_groups: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The kernel of pairs of different groups, 0 for others, and a mask of these pairs: [n, m]."""
    apart = (a_groups[:, None] != b_groups).to(torch.float64)
    base = a @ b.T / a.shape[1] + 1
    return base * base * base * apart, apart


def _counts(rows: torch.Tensor, count: int) -> torch.Tensor:
    """How often each of `count` samples is in each subset: float64 [subsets, count]."""
    counts = torch.zeros(len(rows), count, dtype=torch.float64)
    return counts.scatter_add_(1, rows, torch.ones_like(rows, dtype=torch.float64))


def _mean(
    pairs: tuple[torch.Tensor, torch.Tensor], of_a: torch.Tensor, of_b: torch.Tensor
) -> torch.Tensor:
    """The mean of the kernel over the pairs of each subset: [subsets]."""
    kernel, apart = pairs
    return ((of_a @ kernel) * of_b).sum(1) / ((of_a @ apart) * of_b).sum(1)


def kid(
    kernels: Kernels,
    rows: torch.Tensor,
    true_rows: torch.Tensor,
    subset_size: int,
    subsets: int = 100,
    seed: int = 0,
) -> float:
    """Kernel distance, averaged over random subsets; 0 in expectation for equal distributions.

    Binkowski et al., 2018, sec. 4. Unlike FID, it is comparable between sets of different sizes.

    Args:
        kernels: kernels of all pictures and all ground truth. If both show the same drawings, the
            drawings are the groups.
        rows: int64 [n], the pictures to sample from.
        true_rows: int64 [m], the ground truth to sample from.
        subset_size: pictures of each kind in a subset. Many small subsets cost less than one large
            subset, but have more variance.
        subsets: number of subsets.
        seed: seed of their choice.

    Returns:
        the distance; nan if all pictures are of one drawing.

    Raises:
        UserError: there are fewer pictures than a subset needs.
    """
    least = min(len(rows), len(true_rows))
    if subset_size < 2:
        raise UserError(f"KID: a subset of {subset_size}; it takes at least 2 pictures")
    if least < subset_size:
        raise UserError(
            f"KID: {least} pictures; subsets of {subset_size} take at least {subset_size} of each "
            "kind, so add pictures or make the subsets smaller"
        )
    generator = torch.Generator().manual_seed(seed)
    chosen = [
        [
            of_kind[torch.randperm(len(of_kind), generator=generator)[:subset_size]]
            for of_kind in (rows, true_rows)
        ]
        for _ in range(subsets)
    ]
    ours, theirs = (torch.stack(of_kind) for of_kind in zip(*chosen, strict=True))
    # all pictures of a very small subset may be of one drawing
    return float(kernels.mmd(ours, theirs).nanmean())
