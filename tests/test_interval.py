import numpy as np
import pytest

from pokecolor.interval import bootstrap_interval, set_interval


def test_agrees_with_the_normal_interval_of_many_independent_samples():
    values = np.random.default_rng(1).normal(3.0, 2.0, 4000)
    half = 1.96 * values.std() / np.sqrt(len(values))
    low, high = bootstrap_interval(values)
    assert low == pytest.approx(values.mean() - half, abs=0.1 * half)
    assert high == pytest.approx(values.mean() + half, abs=0.1 * half)


def test_equal_values_leave_no_doubt():
    assert bootstrap_interval([2.0] * 5) == (2.0, 2.0)


def test_copies_of_a_sample_add_no_certainty_when_grouped():
    values = list(np.random.default_rng(2).normal(size=50))
    names = [str(i) for i in range(50)]
    alone = bootstrap_interval(values)
    copied = bootstrap_interval(values * 4, groups=names * 4)
    assert np.diff(copied) == pytest.approx(np.diff(alone), rel=0.1)
    assert np.diff(bootstrap_interval(values * 4)) < 0.7 * np.diff(alone)


def test_nothing_has_no_interval():
    with pytest.raises(ValueError, match="no values"):
        bootstrap_interval([])


def test_the_interval_of_a_set_agrees_with_that_of_a_mean():
    values = np.random.default_rng(3).normal(3.0, 2.0, 90)
    groups = [str(i // 3) for i in range(90)]
    low, high = set_interval(lambda rows: values[rows].mean(), groups)
    assert (low + high) / 2 == pytest.approx(values.mean())
    assert high - low == pytest.approx(np.diff(bootstrap_interval(values, groups))[0], rel=0.2)


def test_the_interval_of_a_set_holds_its_figure_where_resampling_is_biased():
    """The number of distinct samples falls by a third in a resample."""
    low, high = set_interval(lambda rows: len(set(rows)), [str(i) for i in range(50)])
    assert low < 50 < high
    with pytest.raises(ValueError, match="no samples"):
        set_interval(len, [])
