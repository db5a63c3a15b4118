import json

import numpy as np
import pytest
from report_files import DRAWINGS, write

from pokecolor.core.errors import UserError
from pokecolor.evaluation.reports.saved_report import load_report


def test_what_was_saved_is_read_again(tmp_path):
    report = load_report(write(tmp_path / "report", shift=0.25))
    assert report.setting.pipeline == "mini" and report.setting.asked == 2
    drawings, values = report.samples["region_color"]
    assert drawings == DRAWINGS
    assert values.mean() == pytest.approx(report.metrics["region_color"]["value"])
    assert report.sets.fid(np.arange(12)) == report.metrics["fid"]["value"]
    assert [shown.prompt for shown in report.pictures] == [f"a fox <d{i}>" for i in range(3)]
    assert (report.pictures[0].output == 125).all() and (report.pictures[0].truth == 255).all()


def test_metrics_are_named_by_the_split_in_the_file(tmp_path):
    write(tmp_path, split="val")
    assert "val/leak" in json.loads((tmp_path / "metrics.json").read_text())
    assert "leak" in load_report(tmp_path).metrics


def test_a_second_report_leaves_nothing_of_the_first(tmp_path):
    write(tmp_path)
    write(tmp_path, with_sets=False)
    assert load_report(tmp_path).sets is None


def test_no_report_is_none_and_a_foreign_one_is_refused(tmp_path):
    assert load_report(tmp_path) is None
    (tmp_path / "setting.json").write_text('{"pipeline": "mini"}')
    with pytest.raises(UserError, match=r"no report that can be read .*; evaluate again"):
        load_report(tmp_path)
