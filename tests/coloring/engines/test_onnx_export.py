"""`pokecolor export --format onnx`: graphs of any pipeline, beside its weights in float16."""

import json

import numpy as np
import onnx
import onnxruntime
import pytest
import torch
from diffusers import (
    DPMSolverMultistepScheduler,
    EulerDiscreteScheduler,
    StableDiffusionInstructPix2PixPipeline,
)
from safetensors.torch import load_file

from pokecolor import cli
from pokecolor.coloring.engines import open_engine
from pokecolor.coloring.engines.graphs import GRAPHS
from pokecolor.model_files.base_models.reading import read_pipeline
from pokecolor.model_files.mini import MINI
from pokecolor.model_files.pipeline import NOISE_SCHEDULE
from pokecolor.model_files.sampling import Sampling
from tools.random_checkpoint import build_checkpoint

SAMPLING = Sampling(2, 3.0, 1.25)


def save_with(scheduler, whole, folder):
    """A pipeline with another scheduler."""
    pipeline = read_pipeline(whole)
    pipeline.scheduler = scheduler
    pipeline.save_pretrained(folder)
    SAMPLING.save(folder)
    return folder


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory):
    """The folder of a tiny InstructPix2Pix of Stable Diffusion's architecture."""
    root = tmp_path_factory.mktemp("tiny")
    build_checkpoint(root / "parts", channels=8, tiny=True)
    (root / "parts" / "model_index.json").write_text(
        '{"_class_name": "StableDiffusionInstructPix2PixPipeline", '
        '"scheduler": ["diffusers", "DDPMScheduler"]}'
    )
    config = root / "parts" / "unet" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"sample_size": 8}))
    scheduler = DPMSolverMultistepScheduler.from_config(NOISE_SCHEDULE)
    folder = save_with(scheduler, root / "parts", root / "pipeline")
    (folder / "README.md").write_text("a card")
    return folder


@pytest.fixture(scope="module")
def exported(pipeline, tmp_path_factory):
    folder = tmp_path_factory.mktemp("exported") / "onnx"
    arguments = ["export", str(pipeline), "--format", "onnx", "--out", str(folder)]
    assert cli.main(arguments) == 0
    return folder


def test_the_folder_runs_on_both_engines_and_gives_the_same_pictures(exported):
    one, other = (open_engine(exported, name) for name in ("onnx", "diffusers"))
    assert one.size == other.size == 64
    square = np.full((64, 64, 3), 255, np.uint8)
    square[10:50, 10:14] = 0
    (found,), (expected,) = (e.paint(["a red box"], [square], [3], SAMPLING) for e in (one, other))
    apart = np.abs(found.astype(int) - expected)
    assert (apart <= 1).mean() > 0.999
    assert np.ptp(found) > 0


def test_what_was_the_models_stays_with_it(exported):
    assert Sampling.load(exported) == SAMPLING
    assert (exported / "README.md").read_text() == "a card"
    weights = load_file(exported / "unet" / "diffusion_pytorch_model.safetensors")
    assert {weight.dtype for weight in weights.values()} == {torch.float16}
    StableDiffusionInstructPix2PixPipeline.from_pretrained(exported)  # stock diffusers reads it


@pytest.mark.parametrize("folder", ["exported", MINI], ids=["exported", "mini"])
@pytest.mark.parametrize("name", GRAPHS)
def test_a_graph_is_of_onnx_alone_and_holds_no_weights(request, folder, name):
    path = (request.getfixturevalue(folder) if folder == "exported" else folder) / GRAPHS[name]
    onnx.checker.check_model(path)
    model = onnx.load(path, load_external_data=False)
    assert {node.domain for node in model.graph.node} == {""}
    assert [(each.domain, each.version) for each in model.opset_import] == [("", 17)]
    outside = [each for each in model.graph.initializer if each.external_data]
    assert {entry.value for each in outside for entry in each.external_data[:1]} == {
        "model.safetensors" if name == "text_encoder" else "diffusion_pytorch_model.safetensors"
    }
    assert path.stat().st_size < 400_000
    onnxruntime.InferenceSession(path)  # as it is, without this project's code


def refusal(capsys, *arguments):
    assert cli.main(["export", "--format", "onnx", *map(str, arguments)]) == 2
    (line,) = capsys.readouterr().err.strip().splitlines()
    return line


def test_a_scheduler_that_needs_diffusers_is_refused(pipeline, tmp_path, capsys):
    euler = save_with(
        EulerDiscreteScheduler.from_config(NOISE_SCHEDULE), pipeline, tmp_path / "euler"
    )
    out = tmp_path / "onnx"
    assert "_class_name is EulerDiscreteScheduler" in refusal(capsys, euler, "--out", out)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["euler"]


def test_weights_too_large_for_float16_are_refused(pipeline, tmp_path, capsys):
    large = read_pipeline(pipeline)
    large.unet.conv_out.bias.data.fill_(1e6)
    large.save_pretrained(tmp_path / "large")
    line = refusal(capsys, tmp_path / "large", "--out", tmp_path / "onnx")
    assert "weights of unet are too large for float16" in line
    assert not (tmp_path / "onnx").exists()


def test_what_is_no_pipeline_is_told_and_nothing_replaced(tmp_path, capsys):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").touch()
    assert "no pipeline there" in refusal(capsys, tmp_path / "mine", "--out", tmp_path / "onnx")
    assert "mine: is no pipeline, and would be replaced" in refusal(
        capsys, "mini", "--out", tmp_path / "mine"
    )


def test_a_missing_package_is_told(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("pokecolor.core.extras.missing", lambda extra: ["onnx"] * (extra == "onnx"))
    line = refusal(capsys, "mini", "--out", tmp_path / "onnx")
    assert "onnx is not installed: pip install" in line
