import json
import re
from pathlib import Path

import pytest

from pokecolor.core.errors import UserError
from pokecolor.model_files.mini import MINI
from pokecolor.model_files.sampling import FILE, Sampling


def test_what_is_saved_is_read(tmp_path):
    Sampling(7, 3.5, 1.25).save(tmp_path)
    assert Sampling.load(tmp_path) == Sampling(7, 3.5, 1.25)
    assert json.loads((tmp_path / FILE).read_text()) == {
        "steps": 7, "guidance": 3.5, "image_guidance": 1.25,
    }  # fmt: skip


def test_mini_comes_with_its_own():
    assert Sampling.load(MINI) == Sampling(3, 2.0, 1.5)


def test_a_pipeline_without_the_file_gets_instruct_pix2pixs_and_it_is_said_once(tmp_path, caplog):
    assert Sampling.load(tmp_path) == Sampling(20, 7.5, 1.5)
    (line,) = caplog.messages
    assert str(tmp_path) in line and "20 steps, guidance 7.5, image guidance 1.5" in line


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read"),
        ("[3]", "it must state steps, guidance, image_guidance, and nothing else"),
        ('{"steps": 3}', "it must state"),
        ('{"steps": 3, "guidance": 2, "image_guidance": 1, "more": 1}', "it must state"),
        ('{"steps": 0, "guidance": 2, "image_guidance": 1}', "steps is 0; give a whole number, 1"),
        ('{"steps": 2.5, "guidance": 2, "image_guidance": 1}', "steps is 2.5"),
        ('{"steps": 1001, "guidance": 2, "image_guidance": 1}', "a whole number, 1 to 1000"),
        ('{"steps": 3, "guidance": 1e308, "image_guidance": 1}', "give a number, 1 to 100"),
        ('{"steps": true, "guidance": 2, "image_guidance": 1}', "steps is True"),
        ('{"steps": 3, "guidance": NaN, "image_guidance": 1}', "guidance is nan; give a number, 1"),
        ('{"steps": 3, "guidance": 2, "image_guidance": "1"}', "image_guidance is '1'"),
    ],
)
def test_a_file_that_states_something_else_is_told_in_one_line(tmp_path, text, message):
    (tmp_path / FILE).write_text(text)
    with pytest.raises(UserError, match=re.escape(message)) as told:
        Sampling.load(tmp_path)
    assert str(told.value).startswith(str(tmp_path / FILE))


def test_what_is_given_takes_the_place_of_the_models_own():
    own = Sampling(3, 2.0, 1.5)
    assert own.but() == own
    assert own.but(steps=9, image_guidance=1) == Sampling(9, 2.0, 1)
    with pytest.raises(UserError, match="steps is 0"):
        own.but(steps=0)


@pytest.mark.parametrize("path", ["README.md", "pokecolor/weights/mini/unet/README.md"])
def test_lines_that_draw_with_diffusers_name_minis_settings(path):
    text = (Path(__file__).resolve().parents[2] / path).read_text(encoding="utf-8")
    own = Sampling.load(MINI)
    names = ("num_inference_steps", "guidance_scale", "image_guidance_scale")
    found = [re.findall(rf"\b{name}=([\d.]+)", text) for name in names]
    assert found == [[str(own.steps)], [str(own.guidance)], [str(own.image_guidance)]]
