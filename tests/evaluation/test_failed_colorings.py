"""Pictures that a model failed to paint: how they count, and what is withheld for them."""

import zlib
from types import SimpleNamespace

import numpy as np
import pytest
from test_colorings import Eye, Painter, batch

from pokecolor.errors import UserError
from pokecolor.evaluation.colorings import Colorings
from pokecolor.evaluation.guidance import GuidanceCurves
from pokecolor.evaluation.set_metrics import SetMetrics
from pokecolor.no_picture import NoPicture


class Fails(Painter):
    """Fails at the pictures for which `fails` holds, of a prompt and a seed."""

    def __init__(self, fails):
        super().__init__()
        self.fails = fails

    def paint(self, sketches, prompts, seeds, **settings):
        painted = super().paint(sketches, prompts, seeds, **settings)
        for prompt, seed, coloring in zip(prompts, seeds, painted, strict=True):
            if self.fails(prompt, seed):
                coloring.image = self.raise_fault
        return painted

    @staticmethod
    def raise_fault(look):
        raise NoPicture("not_finite")


def of_second(prompt, seed):
    return seed == zlib.crc32(b"b-0")


ALL = {
    "template": "a {color} creature",
    "clip": Eye(),
    "find_copies": True,
}
TRAINING = [SimpleNamespace(id="x", edited_image=np.full((8, 8, 3), 99, np.uint8))]


def taken(fails, **settings):
    module = Colorings(Fails(fails), **{**ALL, "set_metrics": SetMetrics(2), **settings})
    module.take([batch()], TRAINING)
    return module


def test_a_picture_that_failed_is_wrong_and_no_other_figure_is_given():
    whole, half = taken(lambda *_: False).results(), taken(of_second).results()
    own = {name for name in half if not name.endswith(("_of_truth", "_of_sketch"))}
    assert own == {
        *("region_color", "region_color/body", "region_color/wing", "main_region_color"),
        *("prompt_color_f1", "line_f1", "white_background", "main_color", "clip_score"),
    }
    for name in own:
        assert half[name]["n"] == whole[name]["n"]
    for name in ("line_f1", "white_background", "main_color"):
        assert (whole[name]["value"], half[name]["value"]) == (1.0, 0.5)
    assert half["region_color"]["value"] == 0.25
    assert half["clip_score"]["value"] < whole["clip_score"]["value"] < 100
    for name in ("leak", "leak_to_named", "fid", "kid", "psnr", "ssim", "colorfulness"):
        assert name in whole and name not in half
    assert not any("neighbor" in name or "directional" in name for name in half)


def test_of_a_model_that_always_fails_every_figure_is_the_worst():
    module = taken(lambda *_: True)
    assert {
        measured["value"]
        for name, measured in module.results().items()
        if not name.endswith(("_of_truth", "_of_sketch"))
    } == {0.0}
    # 2 drawings by their prompts, 2 with a color swapped, 11 colors of each
    assert len(module.failed) == 2 + 2 + 22 and set(module.failed.values()) == {"not_finite"}


def test_a_swap_that_failed_is_enough_to_withhold_leak():
    prompts = batch()["edit_prompt"]
    module = taken(lambda prompt, seed: prompt not in prompts, template=None)
    assert len(module.failed) == 2
    assert "leak" not in module.results() and module.results()["region_color"]["value"] == 0.5


def test_a_failure_is_counted_once_however_often_it_is_asked_for():
    module = Colorings(Fails(of_second))
    module.paint(batch())
    module.take([batch()], [])
    assert len(module.failed) == 2  # as it is, and with a color swapped


def test_scales_that_are_tried_withhold_nothing_of_the_others():
    module = Colorings(Fails(lambda *_: False))
    module.take([batch()], [])
    module.colorizer.fails = lambda *_: True
    curves = GuidanceCurves([9.0], [1.5], 2).measure(module.cases, module.color)
    assert curves == [[0.0]] and not module.failed
    assert module.results()["leak"]["n"] == 2


def test_one_color_all_over_is_a_failure():
    class Blank(Painter):
        def paint(self, *args, **settings):
            painted = super().paint(*args, **settings)
            for coloring in painted:
                coloring.is_blank = True
            return painted

    module = Colorings(Blank())
    module.take([batch()], [])
    assert set(module.failed.values()) == {"blank"}
    assert module.results()["region_color"]["value"] == 0 and "leak" not in module.results()


def test_beside_leak_stands_that_of_a_sketch_left_as_it_is():
    module = Colorings(Painter())
    module.take([batch()], [])
    assert module.results()["leak_of_sketch"]["value"] == 0


def test_a_network_that_sees_nothing_finite_gives_no_figure():
    class Broken(Eye):
        def image_features(self, images):
            return super().image_features(images) * float("nan")

    module = Colorings(Painter(), clip=Broken("broken eye"), set_metrics=SetMetrics(2))
    with pytest.raises(UserError, match=r"broken eye: what it sees .* is not finite"):
        module.require(["a", "b"], have_truth=True)
    with pytest.raises(UserError, match="broken eye"):
        module.take([batch()], [])
