import json
from dataclasses import replace

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
    assert (report.pictures[0].output == 125).all() and (report.pictures[0].target == 255).all()


def test_metrics_are_named_by_the_split_in_the_file(tmp_path):
    write(tmp_path, split="val")
    assert "val/off_target_change" in json.loads((tmp_path / "metrics.json").read_text())
    assert "off_target_change" in load_report(tmp_path).metrics


def test_a_report_of_before_the_metrics_were_renamed_is_read(tmp_path):
    write(tmp_path / "now")
    write(tmp_path / "before")
    for path in (tmp_path / "before").glob("*.*"):
        if path.suffix in (".json", ".csv"):
            path.write_text(path.read_text().replace("off_target_change", "leak"))
    for path in (tmp_path / "before" / "pictures").glob("*-target.png"):
        path.rename(path.with_name(path.name.replace("target", "truth")))
    sets = load_report(tmp_path / "now").sets
    seen = {name.replace("target", "truth"): of_it for name, of_it in sets.seen.items()}
    replace(sets, seen=seen).save(tmp_path / "before" / "features.safetensors")

    now, before = load_report(tmp_path / "now"), load_report(tmp_path / "before")
    assert before.metrics == now.metrics and before.samples.keys() == now.samples.keys()
    assert before.sets.seen.keys() == {"output", "target", "sketch"}
    assert (before.pictures[0].target == now.pictures[0].target).all()


def test_a_second_report_leaves_nothing_of_the_first(tmp_path):
    write(tmp_path)
    write(tmp_path, with_sets=False)
    assert load_report(tmp_path).sets is None


def test_no_report_is_none_and_a_foreign_one_is_refused(tmp_path):
    assert load_report(tmp_path) is None
    (tmp_path / "setting.json").write_text('{"pipeline": "mini"}')
    with pytest.raises(UserError, match=r"no report that can be read .*; evaluate again"):
        load_report(tmp_path)
