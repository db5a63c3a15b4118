"""`pokecolor benchmark` on a few drawings: rows, floors, versions."""

import csv
import json
import shutil

import numpy as np
import pytest
from PIL import Image

from pokecolor.cli import main
from pokecolor.commands.benchmark import benchmark, write_input_folders
from pokecolor.core.errors import UserError
from pokecolor.evaluation.benchmark.color_binding import SETS, VERSION, BenchmarkSet
from pokecolor.evaluation.reports.saved_report import load_report

FEW = BenchmarkSet(
    "few",
    (
        "data=creatures_test", "data.source.test_count=3", "data.source.count=20",
        "data.source.size=64", "trainer.accelerator=cpu",
    ),
)  # fmt: skip


@pytest.fixture
def adapter(tmp_path, monkeypatch):
    """A module with colorizers, in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"{tmp_path.name}.py").write_text(
        "from PIL import Image\n"
        "def red(sketch, prompt, seed):\n"
        "    return Image.new('RGB', sketch.size, 'red')\n"
        "def breaks(sketch, prompt, seed):\n"
        "    raise RuntimeError('out of memory')\n"
        "def nothing(sketch, prompt, seed):\n"
        "    return None\n"
    )
    return tmp_path.name


def run(tmp_path, colorizer, name="mine", reference=None):
    few = [(FEW, [f"paths.cache={tmp_path / 'cache'}"])]
    benchmark(colorizer, name, tmp_path / "out", few, reference=reference)


def value(tmp_path, row, metric):
    return load_report(tmp_path / "out" / row / "few").metrics[metric]["value"]


def test_a_function_is_measured_beside_both_floors(tmp_path, adapter, capsys):
    run(tmp_path, f"{adapter}:red")
    assert value(tmp_path, "white_paper", "off_target_change") == 0
    assert value(tmp_path, "white_paper", "white_background") == 1
    assert value(tmp_path, "mine", "white_background") == 0
    assert value(tmp_path, "first_color", "region_color") > value(
        tmp_path, "white_paper", "region_color"
    )
    printed = capsys.readouterr().out
    assert all(row in printed for row in ("white_paper", "first_color", "mine", "Region color"))
    assert (tmp_path / "out" / "few.comparison" / "index.html").exists()
    assert json.loads((tmp_path / "out" / "benchmark.json").read_text()) == {"version": VERSION}


def test_the_same_command_goes_on_and_other_code_is_measured_anew(tmp_path, adapter, monkeypatch):
    run(tmp_path, f"{adapter}:red")
    picture = next((tmp_path / "out" / "mine" / "few" / "generated").glob("*.png"))
    before = picture.stat().st_mtime_ns
    run(tmp_path, f"{adapter}:red", reference="white_paper")
    assert picture.stat().st_mtime_ns == before
    module = tmp_path / f"{adapter}.py"
    module.write_text(f"{module.read_text()}# changed\n")
    run(tmp_path, f"{adapter}:red")
    assert picture.stat().st_mtime_ns > before


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("breaks", r"breaks: failed on '.+' \(RuntimeError: out of memory\)"),
        ("nothing", "nothing: returned a NoneType; return a PIL image"),
        ("missing", r"missing: not found \(.*\); give module:function"),
    ],
)
def test_what_is_wrong_with_a_function_is_one_line(tmp_path, adapter, function, message):
    with pytest.raises(UserError, match=f"--colorizer {adapter}:{message}"):
        run(tmp_path, f"{adapter}:{function}")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"name": "first_color"}, "--name first_color: is that of a lower bound"),
        ({"reference": "nobody"}, "--reference nobody: choose from first_color, mine, white_paper"),
    ],
)
def test_wrong_names_are_told_before_anything_is_measured(tmp_path, adapter, settings, message):
    with pytest.raises(UserError, match=message):
        run(tmp_path, f"{adapter}:red", **settings)
    with pytest.raises(UserError, match="not found"):
        run(tmp_path, f"{adapter}:missing")
    assert not (tmp_path / "out").exists()


def test_a_look_is_for_pipelines(adapter, capsys):
    assert main(["benchmark", "--colorizer", f"{adapter}:red", "--look", "flat"]) == 2
    assert "--look flat: for pipelines alone; leave it out" in capsys.readouterr().err


def test_results_of_another_version_are_not_mixed(tmp_path, adapter):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "benchmark.json").write_text('{"version": 0}')
    with pytest.raises(UserError, match=r"results of version 0 of the benchmark.*--out"):
        run(tmp_path, f"{adapter}:red")


def test_the_drawings_are_those_of_this_version():
    """Other drawings or metrics are another benchmark: then raise VERSION."""
    found = [(each.name, *each.overrides) for each in SETS]
    assert (VERSION, found) == (
        1,
        [
            ("creatures", "data=creatures_test", "data.source.test_count=200"),
            ("openmoji", "data=openmoji_test"),
            ("icons", "data=icons", "data.source.recolorings=1"),
        ],
    )


def test_pictures_of_another_size_are_scaled(tmp_path, adapter):
    (tmp_path / f"{adapter}.py").write_text(
        "def red(sketch, prompt, seed):\n    return sketch.resize((512, 512))\n"
    )
    run(tmp_path, f"{adapter}:red")
    assert value(tmp_path, "mine", "white_background") > 0.9
    with Image.open(next((tmp_path / "out/mine/few/generated").glob("*.png"))) as image:
        assert image.size == (512, 512)


def test_pictures_in_files_are_measured_as_those_of_the_same_function(tmp_path, adapter, capsys):
    few = [(FEW, [f"paths.cache={tmp_path / 'cache'}"])]
    write_input_folders(tmp_path / "inputs", few)
    run(tmp_path, f"{adapter}:red")
    made, theirs = tmp_path / "out" / "mine" / "few" / "generated", tmp_path / "theirs" / "few"
    with (tmp_path / "inputs" / "few" / "prompts.csv").open(newline="") as file:
        asked = list(csv.DictReader(file))
    # the names that are told are those that pictures go by, and there are no others
    assert {row["id"] for row in asked} == {path.stem for path in made.glob("*.png")}
    assert {row["id"] for row in asked if row["swapped_prompt"]} == {
        path.stem for path in (made / "swapped").glob("*.png")
    }
    assert all(row["seed"].isdigit() and row["prompt"] != row["swapped_prompt"] for row in asked)
    mask = np.asarray(Image.open(tmp_path / "inputs" / "few" / "masks" / f"{asked[0]['id']}.png"))
    assert mask.shape == (64, 64) and (mask == int(asked[0]["swapped_part"])).any()
    shutil.copytree(made, theirs)
    benchmark(tmp_path / "theirs", "theirs", tmp_path / "out", few)
    mine, found = (
        load_report(tmp_path / "out" / row / "few").metrics for row in ("mine", "theirs")
    )
    assert found == mine
    capsys.readouterr()
    (theirs / f"{asked[0]['id']}.png").unlink()
    benchmark(tmp_path / "theirs", "theirs", tmp_path / "out", few)
    printed = capsys.readouterr().out
    assert "1 missing" in printed and asked[0]["id"] in printed


def test_a_set_without_pictures_is_named(tmp_path, adapter):
    with pytest.raises(UserError, match=r"no folder .*few; it has the pictures of one set"):
        benchmark(tmp_path / "none", "none", tmp_path / "out", [(FEW, [])])
