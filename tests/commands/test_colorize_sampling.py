"""`pokecolor colorize` with other steps and guidance than the model's own."""

import numpy as np
import pytest
from PIL import Image

from pokecolor import cli
from pokecolor.coloring.colored_sketch import ColoredSketch


@pytest.mark.parametrize("steps", ["0", "-1", "many"])
def test_steps_are_whole_and_above_0(capsys, steps):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["colorize", "a.png", "--prompt", "x", "--steps", steps])
    assert stopped.value.code == 2
    assert "whole number above 0" in capsys.readouterr().err


@pytest.mark.parametrize("option", ["--guidance", "--image-guidance"])
@pytest.mark.parametrize("scale", ["0.5", "-1", "nan", "inf", "much"])
def test_guidance_scales_are_numbers_of_1_or_more(capsys, option, scale):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["colorize", "a.png", "--prompt", "x", option, scale])
    assert stopped.value.code == 2
    assert f"{scale} is not a number, 1 or more" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], (None, None, None)),
        (["--guidance", "4", "--image-guidance", "1.2"], (None, 4.0, 1.2)),
        (["--steps", "9"], (9, None, None)),
    ],
)
def test_steps_and_guidance_are_the_models_own_unless_given(
    run, tmp_path, monkeypatch, options, expected
):
    sketch = tmp_path / "sketch.png"
    Image.new("RGB", (40, 20), "white").save(sketch)
    seen = []

    class Colorizer:
        """Paints black."""

        @classmethod
        def from_pretrained(cls, *_):
            return cls()

        def paint(self, sketches, prompts, seeds, *sampling, negative_prompt):
            seen.append(sampling)
            return [ColoredSketch(each, each, np.zeros((16, 16, 3), np.uint8)) for each in sketches]

    monkeypatch.setattr("pokecolor.coloring.colorizer.Colorizer", Colorizer)
    assert run("colorize", sketch, "--prompt", "x", *options)[0] == 0
    assert seen == [expected]
