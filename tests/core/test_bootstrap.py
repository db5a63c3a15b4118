import numpy as np
import pytest

from pokecolor.core.bootstrap import (
    bootstrap_interval,
    crossed_interval,
    resample_set,
    set_interval,
)


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
    resampled = resample_set(lambda rows: values[rows].mean(), groups)
    low, high = set_interval(resampled[None])
    assert (low + high) / 2 == pytest.approx(values.mean())
    assert high - low == pytest.approx(np.diff(bootstrap_interval(values, groups))[0], rel=0.2)


def test_the_interval_of_a_set_holds_its_figure_where_resampling_is_biased():
    """The number of distinct samples falls by a third in a resample."""
    resampled = resample_set(lambda rows: len(set(rows)), [str(i) for i in range(50)])
    assert resampled[0] == 50 and resampled[1:].max() < 50
    low, high = set_interval(resampled[None])
    assert low < 50 < high
    with pytest.raises(ValueError, match="no samples"):
        resample_set(len, [])


def test_several_runs_of_the_same_samples_agree_with_one_where_they_are_equal():
    values = np.random.default_rng(4).normal(3.0, 2.0, 120)
    groups = [str(i // 2) for i in range(120)]
    one = bootstrap_interval(values, groups)
    same = crossed_interval(np.stack([values] * 3), groups)
    assert same == pytest.approx(one, abs=0.15 * (one[1] - one[0]))


def test_runs_that_differ_make_the_interval_wider():
    values = np.random.default_rng(5).normal(0.0, 1.0, 200)
    groups = [str(i) for i in range(200)]
    shifts = np.array([-1.0, 0.0, 1.0])[:, None]
    low, high = crossed_interval(values + shifts, groups)
    alone = np.diff(bootstrap_interval(values, groups))[0]
    # of three runs the mean of a resample lies as far off as one of them
    assert low < -0.6 and high > 0.6 and high - low > 4 * alone
    with pytest.raises(ValueError, match="no values"):
        crossed_interval(np.empty((0, 0)), [])


def test_a_figure_of_several_sets_is_their_mean_and_runs_are_resampled():
    values = np.random.default_rng(6).normal(3.0, 1.0, 90)
    groups = [str(i) for i in range(90)]
    one = resample_set(lambda rows: values[rows].mean(), groups)
    low, high = set_interval(np.stack([one - 1.0, one + 1.0]))
    assert (low + high) / 2 == pytest.approx(values.mean())
    assert high - low > 3 * np.diff(set_interval(one[None]))[0]
    # of runs that do not differ there is no more doubt than of one
    assert set_interval(np.stack([one, one])) == pytest.approx(set_interval(one[None]))
