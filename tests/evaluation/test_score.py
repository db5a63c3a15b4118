"""The second half of an evaluation: what is said of a folder of images."""

import zlib
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image
from stand_ins import Eye, Painter, batch, evaluated, generated, scored

from pokecolor.core.colors import find_color_words
from pokecolor.core.errors import UserError
from pokecolor.core.images.conversion import to_uint8
from pokecolor.core.images.failed_pictures import NoPicture
from pokecolor.evaluation.guidance import GuidanceCurves

SETS = {"kid_subset_size": 2, "kid_subsets": 3}


def values(scores):
    return {name: measured["value"] for name, measured in scores.results.items()}


def test_pictures_are_scored_beside_the_truth_and_the_bare_sketch(tmp_path):
    found = values(evaluated(tmp_path, Painter(), [batch()]))
    assert found["region_color"] == 0.5  # the body of one, the wing of the other
    assert found["region_color/body"] == found["region_color/wing"] == 0.5
    assert found["main_region_color"] == 0.5  # the body, which is larger
    assert found["region_color_of_target"] == 1 and found["region_color_of_sketch"] == 0
    assert found["prompt_color_f1"] == pytest.approx(2 / 3)
    assert found["prompt_color_f1_of_target"] == 1 and found["prompt_color_f1_of_sketch"] == 0
    assert found["visible_line_f1"] == found["visible_line_f1_of_sketch"] == 1
    assert found["white_background"] == found["white_background_of_target"] == 1
    assert found["psnr"] > found["psnr_of_sketch"] > 0
    assert found["colorfulness_of_target"] > found["colorfulness_of_sketch"] == 0
    assert found["off_target_change_of_sketch"] == 0  # what changes nothing leaks nothing
    assert not found.keys() & {"psnr_of_target", "ssim_of_target", "off_target_change_of_target"}


def test_metrics_that_agree_at_first_are_counted_apart(tmp_path):
    """torchmetrics' groups would take line F1 and background, both 1 at first, for one metric."""
    other = batch()
    other["id"], other["drawing_id"] = ["c-0", "d-0"], ["c", "d"]
    generated(tmp_path, Painter(), [batch(), other])
    for name in ("c-0", "d-0"):
        image = np.asarray(Image.open(tmp_path / f"{name}.png")).copy()
        image[:4] = 0  # no line of the sketch
        Image.fromarray(image).save(tmp_path / f"{name}.png")
    found = values(scored(tmp_path, [batch(), other]))
    assert (
        0.5 < found["white_background"] < 1
        and found["white_background"] != found["visible_line_f1"]
    )


def test_a_swap_recolors_only_what_it_is_about_or_leaks(tmp_path):
    painter = Painter()
    found = evaluated(tmp_path, painter, [batch()])
    leaks, to_named = (
        dict(found.per_sample[name]) for name in ("off_target_change", "off_target_change_of_named")
    )
    first, again = painter.calls
    assert again.seeds == first.seeds
    assert all(a != b for a, b in zip(first.prompts, again.prompts, strict=True))
    # this painter paints all in the first color: that leaks, a change of the second does not
    for drawing, before, after in zip("ab", first.prompts, again.prompts, strict=True):
        changed = find_color_words(before)[0][2] != find_color_words(after)[0][2]
        assert (leaks[drawing] > 0) == changed
        # all of the other part, but for the pixels beside the one that is to change
        assert to_named[drawing] == float(changed)


def test_a_template_is_scored_in_all_basic_colors(tmp_path):
    found = evaluated(tmp_path, Painter(), [batch()], template="Turn it into a {color} creature")
    assert found.per_sample["main_color"] == [("a", 1.0)] * 11 + [("b", 1.0)] * 11


def test_drawings_without_known_parts_have_the_other_metrics(tmp_path):
    bare = batch()
    bare["parts"] = [(), ()]
    bare["part_map"] = torch.zeros(2, 1, 1, dtype=torch.uint8)
    found = evaluated(tmp_path, Painter(), [bare]).results
    assert {"prompt_color_f1", "visible_line_f1", "white_background"} <= found.keys()
    assert not any(name.startswith(("region_color", "off_target_change")) for name in found)


def test_without_a_network_nothing_is_said_that_needs_one(tmp_path):
    found = evaluated(tmp_path, Painter(), [batch()], set_metrics=SETS).results
    assert {"psnr", "off_target_change"} <= found.keys()
    assert not any("clip" in name or "fid" in name for name in found)


def test_what_a_network_says_bears_its_name_and_feeds_the_sets(tmp_path):
    found = evaluated(tmp_path, Painter(), [batch()], clip=Eye(), set_metrics=SETS)
    results = found.results
    assert results["clip_score_of_target"]["value"] > results["clip_score_of_sketch"]["value"]
    for name in ("clip_score", "directional_similarity", "fid", "kid", "kid_of_sketch"):
        assert results[name]["backbone"] == "eye" and results[name]["n"] == 2
    assert results["kid"]["subset_size"] == 2 and results["psnr"]["backbone"] is None
    assert found.sets.seen.keys() == {"output", "target", "sketch"}
    assert found.sets.drawings == ["a", "b"]


def test_each_picture_is_compared_with_prompt_truth_and_sketch(tmp_path):
    one = batch()
    one["edit_prompt"] = ["a fox", "a blue fox"]
    for name, color in (("a", (128, 0, 128)), ("b", (0, 0, 255))):
        Image.new("RGB", (32, 32), color).save(tmp_path / f"{name}.png")

    class Reader:
        """Its space: how red, how blue, and how white a thing is said to be."""

        name = "reader"

        def image_features(self, images):
            rows = [image.reshape(-1, 3).mean(0) / 255 for image in images]
            return torch.tensor([[r - g, b - g, g] for r, g, b in rows]).float()

        def text_features(self, texts):
            words = ("red", "blue", "white")
            return torch.tensor([[1.0 * text.count(word) for word in words] for text in texts])

    found = scored(tmp_path, [one], clip=Reader()).per_sample
    assert dict(found["clip_score"])["b"] == pytest.approx(100)
    assert list(dict(found["clip_score"])) == ["a", "b"]
    # a prompt without colors has no direction
    assert list(dict(found["directional_similarity"])) == ["b"]
    assert dict(found["clip_score_of_sketch"])["b"] == 0


def test_other_features_for_the_sets_are_those_that_are_named(tmp_path):
    settings = {"clip": Eye(), "features": Eye("other"), "set_metrics": SETS}
    results = evaluated(tmp_path, Painter(), [batch()], **settings).results
    assert results["fid"]["backbone"] == "other" and results["clip_score"]["backbone"] == "eye"


def test_bare_sketches_have_what_needs_no_target(tmp_path):
    bare = batch()
    del bare["edited_image"]
    bare["parts"] = [(), ()]
    bare["part_map"] = torch.zeros(2, 1, 1, dtype=torch.uint8)
    found = evaluated(
        # too few for FID, which is not taken
        tmp_path, Painter(), [bare], clip=Eye(), set_metrics={"kid_subset_size": 9},
        find_copies=True, has_target=False,
    )  # fmt: skip
    assert found.results.keys() == {
        *(
            "prompt_color_f1",
            "visible_line_f1",
            "colorfulness",
            "clip_score",
            "directional_similarity",
        ),
        *("prompt_color_f1_of_sketch", "visible_line_f1_of_sketch", "colorfulness_of_sketch"),
        "clip_score_of_sketch",
    }
    # one is painted green all over, with a red wing named: two named, one there
    assert found.results["prompt_color_f1"]["value"] == pytest.approx(2 / 3)


def test_the_nearest_training_image_of_each_picture_is_found(tmp_path):
    test = batch()
    painted = np.asarray(Painter.color(Image.fromarray(to_uint8(test["original_image"])[0]), "red"))
    training = [
        SimpleNamespace(id="grey", edited_image=np.full((8, 8, 3), 99, np.uint8)),
        SimpleNamespace(id="copied", edited_image=painted),
    ]
    test["edit_prompt"] = ["a red creature"] * 2
    settings = {"clip": Eye(), "find_copies": True, "training": training}
    found = evaluated(tmp_path, Painter(), [test], **settings).results
    assert found["neighbor_similarity"]["value"] == pytest.approx(1)
    assert found["neighbor_similarity_of_target"]["value"] < 1
    assert found["neighbor_similarity"]["backbone"] == "eye"


def test_what_is_wrong_is_told_before_anything_is_generated(tmp_path):
    class Missing(Eye):
        def image_features(self, images):
            raise UserError("no network")

    class Broken(Eye):
        def image_features(self, images):
            return super().image_features(images) * float("nan")

    for settings, message in (
        ({"clip": Eye(), "features": Missing()}, "no network"),
        ({"clip": Broken("broken eye")}, r"broken eye: what it sees .* is not finite"),
        ({"clip": Eye(), "set_metrics": {"kid_subset_size": 3}}, "KID: 2 pictures"),
    ):
        painter = Painter()
        with pytest.raises(UserError, match=message):
            generated(tmp_path / "images", painter, [batch()], **settings)
        assert not painter.calls


class Fails(Painter):
    """Fails at the pictures for which `fails` holds, of a prompt and a seed."""

    def __init__(self, fails):
        super().__init__()
        self.fails = fails

    def paint(self, sketches, prompts, seeds, **settings):
        painted = super().paint(sketches, prompts, seeds, **settings)
        for prompt, seed, coloring in zip(prompts, seeds, painted, strict=True):
            if self.fails(prompt, seed, **settings):
                coloring.image = self.raise_fault
        return painted

    @staticmethod
    def raise_fault(look):
        raise NoPicture("not_finite")


def of_second(prompt, seed, **settings):
    return seed == zlib.crc32(b"b-0")


TRAINING = [SimpleNamespace(id="x", edited_image=np.full((8, 8, 3), 99, np.uint8))]
ALL = {
    "template": "a {color} creature", "clip": Eye(), "find_copies": True, "training": TRAINING,
    "set_metrics": SETS,
}  # fmt: skip


def test_a_picture_that_failed_is_wrong_and_no_other_figure_is_given(tmp_path):
    whole = evaluated(tmp_path / "whole", Painter(), [batch()], **ALL).results
    half = evaluated(tmp_path / "half", Fails(of_second), [batch()], **ALL).results
    own = {name for name in half if not name.endswith(("_of_target", "_of_sketch"))}
    assert own == {
        *("region_color", "region_color/body", "region_color/wing", "main_region_color"),
        *("prompt_color_f1", "visible_line_f1", "white_background", "main_color", "clip_score"),
    }
    for name in own:
        assert half[name]["n"] == whole[name]["n"]
    for name in ("visible_line_f1", "white_background", "main_color"):
        assert (whole[name]["value"], half[name]["value"]) == (1.0, 0.5)
    assert half["region_color"]["value"] == 0.25
    assert half["clip_score"]["value"] < whole["clip_score"]["value"] < 100
    for name in (
        "off_target_change",
        "off_target_change_of_named",
        "fid",
        "kid",
        "psnr",
        "ssim",
        "colorfulness",
    ):
        assert name in whole and name not in half
    assert not any("neighbor" in name or "directional" in name for name in half)


def test_of_a_model_that_always_fails_every_figure_is_the_worst(tmp_path):
    found = evaluated(tmp_path, Fails(lambda *_, **__: True), [batch()], **ALL)
    assert {
        value
        for name, value in values(found).items()
        if not name.endswith(("_of_target", "_of_sketch"))
    } == {0.0}
    # 2 drawings by their prompts, 2 with a color swapped, 11 colors of each
    assert found.counts["failed"] == {"not_finite": 2 + 2 + 22} and found.counts["asked"] == 26


def test_a_swap_that_failed_is_enough_to_withhold_leak(tmp_path):
    prompts = batch()["edit_prompt"]
    found = evaluated(tmp_path, Fails(lambda prompt, *_, **__: prompt not in prompts), [batch()])
    assert found.counts["failed"] == {"not_finite": 2}
    assert (
        "off_target_change" not in found.results and found.results["region_color"]["value"] == 0.5
    )


def test_scales_that_are_tried_withhold_nothing_of_the_others(tmp_path):
    guidance = GuidanceCurves([9.0], [1.5], 2)
    painter = Fails(lambda *_, guidance_scale=0.0, **__: guidance_scale == 9)
    found = evaluated(tmp_path, painter, [batch()], guidance=guidance)
    assert guidance.table(found.tried) == [[0.0]] and not found.counts["failed"]
    assert found.results["off_target_change"]["n"] == 2
