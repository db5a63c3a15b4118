"""The figures of a report stand in the model card, as the hub reads them."""

import pytest
from huggingface_hub import ModelCard
from report_files import write

from pokecolor.evaluation.card_figures import add_figures
from pokecolor.evaluation.reports.saved_report import load_report

CARD = """---
license: mit
tags:
- instruct-pix2pix
---

# Mine

The text below stays.
"""


def test_figures_take_the_place_of_earlier_ones_and_leave_the_rest(tmp_path):
    pipeline = tmp_path / "blue" / "pipeline"
    pipeline.mkdir(parents=True)
    (pipeline / "README.md").write_text(CARD)
    for shift in (0.0, 0.1):
        report = load_report(write(tmp_path / "report", shift=shift))
        assert add_figures(pipeline, report)
        card = ModelCard.load(pipeline / "README.md")
        found = {result.metric_type: result for result in card.data.eval_results}
        assert found.keys() == {"region_color", "off_target_change", "fid"}
        measured = report.metrics["region_color"]["value"]
        assert found["region_color"].metric_value == pytest.approx(measured, abs=1e-4)
        assert found["region_color"].dataset_name == "creatures"
        assert found["region_color"].dataset_split == "test"
        assert (card.data.model_name, card.data.license) == ("blue", "mit")
        assert card.text.strip() == "# Mine\n\nThe text below stays."


def test_a_pipeline_without_a_card_gets_none(tmp_path):
    assert not add_figures(tmp_path, load_report(write(tmp_path / "report")))
    assert not (tmp_path / "README.md").exists()
