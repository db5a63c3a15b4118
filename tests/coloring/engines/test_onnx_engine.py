"""mini on ONNX Runtime: the same pictures as by diffusers, and what is told of damaged files."""

import json
import shutil

import numpy as np
import onnx
import pytest
from PIL import Image, ImageDraw
from safetensors.numpy import load_file, save_file

from pokecolor.coloring.engines import open_engine
from pokecolor.coloring.engines.graphs import GRAPHS
from pokecolor.coloring.engines.onnx_engine import OnnxEngine
from pokecolor.core.errors import UserError
from pokecolor.core.images.failed_pictures import NoPicture
from pokecolor.model_files.mini import MINI
from pokecolor.model_files.sampling import Sampling

OWN = Sampling.load(MINI)
PROMPTS = ["Turn it into a red box with a blue dot", "", "green " * 90]


def square(shift=0):
    """Line art as the model is shown it."""
    image = Image.new("RGB", (128, 128), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((20 + shift, 24, 100, 100), outline="black", width=2)
    draw.ellipse((40, 44, 60, 64), outline="black", width=2)
    return np.asarray(image)


@pytest.fixture(scope="module")
def engine():
    return open_engine(MINI, "onnx")


@pytest.fixture(scope="module")
def stock():
    return open_engine(MINI, "diffusers")


def test_both_engines_say_the_same_of_the_model(engine, stock):
    assert (engine.size, engine.vocabulary) == (stock.size, stock.vocabulary) == (128, 2014)
    assert not engine.on_gpu
    json.dumps(engine.fingerprint())


@pytest.mark.parametrize("sampling", [OWN, Sampling(2, 1.0, 1.5), Sampling(2, 4.0, 1.0)])
def test_the_same_seed_gives_the_same_picture(engine, stock, sampling):
    squares, seeds = [square(), square(8), square()], [0, 5, 2**40 + 3]
    one, other = (each.paint(PROMPTS, squares, seeds, sampling) for each in (engine, stock))
    for found, expected in zip(one, other, strict=True):
        assert found.shape == (128, 128, 3) and found.dtype == np.uint8
        apart = np.abs(found.astype(int) - expected)
        assert apart.max() <= 1 and (apart > 0).mean() < 0.01
    assert np.abs(one[0].astype(int) - one[2]).max() > 20


def test_a_picture_does_not_hang_on_its_company(engine):
    alone = engine.paint(PROMPTS[:1], [square()], [3], OWN)[0]
    (_, among) = engine.paint(["blue", PROMPTS[0]], [square(8), square()], [9, 3], OWN)
    assert np.abs(alone.astype(int) - among).max() <= 1


def test_steps_are_reported_and_can_end_the_painting(engine):
    seen = []
    engine.paint(["red"], [square()], [0], OWN, seen.append)
    assert seen == pytest.approx([1 / 3, 2 / 3, 1])

    def stop(done):
        raise InterruptedError

    with pytest.raises(InterruptedError):
        engine.paint(["red"], [square()], [0], OWN, stop)


def change(folder, part, name, value):
    path = folder / part / "diffusion_pytorch_model.safetensors"
    tensors = load_file(path)
    tensors[name] = np.full_like(tensors[name], value)
    save_file(tensors, path, {"format": "pt"})


@pytest.mark.parametrize(
    ("part", "name", "value"),
    [
        ("unet", "conv_out.bias", np.nan),
        ("unet", "conv_out.bias", np.inf),
        ("vae", "decoder.conv_out.bias", np.inf),
    ],
)
def test_an_answer_that_is_not_finite_is_no_picture(mini, part, name, value):
    change(mini, part, name, value)  # the graph is that of other weights, too
    (found,) = OnnxEngine.read(mini).paint(["red"], [square()], [0], Sampling(1, 2.0, 1.5))
    assert isinstance(found, NoPicture) and found.kind == "not_finite"


def test_other_weights_have_another_fingerprint(mini, engine):
    assert OnnxEngine.read(mini).fingerprint() == engine.fingerprint()
    change(mini, "unet", "conv_out.bias", 0.5)
    assert OnnxEngine.read(mini).fingerprint() != engine.fingerprint()


def cut(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


WEIGHTS = "unet/diffusion_pytorch_model.safetensors"


@pytest.mark.parametrize(
    ("name", "damage", "message"),
    [
        *((name, "remove", "missing; copy the whole folder") for name in GRAPHS.values()),
        ("unet/model.onnx", "cut", "cannot be read"),
        ("vae/encoder.onnx", "empty", "cannot be read"),
        (WEIGHTS, "remove", "cannot be read"),
        (WEIGHTS, "cut", "cannot be read"),
        (WEIGHTS, "empty", "cannot be read"),
        ("tokenizer/tokenizer.json", "remove", "missing; copy the whole folder"),
        ("tokenizer/tokenizer.json", "cut", "cannot be read"),
        ("tokenizer/tokenizer_config.json", "remove", "cannot be read"),
        ("scheduler/scheduler_config.json", "remove", "cannot be read"),
        ("scheduler/scheduler_config.json", "cut", "cannot be read"),
    ],
)
def test_what_is_missing_or_damaged_is_told_in_one_line(mini, name, damage, message):
    path = mini / name
    {"remove": path.unlink, "cut": lambda: cut(path), "empty": lambda: path.write_bytes(b"")}[
        damage
    ]()
    with pytest.raises(UserError, match=message) as told:
        OnnxEngine.read(mini)
    assert str(told.value).startswith(str(mini))


def test_weights_that_lie_elsewhere_in_their_file_are_told(mini):
    path = mini / WEIGHTS
    tensors = load_file(path)
    save_file({**tensors, "zero": np.zeros(8, np.float16)}, path)
    with pytest.raises(UserError, match=r"model\.onnx: made for other weights"):
        OnnxEngine.read(mini)


def test_a_scheduler_that_is_not_known_here_is_told(mini):
    path = mini / "scheduler" / "scheduler_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"use_karras_sigmas": True}))
    with pytest.raises(UserError, match=r"use_karras_sigmas is True.*run it by diffusers"):
        OnnxEngine.read(mini)


def test_a_strangers_graph_reads_no_file_outside_of_its_folder(mini):
    path = mini / GRAPHS["vae_encoder"]
    shutil.copy(mini / "vae" / "diffusion_pytorch_model.safetensors", mini / "secret")
    model = onnx.load(path, load_external_data=False)
    for tensor in model.graph.initializer:
        for entry in tensor.external_data:
            entry.value = "../secret" if entry.key == "location" else entry.value
    path.write_bytes(model.SerializeToString())
    with pytest.raises(UserError, match=r"encoder\.onnx: cannot be read .*escapes"):
        OnnxEngine.read(mini)


def test_a_negative_prompt_leads_away_as_in_diffusers(engine, stock):
    arguments = (PROMPTS[:1], [square()], [3], OWN)
    plain = engine.paint(*arguments)[0]
    (ours,) = engine.paint(*arguments, negative_prompt="a red box")
    (theirs,) = stock.paint(*arguments, negative_prompt="a red box")
    assert np.abs(ours.astype(int) - plain).max() > 20
    assert np.abs(ours.astype(int) - theirs).max() <= 1
