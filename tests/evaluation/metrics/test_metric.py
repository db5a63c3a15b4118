import pytest
from metric_cases import WHITE, case, computed

from pokecolor.core.bootstrap import bootstrap_interval
from pokecolor.evaluation.metrics.metric import ImageMetric, Setup


def redness(case):
    """None of a picture that is black."""
    return float(case.picture[..., 0].mean()) or None


REDNESS = ImageMetric("redness", "Redness", "0 to 255", redness)
STRICT = ImageMetric("redness", "Redness", "0 to 255", redness, worst=0.0)


def shade(value, **more):
    return case(WHITE * 0 + value, **more)


def test_the_mean_is_over_the_scores_there_are_and_its_interval_over_drawings():
    drawings = ["a", "a", "b", "c"]
    found = computed(REDNESS, [shade(10), shade(20)], [shade(60), shade(0)], drawings=drawings)
    assert (found.value, found.n) == (30.0, 3)
    assert (found.samples, found.scores) == ((0, 1, 2), (10.0, 20.0, 60.0))
    assert found.ci95 == bootstrap_interval([10, 20, 60], ["a", "a", "b"])


def test_without_a_score_there_is_no_figure():
    assert computed(REDNESS, [shade(0)]).n == computed(REDNESS, []).n == 0


def test_a_picture_that_failed_counts_as_the_worst_or_not_at_all():
    cases = [shade(40), shade(40), case(None)]
    assert computed(REDNESS, cases)[:3:2] == (40.0, 2)
    assert computed(STRICT, cases).scores == (40.0, 40.0, 0.0)
    # not where the drawing has no score in any case
    assert computed(STRICT, [case(None, sketch=WHITE * 0)]).n == 0


def test_what_processes_have_scored_is_put_in_the_order_of_the_test_set():
    setup = Setup(["a", "b", "c", "d"], frozenset())
    first, second = REDNESS.of(setup), REDNESS.of(setup)
    first.update([shade(1, index=0), shade(3, index=2)])
    second.update([shade(2, index=1), shade(4, index=3)])
    first.merge_state(second)
    found = first.compute()
    assert found.samples == (0, 1, 2, 3) and found.scores == (1.0, 2.0, 3.0, 4.0)


def test_a_metric_names_the_network_that_it_needs():
    seen = ImageMetric("seen", "Seen", "", redness, needs=("clip", "target"))
    setup = Setup([], frozenset(), {"clip": "eye"})
    assert seen.of(setup).backbone == "eye" and REDNESS.of(setup).backbone is None


def test_a_metric_of_a_test_set_leaves_the_others_alone():
    found = REDNESS.of(Setup(["a"], frozenset()))
    found.update([shade(9)])
    assert found.compute().value == 9 and not REDNESS.found_scores


def test_a_metric_may_count_failures_by_itself():
    metric = ImageMetric(
        "there", "There", "", lambda case: float(case.picture is not None),
        worst=0.5, counts_failures=True,
    )  # fmt: skip
    assert computed(metric, [shade(1), case(None)]).scores == (1.0, 0.0)


def test_scores_are_kept_as_exactly_as_they_are():
    assert computed(STRICT, [shade(1), shade(2), shade(2)]).value == pytest.approx(5 / 3, abs=1e-15)
