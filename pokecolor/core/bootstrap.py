"""Bootstrap confidence intervals of means, and of figures of a whole set."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

RESAMPLES = 2000
"""For percentiles of a mean."""
SET_RESAMPLES = 100
"""For the standard error of what is taken of a whole set; more would hardly change it."""


def bootstrap_interval(
    values: Sequence[float], groups: Sequence[str] | None = None, seed: int = 0
) -> tuple[float, float]:
    """95% percentile interval of the mean by the bootstrap (Efron and Tibshirani, 1993, ch. 13).

    Args:
        values: one number a sample.
        groups: the group of each sample; whole groups are drawn, because samples of one drawing
            are not independent. None where each sample is its own.
        seed: of the resampling.

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
    """95% percentile interval of the mean where several runs have measured the same samples.

    Runs, which are seeds of a training, and groups of samples are drawn independently: the
    pigeonhole bootstrap (Owen, 2007, "The pigeonhole bootstrap", sec. 3), which is never too narrow
    for crossed data. Of few runs it says little about runs not made, but it says that.

    Args:
        values: [runs, samples]. For paired differences give the differences.
        groups: the group of each sample; whole groups are drawn.
        seed: of the resampling.

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
    """A figure that is taken of a whole set of samples, such as FID, and the same of resamples.

    Args:
        statistic: takes indices of samples, int64 [n], some of them repeated; gives the figure.
        groups: the group of each sample; whole groups are drawn.
        seed: of the resampling; the same seed and groups give the same resamples.

    Returns:
        float64 [1 + SET_RESAMPLES], the figure of the set as it is first; for `set_interval`.

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
    """95% interval of the mean over runs of a figure that is taken of a whole set of samples.

    The figure and 1.96 bootstrap standard errors on either side (Efron and Tibshirani, 1993, ch. 6
    and 13). Not the percentiles: a resampled set holds samples twice, which moves FID up so far
    that they often leave out the figure itself. It speaks of sets of this size alone, and for FID
    of few pictures it is rather too wide than too narrow.

    Args:
        of_runs: `resample_set` of each run, [runs, 1 + SET_RESAMPLES]. For paired differences give
            the differences. Of several runs some are drawn for each resample, too.
        seed: of that.
    """
    rng = np.random.default_rng(seed)
    runs, resamples = len(of_runs), of_runs.shape[1] - 1
    drawn = (
        rng.integers(runs, size=(runs, resamples)) if runs > 1 else np.zeros((1, resamples), int)
    )
    means = np.take_along_axis(of_runs[:, 1:], drawn, axis=0).mean(0)
    value, margin = float(of_runs[:, 0].mean()), 1.96 * float(np.nanstd(means, ddof=1))
    return value - margin, value + margin
