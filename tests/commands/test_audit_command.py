import csv
import io

import pytest


@pytest.fixture
def creatures(tmp_path):
    """Four creatures of each split, in a cache of their own."""
    return [
        "data=creatures_test", "data.source.count=8", "data.source.val=0.25", "data.limit=4",
        "data.source.size=64", f"paths.cache={tmp_path / 'cache'}",
    ]  # fmt: skip


def test_sources_are_audited_side_by_side(run, creatures, tmp_path):
    out = tmp_path / "report"
    code, printed, _ = run("audit", *creatures, "caption=clip,original", "--out", out)
    assert code == 0 and f"written to {out}" in printed
    assert sorted(path.name for path in out.iterdir()) == [
        "audit.md", "captions.csv", "clip.png", "original.png",
    ]  # fmt: skip
    rows = list(csv.DictReader(io.StringIO((out / "captions.csv").read_text("utf-8"))))
    assert [row["source"] for row in rows] == ["clip", "original"] * 4
    assert all(row["caption"].startswith("Turn it into") for row in rows if row["source"] == "clip")
    assert all(row["colors"] for row in rows)


def test_only_the_audited_split_is_captioned(run, creatures, tmp_path):
    code, _, _ = run("audit", *creatures, "caption=clip", "--split", "val", "--out", tmp_path / "o")
    assert code == 0
    (store,) = (tmp_path / "cache" / "captions").glob("*.csv")
    captioned = len(store.read_text(encoding="utf-8").splitlines()) - 1
    rows = (tmp_path / "o" / "captions.csv").read_text(encoding="utf-8").splitlines()
    assert captioned == len(rows) - 1 == 4


def test_a_mistyped_source_is_told(run):
    code, _, errors = run("audit", "caption=clip,orignal")
    assert code == 2
    assert "did you mean caption=original?" in errors and len(errors.splitlines()) == 1
