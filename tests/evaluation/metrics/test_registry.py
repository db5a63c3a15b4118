"""The registry, and the recipe of CONTRIBUTING for a new metric."""

import importlib
import re
import sys
import textwrap
from pathlib import Path

import pytest
import torchmetrics
from stand_ins import Painter, batch, evaluated

from pokecolor.evaluation import picture_set
from pokecolor.evaluation.metrics import registry
from pokecolor.evaluation.metrics.metric import NEEDS
from pokecolor.evaluation.reports import report, reported_metrics

RECIPES = Path(__file__).resolve().parents[3] / "CONTRIBUTING.md"


def test_every_metric_says_what_a_report_says_of_it():
    registered = (*registry.METRICS, *registry.ANSWER_KEY_METRICS)
    assert len({metric.key for metric in registered}) == len(registered)
    for metric in registered:
        assert isinstance(metric, torchmetrics.Metric)
        assert metric.label and metric.meaning and metric.higher_is_better in (True, False, None)
        assert set(metric.needs) <= NEEDS.keys()
        assert set(metric.baselines) <= {"target", "sketch", "flood"}


@pytest.fixture
def recipe(tmp_path, monkeypatch):
    """The metric of CONTRIBUTING: its function in a file, and its line among the others."""
    text = RECIPES.read_text(encoding="utf-8")
    blocks = re.findall(
        r"  ```python\n  # pokecolor/evaluation/metrics/(\w+)\.py\n(.*?)  ```", text, re.S
    )
    code = {name: textwrap.dedent(block) for name, block in blocks}
    for name in ("saturation", "registry"):
        (tmp_path / f"recipe_{name}.py").write_text(code[name].replace(
            "pokecolor.evaluation.metrics.saturation", "recipe_saturation"
        ))  # fmt: skip
    monkeypatch.syspath_prepend(tmp_path)
    (made,) = vars(importlib.import_module("recipe_registry"))["METRICS"]
    with_it = (*registry.METRICS, made)
    for module in (reported_metrics, report):
        monkeypatch.setattr(module, "METRICS", with_it)
    monkeypatch.setattr(picture_set.PictureSet, "metrics", with_it)
    yield made
    for name in ("saturation", "registry"):
        del sys.modules[f"recipe_{name}"]


def test_the_recipe_for_a_metric_works_as_it_is_written(recipe, tmp_path):
    found = evaluated(tmp_path, Painter(), [batch()], report=tmp_path / "report")
    names = (recipe.key, f"{recipe.key}_of_target", f"{recipe.key}_of_sketch")
    values = [found.results[name]["value"] for name in names]
    assert values[0] > 0 and values[1] > 0 == values[2]
    low, high = found.results[recipe.key]["ci95"]
    assert low <= values[0] <= high
    table = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert f"| {recipe.label} ↑ | {reported_metrics.digits(values[0])} (" in table


def test_a_metric_is_listed_as_skipped_where_what_it_needs_is_absent(recipe, tmp_path, monkeypatch):
    monkeypatch.setattr(recipe, "needs", ("target",))
    bare = batch()
    del bare["edited_image"]
    found = evaluated(tmp_path, Painter(), [bare], has_target=False, report=tmp_path / "report")
    assert recipe.key not in found.results
    table = (tmp_path / "report" / "report.md").read_text(encoding="utf-8")
    assert f"- {recipe.label}: needs ground truth\n" in table
