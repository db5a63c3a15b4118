"""The worked example of CONTRIBUTING.md is a captioner that works."""

import re
import sys
import textwrap
import types
from pathlib import Path

import numpy as np
import pytest
from hydra.utils import instantiate
from omegaconf import OmegaConf

from pokecolor.core.schema import ColorImage

CONTRIBUTING = Path(__file__).resolve().parents[2] / "CONTRIBUTING.md"
MODULE = "pokecolor.captioning.main_color"


def block(language):
    """The only code block of a language in what is said of captioners."""
    text = CONTRIBUTING.read_text(encoding="utf-8").partition("- A captioner:")[2]
    found = re.search(rf"^ *```{language}\n(.*?)^ *```$", text, re.DOTALL | re.MULTILINE)
    return textwrap.dedent(found[1])


@pytest.fixture
def example(monkeypatch):
    module = types.ModuleType(MODULE)
    exec(block("python"), module.__dict__)
    monkeypatch.setitem(sys.modules, MODULE, module)


def test_the_worked_example_captions_a_data_set(example, tmp_path):
    image = np.full((32, 32, 3), 255, np.uint8)
    image[4:28, 4:28] = (92, 158, 49)
    samples = [ColorImage("a", image, "the original", "train")]
    config = OmegaConf.create({"paths": {"cache": str(tmp_path)}, "caption": {}})
    config.caption = OmegaConf.create(block("yaml"))
    caption = instantiate(config.caption)
    caption.prepare("data", ["a"], lambda: samples, lambda *_: None)
    caption.load("data", ["a"])
    assert caption.prompt("a", "the original") == "Turn it into a green drawing"
    (table,) = (tmp_path / "captions").glob("*.csv")
    assert table.read_text(encoding="utf-8").splitlines()[1] == "a,Turn it into a green drawing"
