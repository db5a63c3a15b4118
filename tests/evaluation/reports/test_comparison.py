import pytest
from report_files import write

from pokecolor.core.errors import UserError
from pokecolor.evaluation.reports.comparison import Run, Variant, measure_variants, rank_variants
from pokecolor.evaluation.reports.saved_report import load_report


def variant(folder, label, shift, seeds=(None,), **settings):
    """Runs that differ by a hundredth from seed to seed."""
    runs = []
    for number, seed in enumerate(seeds):
        path = write(folder / label / str(number), shift + 0.01 * number, **settings)
        runs.append(Run(seed, report=load_report(path)))
    return Variant(label, runs)


def loss(label, value):
    """A variant of one run without a report."""
    return Variant(label, [Run("1", optimized_metric=value)])


def test_one_run_has_the_figures_of_its_report(tmp_path):
    one = variant(tmp_path, "one", 0.1)
    measure_variants([one])
    report = one.runs[0].report
    cell = one.cells["region_color"]
    assert cell.value == report.metrics["region_color"]["value"]
    assert cell.ci95 == tuple(report.metrics["region_color"]["ci95"])
    assert cell.difference is None and cell.n == 12


def test_a_difference_on_the_same_drawings_is_far_surer_than_the_figures(tmp_path):
    worse, better = (
        variant(tmp_path, "worse", 0.0, noise=1),
        variant(tmp_path, "better", 0.05, noise=2),
    )
    measure_variants([worse, better], reference="worse")
    difference = better.cells["region_color"].difference
    assert difference.value == pytest.approx(0.05, abs=0.01)
    assert difference.is_clear and difference.ci95[0] > 0.03
    low, high = better.cells["region_color"].ci95
    assert low < worse.cells["region_color"].value < high  # the intervals overlap
    assert worse.cells["region_color"].difference is None


def test_equal_variants_do_not_differ(tmp_path):
    variants = [variant(tmp_path, "a", 0.1, noise=1), variant(tmp_path, "b", 0.1, noise=2)]
    measure_variants(variants, reference="a")
    assert not variants[1].cells["region_color"].difference.is_clear
    assert variants[1].cells["fid"].difference.value == 0


def test_seeds_are_paired_by_name_and_averaged(tmp_path):
    one = variant(tmp_path, "one", 0.0, seeds=("1", "2", "3"))
    two = variant(tmp_path, "two", 0.2, seeds=("3", "2"))
    measure_variants([one, two], reference="one")
    assert one.cells["region_color"].of_runs == pytest.approx(
        [one.cells["region_color"].value + d for d in (-0.01, 0, 0.01)]
    )
    # seed 3 is 0.20 of two and 0.02 of one; seed 2 is 0.21 and 0.01
    assert two.cells["region_color"].difference.value == pytest.approx(0.19)
    assert two.cells["fid"].difference.ci95[0] > 0


def test_variants_without_a_seed_in_common_have_no_difference(tmp_path):
    variants = [
        variant(tmp_path, "a", 0.0, seeds=("1",)),
        variant(tmp_path, "b", 0.1, seeds=("2",)),
    ]
    measure_variants(variants, reference="a")
    assert variants[1].cells["off_target_change"].difference is None


def test_other_drawings_or_prompts_are_not_compared(tmp_path):
    variants = [variant(tmp_path, "a", 0.0), variant(tmp_path, "b", 0.0, test_set="other")]
    with pytest.raises(UserError, match="not of the same drawings and prompts"):
        measure_variants(variants)


def test_an_unknown_reference_is_refused(tmp_path):
    with pytest.raises(UserError, match="c: no such variant to compare with; choose from a"):
        measure_variants([variant(tmp_path, "a", 0.0)], reference="c")


def test_the_best_comes_first_and_what_has_no_figure_last(tmp_path):
    low, high = variant(tmp_path, "low", 0.0), variant(tmp_path, "high", 0.1)
    failed = Variant("failed", [Run("1", "failed", error="no memory")])
    variants = [failed, low, high]
    measure_variants(variants)
    assert [a.label for a in rank_variants(variants, "region_color")] == ["high", "low", "failed"]
    assert [a.label for a in rank_variants(variants, "off_target_change")] == [
        "low",
        "high",
        "failed",
    ]
    losses = [
        Variant("a", [Run("1", optimized_metric=0.2)]),
        Variant("b", [Run("1", optimized_metric=0.1)]),
    ]
    assert [a.label for a in rank_variants([failed, *losses], "optimized_metric")] == [
        "b",
        "a",
        "failed",
    ]


def test_a_figure_that_is_not_a_number_ranks_last(tmp_path):
    nan = float("nan")
    broken = loss("broken", nan)
    losses = [
        Variant("a", [Run("1", optimized_metric=0.2)]),
        Variant("b", [Run("1", optimized_metric=0.1)]),
    ]
    for variants in ([broken, *losses], [losses[0], broken, losses[1]]):
        assert [a.label for a in rank_variants(variants, "optimized_metric")] == [
            "b",
            "a",
            "broken",
        ]
    good, bad = variant(tmp_path, "good", 0.0), variant(tmp_path, "bad", 0.0)
    bad.runs[0].report.metrics["off_target_change"]["value"] = nan
    measure_variants([bad, good])
    measure_variants([bad, good], reference="bad")
    assert (
        "off_target_change" not in bad.cells and good.cells["off_target_change"].difference is None
    )
    assert [a.label for a in rank_variants([bad, good], "off_target_change")] == ["good", "bad"]


def test_pictures_that_failed_are_told_with_the_state(tmp_path):
    one = variant(tmp_path, "one", 0.0, failed={"not_finite": 2})
    assert one.state == "1 run, 2 of 2 pictures failed: 2 not finite"


def test_the_state_of_a_variant_counts_its_runs():
    assert Variant("a", [Run(None)]).state == "1 run"
    runs = [Run("1"), Run("2", "failed"), Run("3", "unfinished")]
    assert Variant("a", runs).state == "1 of 3 runs, 1 failed, 1 unfinished"
