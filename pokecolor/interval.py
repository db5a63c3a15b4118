"""How far a mean over samples can be trusted."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

RESAMPLES = 2000


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
