import os
import zipfile
from pathlib import Path

import pytest

from pokecolor.core.errors import UserError
from pokecolor.running.run_folders import (
    comparison_folder,
    find_checkpoint,
    find_pipelines,
    link_latest,
    print_outputs,
    report_folder,
)


def write_checkpoint(runs, run, file, age):
    path = runs / run / "checkpoints" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data.pkl", "x" * 1000)
    os.utime(path, (1_000_000 - age, 1_000_000 - age))
    return str(path)


def test_latest_is_the_newest_checkpoint_of_that_name(tmp_path):
    write_checkpoint(tmp_path, "2026-01-01_00-00-00-mini", "a.ckpt", age=30)
    newest = write_checkpoint(tmp_path, "2026-01-01_00-00-00-mini", "last.ckpt", age=20)
    write_checkpoint(tmp_path, "2026-01-02_00-00-00-mini_vae", "last.ckpt", age=10)
    write_checkpoint(tmp_path, "2026-01-02_00-00-00-big-mini", "last.ckpt", age=10)
    assert find_checkpoint("latest", tmp_path, "mini") == newest


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty"])
def test_latest_goes_back_to_the_last_whole_checkpoint_and_says_so(tmp_path, damage, caplog):
    whole = write_checkpoint(tmp_path, "2026-01-01_00-00-00-mini", "a.ckpt", age=20)
    path = Path(write_checkpoint(tmp_path, "2026-01-02_00-00-00-mini", "b.ckpt", age=10))
    data = path.read_bytes()
    flipped = data.replace(b"xxxx", b"xyxx", 1)
    path.write_bytes({"cut": data[:-40], "flipped": flipped, "empty": b""}[damage])
    os.utime(path, (999_990, 999_990))
    (path.parent / "last.ckpt").symlink_to("b.ckpt")  # one file, told once
    (path.parent.parent / "checkpoints" / "gone.ckpt").symlink_to("nothing")
    assert find_checkpoint("latest", tmp_path, "mini") == whole
    (record,) = caplog.records
    assert record.levelname == "WARNING"
    assert record.getMessage().startswith(f"{path} is damaged (")
    assert record.getMessage().endswith(f"; going on from the last whole one, {whole}")


def test_a_whole_checkpoint_is_nothing_to_speak_of(tmp_path, caplog):
    write_checkpoint(tmp_path, "2026-01-01_00-00-00-mini", "a.ckpt", age=20)
    find_checkpoint("latest", tmp_path, "mini")
    assert not caplog.records


def test_where_no_checkpoint_is_whole_each_is_named(tmp_path, caplog):
    path = Path(write_checkpoint(tmp_path, "2026-01-01_00-00-00-mini", "a.ckpt", age=20))
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UserError, match="no whole checkpoint"):
        find_checkpoint("latest", tmp_path, "mini")
    assert f"{path} is damaged" in caplog.text


def test_no_checkpoint_to_go_on_from_is_the_users_mistake(tmp_path):
    with pytest.raises(UserError, match="no whole checkpoint of a run named mini"):
        find_checkpoint("latest", tmp_path, "mini")
    with pytest.raises(UserError, match="no such file"):
        find_checkpoint(str(tmp_path / "gone.ckpt"), tmp_path, "mini")


def test_null_starts_afresh_and_a_path_is_taken_as_it_is(tmp_path):
    path = write_checkpoint(tmp_path, "elsewhere", "a.ckpt", age=0)
    assert find_checkpoint(None, tmp_path, "mini") is None
    assert find_checkpoint(path, tmp_path, "mini") == path
    Path(path).write_bytes(Path(path).read_bytes().replace(b"xxxx", b"xyxx", 1))
    with pytest.raises(UserError, match=r"a\.ckpt: not a whole checkpoint \(.*CRC"):
        find_checkpoint(path, tmp_path, "mini")


def test_latest_link_moves_to_the_newest_run_and_survives_a_move_of_the_folder(tmp_path):
    runs = tmp_path / "runs"
    for name in ("first", "second"):
        (runs / name).mkdir(parents=True)
        link_latest(runs / name, runs)
        assert (runs / "latest").resolve() == runs / name
    runs.rename(tmp_path / "moved")
    assert (tmp_path / "moved" / "latest").resolve() == tmp_path / "moved" / "second"
    assert sorted(path.name for path in (tmp_path / "moved").iterdir()) == [
        "first",
        "latest",
        "second",
    ]


def test_outputs_name_what_is_there_and_the_newest_grid(tmp_path, capsys):
    (tmp_path / "samples").mkdir()
    for age, name in enumerate(("new.png", "old.png")):
        (tmp_path / "samples" / name).touch()
        os.utime(tmp_path / "samples" / name, (1000 - age, 1000 - age))
    (tmp_path / "metrics.csv").touch()
    print_outputs(tmp_path)
    grid, metrics = capsys.readouterr().out.splitlines()
    assert grid.split() == ["newest", "grid:", os.path.relpath(tmp_path / "samples" / "new.png")]
    assert metrics.endswith("metrics.csv")


def test_a_report_goes_into_the_run_that_it_is_about(tmp_path):
    run = tmp_path / "run"
    (run / "pipeline").mkdir(parents=True)
    (run / "checkpoints").mkdir()
    (run / "checkpoints" / "last.ckpt").touch()
    of_mini = tmp_path / "mini"
    for measured in (run / "pipeline", run / "checkpoints" / "last.ckpt"):
        assert report_folder(str(measured), tmp_path, "mini") == run / "report"
    for shipped in ("mini", None):
        assert report_folder(shipped, tmp_path, "mini") == of_mini / "report"


def test_reports_on_pipelines_that_lie_side_by_side_do_not_replace_one_another(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / f"{name}2.safetensors").touch()
        assert report_folder(str(tmp_path / name), tmp_path, "") == tmp_path / name / "report"
        file = tmp_path / f"{name}2.safetensors"
        assert report_folder(str(file), tmp_path, "") == tmp_path / f"{name}2" / "report"


def test_a_single_file_is_a_pipeline(tmp_path):
    file = tmp_path / "v1.safetensors"
    file.touch()
    assert find_pipelines(["mini", str(file)], tmp_path) == ["mini", str(file)]
    with pytest.raises(UserError, match="no pipeline there"):
        find_pipelines(str(tmp_path / "v2.safetensors"), tmp_path)


def make_pipeline(folder):
    folder.mkdir(parents=True)
    (folder / "model_index.json").touch()
    return str(folder)


def test_the_latest_pipeline_is_that_of_the_newest_run_that_has_one_or_mini(tmp_path):
    assert find_pipelines("latest", tmp_path) == ["mini"]
    make_pipeline(tmp_path / "2026-01-01_00-00-00-a" / "pipeline")
    newest = make_pipeline(tmp_path / "2026-01-02_00-00-00-b" / "pipeline")
    (tmp_path / "2026-01-03_00-00-00-vae" / "pipeline").mkdir(parents=True)
    make_pipeline(tmp_path / "mini" / "pipeline")
    assert find_pipelines("latest", tmp_path) == [newest]


def test_a_pipeline_is_found_in_its_run_and_those_of_a_sweep_in_its_runs(tmp_path):
    sweep = [make_pipeline(tmp_path / "sweep" / f"seed={i}" / "pipeline") for i in (1, 2)]
    (tmp_path / "sweep" / "seed=3").mkdir()
    assert find_pipelines(sweep[0], tmp_path) == sweep[:1]
    assert find_pipelines(str(tmp_path / "sweep" / "seed=1"), tmp_path) == sweep[:1]
    assert find_pipelines(str(tmp_path / "sweep"), tmp_path) == sweep
    assert find_pipelines(["mini", str(tmp_path / "sweep"), "mini"], tmp_path) == ["mini", *sweep]
    with pytest.raises(UserError, match=r"pipeline=.*seed=3: no pipeline there; name a pipeline/"):
        find_pipelines(str(tmp_path / "sweep" / "seed=3"), tmp_path)


def test_a_comparison_goes_into_the_sweep_that_it_is_about(tmp_path):
    assert comparison_folder(str(tmp_path)) == tmp_path / "comparison"
    assert comparison_folder(["mini", str(tmp_path)]) == Path("reports/comparison")
    assert comparison_folder("mini") == Path("reports/comparison")
