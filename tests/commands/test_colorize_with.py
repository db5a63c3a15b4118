"""Which model colors, on which device, and what it is led away from, as the command line says."""

import pytest
from filled_in import FillIn
from PIL import Image


@pytest.fixture
def asked(monkeypatch):
    """What the colorizer was asked for."""
    seen = []

    class Asked(FillIn):
        @classmethod
        def from_pretrained(cls, model, device=None, lora=None):
            seen.append((model, device, lora))
            return cls()

        def paint(self, *given, negative_prompt=""):
            seen.append(negative_prompt)
            return super().paint(*given)

    monkeypatch.setattr("pokecolor.coloring.colorizer.Colorizer", Asked)
    return seen


@pytest.mark.parametrize(
    ("options", "model", "negative"),
    [
        ([], ("mini", None, None), ""),
        (["--model", "owner/name", "--device", "cpu"], ("owner/name", "cpu", None), ""),
        (["--lora", "mine.safetensors"], ("mini", None, "mine.safetensors"), ""),
        (["--negative-prompt", "grey"], ("mini", None, None), "grey"),
    ],
)
def test_options_reach_the_colorizer(run, asked, tmp_path, options, model, negative):
    Image.new("RGB", (20, 20), "white").save(tmp_path / "a.png")
    code, _, _ = run("colorize", tmp_path / "a.png", "--prompt", "a red box", *options)
    assert code == 0
    assert asked == [model, negative]


def test_a_device_that_is_not_here_is_one_line(run, tmp_path):
    Image.new("RGB", (20, 20), "white").save(tmp_path / "a.png")
    code, _, error = run("colorize", tmp_path / "a.png", "--prompt", "x", "--device", "tpu")
    assert code == 2
    assert error.startswith("pokecolor: --device tpu: not here; PyTorch sees ")
