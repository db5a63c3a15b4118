"""The registry, and the recipe of CONTRIBUTING for a new metric."""

import importlib
import re
import sys
from pathlib import Path

import pytest
from stand_ins import Painter, batch, evaluated

from pokecolor.evaluation import figures, metrics, picture_set, report
from pokecolor.evaluation.metric import NEEDS, ImageMetric

RECIPES = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"


def subclasses(of):
    return {of, *(each for sub in of.__subclasses__() for each in subclasses(sub))}


def test_every_metric_is_registered_and_says_what_a_report_says_of_it():
    registered = (*metrics.METRICS, *metrics.ANSWER_KEY_METRICS)
    written = {
        each
        for each in subclasses(ImageMetric)
        if each.__module__.startswith("pokecolor.") and hasattr(each, "key")
    }
    assert set(registered) == written
    assert len({metric.key for metric in registered}) == len(registered)
    for metric in registered:
        assert metric.label and metric.meaning
        assert set(metric.needs) <= NEEDS.keys()
        assert set(metric.baselines) <= {"truth", "sketch", "flood"}


@pytest.fixture
def recipe(tmp_path, monkeypatch):
    """The metric of CONTRIBUTING, in a file of its own, and its line among the others."""
    text = RECIPES.read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(  # pokecolor/evaluation/saturation\.py.*?)```", text, re.S)
    lines = [line.removeprefix("  ") for line in code.splitlines()]
    (tmp_path / "recipe_saturation.py").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    made = importlib.import_module("recipe_saturation").Saturation
    with_it = (*metrics.METRICS, made)
    for module in (figures, report):
        monkeypatch.setattr(module, "METRICS", with_it)
    monkeypatch.setattr(picture_set.PictureSet, "metrics", with_it)
    yield made
    del sys.modules["recipe_saturation"]


def test_the_recipe_for_a_metric_works_as_it_is_written(recipe, tmp_path):
    found = evaluated(tmp_path, Painter(), [batch()], report=tmp_path / "report")
    names = (recipe.key, f"{recipe.key}_of_truth", f"{recipe.key}_of_sketch")
    values = [found.results[name]["value"] for name in names]
    assert values[0] > 0 and values[1] > 0 == values[2]
    low, high = found.results[recipe.key]["ci95"]
    assert low <= values[0] <= high
    table = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert f"| {recipe.label} ↑ | {figures.digits(values[0])} (" in table


def test_a_metric_is_listed_as_skipped_where_what_it_needs_is_absent(recipe, tmp_path, monkeypatch):
    monkeypatch.setattr(recipe, "needs", ("truth",))
    bare = batch()
    del bare["edited_image"]
    found = evaluated(tmp_path, Painter(), [bare], has_truth=False, report=tmp_path / "report")
    assert recipe.key not in found.results
    table = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert f"- {recipe.label}: needs ground truth\n" in table
