"""Bootstrap confidence intervals of means, and of metrics of a whole set such as FID."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

RESAMPLES = 2000
"""Resamples for the percentile interval of a mean."""
SET_RESAMPLES = 100
"""Resamples for the standard error of a metric of a whole set; more would hardly change it."""


def bootstrap_interval(
    values: Sequence[float], groups: Sequence[str] | None = None, seed: int = 0
) -> tuple[float, float]:
    """95% percentile interval of the mean by the bootstrap (Efron and Tibshirani, 1993, ch. 13).

    Args:
        values: one number a sample.
        groups: the group of each sample; whole groups are resampled, because samples of one
            drawing are not independent. None if each sample is its own group.
        seed: seed of the resampling.

    Raises:
        ValueError: no values.
    """
    if not len(values):
        raise ValueError("no values to resample")
    values = np.asarray(values, np.float64)
    _, index = np.unique(np.arange(len(values)) if groups is None else groups, return_inverse=True)
    sums, counts = np.bincount(index, values), np.bincount(index)
    rng = np.random.default_rng(seed)
    means = np.empty(RESAMPLES)
    for i in range(RESAMPLES):
        drawn = rng.integers(len(sums), size=len(sums))
        means[i] = sums[drawn].sum() / counts[drawn].sum()
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def crossed_interval(
    values: np.ndarray, groups: Sequence[str], seed: int = 0
) -> tuple[float, float]:
    """95% percentile interval of the mean, if several runs were evaluated on the same samples.

    Runs (training seeds) and groups of samples are resampled independently: the pigeonhole
    bootstrap (Owen, 2007, "The pigeonhole bootstrap", sec. 3), whose intervals are never too narrow
    for crossed data. With few runs the interval is wide.

    Args:
        values: [runs, samples]. For paired comparisons pass the differences.
        groups: the group of each sample; whole groups are drawn.
        seed: seed of the resampling.

    Raises:
        ValueError: no values.
    """
    if not values.size:
        raise ValueError("no values to resample")
    _, index = np.unique(groups, return_inverse=True)
    sums = np.stack([np.bincount(index, row) for row in np.asarray(values, np.float64)])
    counts = np.bincount(index)
    rng = np.random.default_rng(seed)
    runs, drawings = sums.shape
    # how often each run and each group is drawn
    of_runs = rng.multinomial(runs, np.full(runs, 1 / runs), RESAMPLES)
    of_groups = rng.multinomial(drawings, np.full(drawings, 1 / drawings), RESAMPLES)
    totals = np.einsum("br,rg,bg->b", of_runs, sums, of_groups)
    low, high = np.percentile(totals / (runs * (of_groups @ counts)), [2.5, 97.5])
    return float(low), float(high)


def resample_set(
    statistic: Callable[[np.ndarray], float], groups: Sequence[str], seed: int = 0
) -> np.ndarray:
    """A metric of a whole set of samples, such as FID, and its values on resampled sets.

    Args:
        statistic: computes the metric from sample indices, int64 [n], some of them repeated.
        groups: the group of each sample; whole groups are drawn.
        seed: seed of the resampling; the same seed and groups give the same resamples.

    Returns:
        float64 [1 + SET_RESAMPLES], the value of the original set first; input of `set_interval`.

    Raises:
        ValueError: no samples.
    """
    if not len(groups):
        raise ValueError("no samples to resample")
    _, index = np.unique(groups, return_inverse=True)
    members = [np.flatnonzero(index == group) for group in range(index.max() + 1)]
    rng = np.random.default_rng(seed)
    found = [statistic(np.arange(len(groups)))]
    for _ in range(SET_RESAMPLES):
        drawn = rng.integers(len(members), size=len(members))
        found.append(statistic(np.concatenate([members[i] for i in drawn])))
    return np.array(found, np.float64)


def set_interval(of_runs: np.ndarray, seed: int = 0) -> tuple[float, float]:
    """95% interval of a metric of a whole set of samples, averaged over runs.

    The value and 1.96 bootstrap standard errors on either side (Efron and Tibshirani, 1993, ch. 6
    and 13). Percentiles would often exclude the value itself, because a resampled set contains
    samples twice, which raises FID. The interval holds for sets of this size; for FID of few
    pictures it is too wide rather than too narrow.

    Args:
        of_runs: the `resample_set` of each run, [runs, 1 + SET_RESAMPLES]. For paired comparisons
            pass the differences. Several runs are resampled, too.
        seed: seed of the resampling of runs.
    """
    rng = np.random.default_rng(seed)
    runs, resamples = len(of_runs), of_runs.shape[1] - 1
    drawn = (
        rng.integers(runs, size=(runs, resamples)) if runs > 1 else np.zeros((1, resamples), int)
    )
    means = np.take_along_axis(of_runs[:, 1:], drawn, axis=0).mean(0)
    value, margin = float(of_runs[:, 0].mean()), 1.96 * float(np.nanstd(means, ddof=1))
    return value - margin, value + margin
