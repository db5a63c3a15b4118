"""The first half of an evaluation: which images are generated, and which are not again."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image
from stand_ins import Engine, Painter, batch, generated, scored

from pokecolor.coloring.compositing import LOOKS
from pokecolor.core.images.failed_pictures import NoPicture
from pokecolor.evaluation import generate as module
from pokecolor.evaluation.generate import Generator, Request, code_digest
from pokecolor.evaluation.guidance import GuidanceCurves
from pokecolor.evaluation.image_folder import ImageFolder
from pokecolor.evaluation.settings import Settings
from pokecolor.model_files.sampling import Sampling


class Plain(Painter):
    """Paints the sketch's shade, the seed and the steps."""

    def paint(self, sketches, prompts, seeds, steps=3, **scales):
        self.calls.append(list(prompts))
        colors = [
            (s.getpixel((0, 0))[0], seed, steps) for s, seed in zip(sketches, seeds, strict=True)
        ]
        return [
            SimpleNamespace(
                image=lambda look, color=color: Image.new("RGB", (8, 8), color), is_blank=False
            )
            for color in colors
        ]


def request(name="a", shade=10, seed=1, prompt="a fox", **scales):
    return Request(name, Image.new("RGB", (8, 8), (shade,) * 3), prompt, seed, scales)


def generator(folder, painter=None, **settings):
    return Generator(Settings(painter or Plain(), **settings), ImageFolder(folder), None)


def pixel(folder, name="a"):
    return Image.open(folder / f"{name}.png").getpixel((0, 0))


def test_what_was_generated_is_not_generated_again(tmp_path):
    generator(tmp_path).generate([request("a"), request("b", seed=2)])
    assert (pixel(tmp_path, "a"), pixel(tmp_path, "b")) == ((10, 1, 3), (10, 2, 3))
    later = generator(tmp_path)  # another process, after the first was killed
    later.generate([request("a"), request("b", seed=2), request("c", prompt="new")])
    assert later.colorizer.calls == [["new"]] and later.generated == {"c"}


@pytest.mark.parametrize(
    "change", [{"prompt": "a cat"}, {"shade": 20}, {"seed": 7}, {"guidance_scale": 4.0}]
)
def test_another_request_of_the_same_name_is_another_image(tmp_path, change):
    generator(tmp_path).generate([request()])
    again = generator(tmp_path)
    again.generate([request(**change)])
    assert again.generated == {"a"}


@pytest.mark.parametrize("settings", [{"steps": 4}, {"look": "flat"}])
def test_other_settings_generate_anew(tmp_path, settings):
    generator(tmp_path).generate([request()])
    again = generator(tmp_path, **settings)
    again.generate([request()])
    assert again.generated == {"a"}
    assert settings.get("look", "flat") in LOOKS


def test_other_settings_of_the_model_itself_generate_anew(tmp_path):
    generator(tmp_path).generate([request()])
    other = Plain()
    other.sampling = Sampling(3, 4.0, 1.5)
    again = generator(tmp_path, other)
    again.generate([request()])
    assert again.generated == {"a"}


def test_another_model_generates_anew(tmp_path):
    generator(tmp_path).generate([request()])
    other = Plain()
    other.engine = Engine("other")
    again = generator(tmp_path, other)
    again.generate([request()])
    assert again.generated == {"a"}


def test_other_code_generates_anew(tmp_path, monkeypatch):
    generator(tmp_path).generate([request()])
    monkeypatch.setattr(module, "code_digest", lambda: "changed")
    again = generator(tmp_path)
    again.generate([request()])
    assert again.generated == {"a"}


def test_the_digest_is_of_the_code_that_colors_and_of_no_other():
    paths = [str(path) for path in module._files(module.files("pokecolor"), module.COLORS_NOTHING)]
    assert any(path.endswith("compositing.py") for path in paths)
    assert any(path.endswith("colors.tsv") for path in paths)
    assert not any("/evaluation/" in path or "/app/" in path for path in paths)
    assert len(code_digest()) == 64


def test_a_damaged_image_is_generated_anew(tmp_path):
    generator(tmp_path).generate([request()])
    path = tmp_path / "a.png"
    path.write_bytes(path.read_bytes()[:70])
    generator(tmp_path).generate([request()])
    assert pixel(tmp_path) == (10, 1, 3)


class Failing(Plain):
    """Fails at the seed 1, and paints one color at the seed 2."""

    def paint(self, sketches, prompts, seeds, **settings):
        found = super().paint(sketches, prompts, seeds, **settings)
        for seed, coloring in zip(seeds, found, strict=True):
            coloring.is_blank = seed == 2
            if seed == 1:
                coloring.image = self.fail
        return found

    @staticmethod
    def fail(look):
        raise NoPicture("not_finite")


def test_what_could_not_be_generated_is_told_and_tried_again(tmp_path):
    requests = [request(name, seed=seed) for seed, name in enumerate("abc")]
    for _ in range(2):
        again = generator(tmp_path, Failing())
        again.generate(requests)
        found = [ImageFolder(tmp_path).load(name) for name in "bc"]
        assert [each.kind for each in found] == ["not_finite", "blank"]
    assert again.generated == {"b", "c"}
    generator(tmp_path).generate(requests)  # a model that can
    assert pixel(tmp_path, "b") == (10, 1, 3)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", "b.png", "c.png"]


TEMPLATE = {"template": "Turn it into a {color} creature", "steps": 5}


def test_all_that_is_scored_is_generated_once(tmp_path):
    painter = Painter()
    guidance = GuidanceCurves([2.0, 9.0], [1.5], 1)
    asked = {"guidance": guidance, **TEMPLATE}  # both scales are the model's own
    # 2 drawings: their prompts, a swapped color, 11 colors; one under other scales
    assert generated(tmp_path, painter, [batch()], **asked) == 2 * (1 + 1 + 11) + 1
    names = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.png"))
    assert names[:2] == ["a-0.png", "b-0.png"] and "guidance/9.0-1.5/a-0.png" in names
    assert {"swapped/a-0.png", "main_color/red/b-0.png"} < set(names)
    found = scored(tmp_path, [batch()], painter=painter, **asked)
    assert found.counts["asked"] == len(names) == 27 and not found.counts["failed"]
    assert {scales: len(scores) for scales, scores in found.tried.items()} == {
        (2.0, 1.5): 1, (9.0, 1.5): 1,
    }  # fmt: skip
    assert painter.calls[-1].settings == {
        "steps": 5, "guidance_scale": 9.0, "image_guidance_scale": 1.5,
    }  # fmt: skip


@pytest.mark.parametrize("look", ["clean", "soft"])
def test_the_look_that_is_asked_for_is_generated(tmp_path, look):
    painter = Painter()
    generated(tmp_path, painter, [batch()], look=look)
    assert painter.looks == {look}


def test_the_seed_follows_from_the_samples_id(tmp_path):
    painter, one = Painter(), batch()
    generated(tmp_path / "one", painter, [one])
    turned = {**one, "id": one["id"][::-1]}
    generated(tmp_path / "other", painter, [turned])
    assert painter.calls[0].seeds == painter.calls[2].seeds[::-1]


def test_processes_share_both_halves_and_find_what_one_alone_does(tmp_path):
    """Two on the CPU; of five batches one has three."""
    here = Path(__file__).parent
    environment = os.environ | {"PYTHONPATH": str(here.parents[1]), "OMP_NUM_THREADS": "1"}
    for ranks in ("2", "1"):
        command = [sys.executable, here / "evaluation_run.py", tmp_path / ranks, ranks]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stderr
    shares = [json.loads((tmp_path / "2" / f"painted-{r}.json").read_text()) for r in range(2)]
    assert all(shares) and not set(shares[0]) & set(shares[1])
    one, two = (json.loads((tmp_path / r / "found-0.json").read_text()) for r in "12")
    assert two == one and one["results"]["psnr"]["n"] == 10
    assert json.loads((tmp_path / "2" / "found-1.json").read_text()) is None
    pages = [(tmp_path / r / "report" / "samples.csv").read_text() for r in "12"]
    assert pages[0] == pages[1]
