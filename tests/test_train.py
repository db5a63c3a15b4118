"""train.py and evaluate.py on the smallest model there is, from configuration to metrics."""

import csv
import json
import shutil
from pathlib import Path

import pytest
import torch
from omegaconf import OmegaConf
from safetensors.torch import load_file, save_file

from evaluate import evaluate
from pokecolor.core.errors import UserError
from pokecolor.model_files.mini import MINI
from pokecolor.running.overrides import compose_config
from train import train

CONF = Path(__file__).resolve().parent.parent / "conf"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return tmp_path_factory.mktemp("checkout")


def compose(root, config_name, time, *overrides):
    """The settings of a run of two steps that started at `time` o'clock."""
    settings = [
        "experiment=mini_vae",
        f"paths.cache={root / 'cache'}",
        f"paths.runs={root / 'runs'}",
        f"paths.run={root / 'runs' / f'2026-01-01_{time:02}-00-00-mini_vae'}",
        "trainer.accelerator=cpu",
        "trainer.precision=32-true",
        "trainer.max_steps=2",
        "trainer.val_check_interval=2",
        "trainer.log_every_n_steps=1",
        "data=creatures",
        "data.source.count=30",
        "data.source.test_count=3",
        "data.source.val=0.3",
        "data.limit=3",
        "data.batch_size=2",
        "data.eval_batch_size=2",
        "logger=csv",
    ]
    return compose_config(CONF, config_name, [*settings, *overrides])


@pytest.fixture(scope="module")
def trained(root):
    """A finished run's folder, and what `train` returned."""
    objective = train(compose(root, "train", 1))
    return (root / "runs" / "latest").resolve(), objective


def test_a_run_leaves_what_it_should_and_returns_its_objective(trained):
    run, objective = trained
    assert run.name == "2026-01-01_01-00-00-mini_vae"
    with (run / "metrics.csv").open() as file:
        values = [row["val/psnr"] for row in csv.DictReader(file) if row["val/psnr"]]
    assert float(values[-1]) == pytest.approx(objective, rel=1e-4)


def test_evaluation_writes_its_metrics_beside_the_checkpoint(root, trained, capsys):
    run, _ = trained
    evaluate(compose(root, "evaluate", 1, "ckpt_path=latest"))
    report = run / "report" / "metrics.json"
    psnr = json.loads(report.read_text())["test/psnr"]
    assert psnr.keys() == {"value", "ci95", "n", "backbone"}
    assert psnr["n"] > 0
    assert str(report) in capsys.readouterr().out


PICTURES = [
    "pipeline=mini",
    "data.source.colorings=1",
    "colorings.steps=1",
    "colorings.set_metrics.kid_subset_size=3",
]


@pytest.fixture(scope="module")
def measured(root):
    """The report on mini's pictures of three creatures."""
    settings = [*PICTURES, "guidance.guidance_scale=[2]", "guidance.image_guidance_scale=[1]"]
    objective = evaluate(
        compose(root, "evaluate", 1, *settings, "optimized_metric=off_target_change")
    )
    return root / "runs" / "mini" / "report", objective


def test_evaluation_of_a_pipeline_measures_its_pictures(measured):
    folder, objective = measured
    metrics = json.loads((folder / "metrics.json").read_text())
    assert {
        "test/region_color",
        "test/white_background",
        "test/off_target_change",
    } <= metrics.keys()
    assert objective == metrics["test/off_target_change"]["value"]
    setting = json.loads((folder / "setting.json").read_text())
    used = OmegaConf.create(setting["config"]).colorings
    assert (used.steps, used.guidance_scale, used.image_guidance_scale) == (1, 2.0, 1.5)
    assert metrics["test/white_background"]["n"] == 3
    of_parts = sum(m["n"] for name, m in metrics.items() if "region_color/" in name)
    assert metrics["test/region_color"]["n"] == of_parts > 3
    for name in ("clip_score", "clip_image_similarity", "directional_similarity", "fid", "kid"):
        assert metrics[f"test/{name}"]["backbone"] == "mini CLIP"
    for name in ("psnr", "ssim", "colorfulness"):
        assert metrics[f"test/{name}"]["backbone"] is None
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "mini on creatures" in page and "Guidance" in page


def test_a_second_evaluation_paints_nothing_and_finds_the_same(root, measured):
    folder, _ = measured
    first = (folder / "metrics.json").read_text()
    evaluate(compose(root, "evaluate", 1, *PICTURES, "guidance=null", "seed=7"))
    assert (folder / "metrics.json").read_text() == first
    assert json.loads((folder / "setting.json").read_text())["painted"] == 0


def test_a_folder_of_images_is_scored_like_the_pipeline_that_made_them(root, measured, capsys):
    folder, objective = measured
    report, images = root / "theirs", folder / "generated"
    settings = [*PICTURES[1:2], *PICTURES[3:], f"images={images}", f"report={report}"]
    assert (
        evaluate(compose(root, "evaluate", 1, *settings, "optimized_metric=off_target_change"))
        == objective
    )
    assert (report / "metrics.json").read_text() == (folder / "metrics.json").read_text()
    setting = json.loads((report / "setting.json").read_text())
    assert (setting["pipeline"], setting["painted"]) == (str(images), 0)
    for wrong, message in (
        ([f"images={root / 'nowhere'}"], "nowhere: no such folder"),
        ([f"images={images}", "pipeline=mini"], "give either images=... or pipeline=..."),
    ):
        with pytest.raises(UserError, match=message):
            evaluate(compose(root, "evaluate", 1, *wrong))


def test_too_few_pictures_for_a_metric_are_told_before_any_is_painted(root):
    settings = [*PICTURES, "colorings.set_metrics.kid_subset_size=50"]
    with pytest.raises(UserError, match=r"KID: 3 pictures .* subsets of 50 take at least 50"):
        evaluate(compose(root, "evaluate", 1, *settings))


def test_several_pipelines_are_set_side_by_side(root, measured, capsys):
    other = root / "other" / "pipeline"
    shutil.copytree(MINI, other, dirs_exist_ok=True)
    unet = load_file(other / "unet" / "diffusion_pytorch_model.safetensors")
    unet["conv_out.bias"] += 0.3
    save_file(unet, other / "unet" / "diffusion_pytorch_model.safetensors", {"format": "pt"})
    settings = [*PICTURES, "guidance=null", f"report={root / 'compared'}"]
    settings[0] = f"pipeline=[mini,{other.parent}]"
    evaluate(compose(root, "evaluate", 1, *settings))
    found = json.loads((root / "compared" / "comparison.json").read_text())
    assert len(found["variants"]) == 2
    differences = [variant["metrics"]["psnr"]["difference"] for variant in found["variants"]]
    assert differences[0] is None and differences[1]["ci95"][0] <= differences[1]["value"]
    assert (other.parent / "report" / "index.html").exists()
    assert str(root / "compared" / "index.html") in capsys.readouterr().out


def test_a_pipeline_and_a_checkpoint_are_not_measured_at_once(root):
    with pytest.raises(UserError, match=r"give either pipeline=.* or ckpt_path="):
        evaluate(compose(root, "evaluate", 1, "pipeline=mini", "ckpt_path=latest"))


@pytest.mark.parametrize("caption", ["clip", "clip_interrogator", "cnn_lstm"])
def test_captions_are_written_before_training_and_once(root, caption):
    settings = [f"caption={caption}", f"name={caption}", "trainer.max_steps=1"]
    if caption == "cnn_lstm":  # it is trained first, with a progress bar of its own
        settings += ["caption.captioner.max_steps=2", "caption.captioner.size=32"]
    tables = root / "cache" / "captions"
    before = set(tables.glob("*.csv"))
    for time in (5, 6):
        run = root / "runs" / f"2026-01-01_{time:02}-00-00-{caption}"
        train(compose(root, "train", time, *settings, f"paths.run={run}"))
        (table,) = set(tables.glob("*.csv")) - before
        rows = table.read_text(encoding="utf-8").splitlines()
        assert len(rows) == 1 + 2 * 3 * 4  # of two splits three creatures, four colorings


def test_evaluation_refuses_a_split_that_was_trained_on(root):
    with pytest.raises(UserError, match="split=train: choose val or test"):
        evaluate(compose(root, "evaluate", 1, "split=train"))


def test_a_folder_that_is_no_pipeline_is_told(root):
    with pytest.raises(UserError, match="no pipeline there; name a pipeline/, a run, a sweep"):
        evaluate(compose(root, "evaluate", 1, f"pipeline={root / 'cache'}"))


def test_latest_goes_on_in_a_new_run_folder(root, trained):
    first, _ = trained
    train(compose(root, "train", 2, "ckpt_path=latest", "trainer.max_steps=3"))
    second = (root / "runs" / "latest").resolve()
    assert second != first
    newest = max((second / "checkpoints").glob("*.ckpt"), key=lambda path: path.stat().st_mtime_ns)
    assert torch.load(newest, weights_only=True)["global_step"] == 3


def test_another_seed_is_refused_before_anything_is_built(root, trained, monkeypatch):
    monkeypatch.setattr("hydra.utils.instantiate", None)
    with pytest.raises(UserError, match=r"seed was \d+ and is now 7; .*resume\.allow_changes=true"):
        train(compose(root, "train", 3, "ckpt_path=latest", "seed=7"))


def test_a_run_without_callbacks_and_loggers_leaves_nothing(root, capsys):
    train(compose(root, "train", 4, "name=bare", "logger=null", "callbacks=null"))
    run = root / "runs" / "2026-01-01_04-00-00-mini_vae"
    assert not run.exists()
