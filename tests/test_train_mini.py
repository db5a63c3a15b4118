"""mini from nothing by one command: experiments/003-mini/train.sh."""

import os
import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageDraw

from pokecolor.coloring.colorizer import Colorizer
from pokecolor.model_files.checksums import find_changes

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = ROOT / "experiments" / "003-mini" / "train.sh"


def train(*arguments):
    environment = {**os.environ, "PYTHON": sys.executable, "PYTHONPATH": str(ROOT)}
    command = ["bash", str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_every_part_is_trained_from_random_weights_and_the_model_colors(tmp_path):
    first = train(tmp_path, "tiny")
    assert first.returncode == 0, first.stderr
    mini = tmp_path / "mini"
    assert not find_changes(mini)

    again = train(tmp_path, "tiny")
    assert again.returncode == 0, again.stderr
    for part in ("clip", "vae", "text_encoder", "unet"):
        assert f"{part}: is there" in again.stdout

    sketch = Image.new("RGB", (64, 64), "white")
    ImageDraw.Draw(sketch).ellipse((12, 12, 52, 52), outline="black", width=2)
    (coloring,) = Colorizer.from_pretrained(mini).paint([sketch], ["a green ball"], [0])
    assert coloring.painted.shape == (128, 128, 3)


def test_another_machine_is_refused(tmp_path):
    refused = train(tmp_path, "tpu")
    assert refused.returncode == 2
    assert refused.stderr == "train.sh: tpu: choose cpu, gpu or tiny\n"
