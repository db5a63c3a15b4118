"""evaluate.py on an answer key, from configuration to the comparison of two pipelines."""

import json
import shutil
from pathlib import Path

from PIL import Image, ImageDraw
from safetensors.torch import load_file, save_file

from evaluate import evaluate
from pokecolor.model_files.mini import MINI
from pokecolor.running.overrides import compose_config

CONF = Path(__file__).resolve().parent.parent / "conf"


def make_key(folder):
    image = Image.new("RGBA", (90, 60), (0, 0, 0, 0))
    ImageDraw.Draw(image).ellipse((20, 5, 70, 55), outline="black", width=3)
    folder.mkdir()
    image.save(folder / "ball.png")
    parts = [
        {"name": "ball", "colors": ["red"], "points": [[0.5, 0.5]]},
        {"name": "background", "colors": ["white"], "points": [[0.05, 0.05]]},
    ]
    about = {"id": "ball", "file": "ball.png", "kind": "toy", "instruction": "a red ball"}
    (folder / "key.json").write_text(json.dumps([{**about, "parts": parts}]))
    return folder


def test_a_model_whose_unet_gives_nan_never_looks_good(tmp_path):
    unet = tmp_path / "broken" / "pipeline" / "unet" / "diffusion_pytorch_model.safetensors"
    shutil.copytree(MINI, tmp_path / "broken" / "pipeline")
    weights = load_file(unet)
    weights["conv_out.bias"].fill_(float("nan"))
    save_file(weights, unet, {"format": "pt"})
    settings = [
        "data=answer_key", f"data.root={make_key(tmp_path / 'key')}", "data.seeds=[0,1]",
        f"pipeline=[{tmp_path / 'broken'},mini]", "colorings.steps=1", "trainer.accelerator=cpu",
        f"paths.cache={tmp_path / 'cache'}", f"paths.runs={tmp_path / 'runs'}",
        f"paths.run={tmp_path / 'run'}", f"report={tmp_path / 'compared'}",
        "optimized_metric=background",
    ]  # fmt: skip
    assert evaluate(compose_config(CONF, "evaluate", settings)) == 0.0
    said = "2 of 2 pictures failed: 2 not finite"
    assert said in (tmp_path / "broken" / "report" / "report.md").read_text()
    assert f"| 1 run, {said} |" in (tmp_path / "compared" / "comparison.md").read_text()
    found = json.loads((tmp_path / "compared" / "comparison.json").read_text())
    assert found["variants"][-1]["runs"][0]["failed_pictures"] == {"not_finite": 2}


def test_pipelines_are_measured_by_a_key_and_set_side_by_side(tmp_path):
    other = tmp_path / "other"
    shutil.copytree(MINI, other / "pipeline")
    settings = [
        "data=answer_key", f"data.root={make_key(tmp_path / 'key')}", "data.seeds=[0]",
        f"pipeline=[mini,{other}]", "colorings.steps=1", "trainer.accelerator=cpu",
        f"paths.cache={tmp_path / 'cache'}", f"paths.runs={tmp_path / 'runs'}",
        f"paths.run={tmp_path / 'run'}",
        f"report={tmp_path / 'compared'}", "optimized_metric=parts_of_flood",
    ]  # fmt: skip
    assert evaluate(compose_config(CONF, "evaluate", settings)) == 1.0
    metrics = json.loads((other / "report" / "metrics.json").read_text())
    assert metrics["test/parts"]["n"] == metrics["test/background"]["n"] == 1
    assert metrics["test/parts_of_sketch"]["value"] == 0.0
    found = json.loads((tmp_path / "compared" / "comparison.json").read_text())
    assert found["ranked_by"] == "parts" and len(found["variants"]) == 2
    assert found["variants"][1]["metrics"]["parts"]["difference"]["value"] == 0.0
    assert "Parts right" in (tmp_path / "compared" / "comparison.md").read_text()
