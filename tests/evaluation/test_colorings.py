from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from pokecolor.colors import EXEMPLARS, find_color_words, parse_hex
from pokecolor.errors import UserError
from pokecolor.evaluation.colorings import Colorings
from pokecolor.evaluation.set_metrics import SetMetrics
from pokecolor.images import to_tensor, to_uint8
from pokecolor.schema import Part

GREEN, RED = (92, 158, 49), (210, 47, 39)


class Painter:
    """Paints the whole drawing in the first color of the prompt, the lines as they are."""

    def __init__(self):
        self.calls, self.looks = [], set()

    def paint(self, sketches, prompts, seeds, **settings):
        self.calls.append(SimpleNamespace(prompts=prompts, seeds=seeds, settings=settings))
        return [
            SimpleNamespace(image=lambda look, pair=pair: self.finish(look, *pair), is_blank=False)
            for pair in zip(sketches, prompts, strict=True)
        ]

    def finish(self, look, sketch, prompt):
        self.looks.add(look)
        return self.color(sketch, prompt)

    @staticmethod
    def color(sketch, prompt):
        image = np.asarray(sketch).copy()
        inside = (slice(8, 24), slice(8, 24))
        color = parse_hex(EXEMPLARS[find_color_words(prompt)[0][2]][0])
        image[inside] = np.where(image[inside] > 128, np.uint8(color), image[inside])
        return Image.fromarray(image)


def batch():
    """A framed square, green but for its red right quarter."""
    sketch = np.full((32, 32, 3), 255, np.uint8)
    sketch[7:25, 7:25] = 0
    sketch[8:24, 8:24] = 255
    part_map = np.zeros((32, 32), np.uint8)
    part_map[8:24, 8:20] = 1
    part_map[8:24, 20:24] = 2
    truth = sketch.copy()
    truth[part_map == 1], truth[part_map == 2] = GREEN, RED
    parts = (Part("body", "green", GREEN, True), Part("wing", "red", RED, True))
    return {
        "id": ["a-0", "b-0"],
        "drawing_id": ["a", "b"],
        "edit_prompt": ["a green creature with a red wing", "a red wing on a green creature"],
        "original_image": to_tensor(np.stack([sketch, sketch])),
        "edited_image": to_tensor(np.stack([truth, truth])),
        "parts": [parts, parts],
        "part_map": torch.from_numpy(np.stack([part_map, part_map])),
    }


def measured(module, batch):
    return {
        name: dict(zip(ids, v.tolist(), strict=False)) for name, ids, v in module.measure(batch)
    }


def means(module, batch):
    return {name: values.mean().item() for name, _, values in module.measure(batch)}


def test_pictures_are_judged_beside_the_truth_and_the_bare_sketch():
    found = means(Colorings(Painter()), batch())
    assert found["region_color"] == 0.5  # the body of one, the wing of the other
    assert found["region_color/body"] == found["region_color/wing"] == 0.5
    assert found["main_region_color"] == 0.5  # the body, which is larger
    assert found["region_color_of_truth"] == 1 and found["region_color_of_sketch"] == 0
    assert found["prompt_color_f1"] == pytest.approx(2 / 3)
    assert found["prompt_color_f1_of_truth"] == 1 and found["prompt_color_f1_of_sketch"] == 0
    assert found["line_f1"] == found["line_f1_of_sketch"] == 1
    assert found["white_background"] == found["white_background_of_truth"] == 1


def test_a_swap_recolors_only_what_it_is_about_or_leaks():
    painter = Painter()
    found = measured(Colorings(painter), batch())
    leaks, to_named = found["leak"], found["leak_to_named"]
    first, again = painter.calls
    assert again.seeds == first.seeds
    assert all(a != b for a, b in zip(first.prompts, again.prompts, strict=True))
    # this painter paints all in the first color: that leaks, a change of the second does not
    for drawing, before, after in zip("ab", first.prompts, again.prompts, strict=True):
        changed = find_color_words(before)[0][2] != find_color_words(after)[0][2]
        assert (leaks[drawing] > 0) == changed
        # all of the other part, but for the pixels beside the one that is to change
        assert to_named[drawing] == float(changed)


def test_a_template_is_tried_in_all_basic_colors():
    painter = Painter()
    module = Colorings(painter, template="Turn it into a {color} creature", steps=3)
    found = [(ids, values) for name, ids, values in module.measure(batch()) if name == "main_color"]
    ((ids, values),) = found
    assert ids == ["a", "b"] * 11
    assert values.tolist() == [1.0] * 22
    assert painter.calls[-1].settings == {"steps": 3}


@pytest.mark.parametrize("look", ["clean", "soft"])
def test_the_look_that_is_asked_for_is_measured(look):
    painter = Painter()
    list(Colorings(painter, look=look).measure(batch()))
    assert painter.looks == {look}


def test_the_seed_follows_from_the_samples_id():
    painter, one = Painter(), batch()
    module = Colorings(painter)
    list(module.measure(one))
    one["id"] = one["id"][::-1]
    list(module.measure(one))
    assert painter.calls[0].seeds == painter.calls[2].seeds[::-1]


def test_drawings_without_known_parts_have_the_other_metrics():
    bare = batch()
    bare["parts"] = [(), ()]
    bare["part_map"] = torch.zeros(2, 1, 1, dtype=torch.uint8)
    found = means(Colorings(Painter()), bare)
    assert {"prompt_color_f1", "line_f1", "white_background"} <= found.keys()
    assert not any(name.startswith(("region_color", "leak")) for name in found)


class Eye:
    """Sees the mean color of a picture, and in a text the colors that it names."""

    def __init__(self, name="eye"):
        self.name = name

    def image_features(self, images):
        return torch.from_numpy(np.stack([255.0 - image.mean((0, 1)) for image in images])).float()

    def text_features(self, texts):
        named = [[EXEMPLARS[term][0] for *_, term in find_color_words(text)] for text in texts]
        colors = [np.mean([parse_hex(color) for color in of_text], 0) for of_text in named]
        return torch.from_numpy(255.0 - np.stack(colors)).float()


def test_pictures_are_compared_pixel_by_pixel_with_the_truth_alone():
    found = means(Colorings(Painter()), batch())
    assert found["psnr"] > found["psnr_of_sketch"] > 0
    assert found["ssim"] <= 1
    assert found["colorfulness_of_truth"] > found["colorfulness_of_sketch"] == 0
    assert not found.keys() & {"psnr_of_truth", "ssim_of_truth"}


def test_without_a_network_nothing_is_said_that_needs_one():
    module = Colorings(Painter(), set_metrics=SetMetrics(2))
    module.take([batch()], [])
    assert {"psnr", "leak"} <= module.results().keys()
    assert not any("clip" in name or "fid" in name for name in module.results())


def test_what_clip_says_bears_its_name_and_feeds_the_sets():
    module = Colorings(Painter(), clip=Eye(), set_metrics=SetMetrics(kid_subset_size=2))
    module.take([batch()], [])
    found = module.results()
    assert found["clip_score_of_truth"]["value"] > found["clip_score_of_sketch"]["value"]
    for name in ("clip_score", "directional_similarity", "fid", "kid", "kid_of_sketch"):
        assert found[name]["backbone"] == "eye" and found[name]["n"] == 2
    assert found["psnr"]["backbone"] is None


def test_other_features_for_the_sets_are_those_that_are_named():
    module = Colorings(Painter(), clip=Eye(), features=Eye("other"), set_metrics=SetMetrics(2))
    module.take([batch()], [])
    assert module.results()["fid"]["backbone"] == "other"
    assert module.results()["clip_score"]["backbone"] == "eye"


def test_bare_sketches_have_what_needs_no_truth():
    bare = batch()
    del bare["edited_image"]
    bare["parts"] = [(), ()]
    bare["part_map"] = torch.zeros(2, 1, 1, dtype=torch.uint8)
    module = Colorings(Painter(), clip=Eye(), set_metrics=SetMetrics(2), find_copies=True)
    module.require(["a"], have_truth=False)  # too few for FID, which is not taken
    module.take([bare], [SimpleNamespace(id="x", edited_image=np.full((8, 8, 3), 99, np.uint8))])
    assert module.results().keys() == {
        *("prompt_color_f1", "line_f1", "colorfulness", "clip_score", "directional_similarity"),
        *("prompt_color_f1_of_sketch", "line_f1_of_sketch", "colorfulness_of_sketch"),
        "clip_score_of_sketch",
    }
    # one is painted green all over, with a red wing named: two named, one there
    assert module.results()["prompt_color_f1"]["value"] == pytest.approx(2 / 3)


def test_painting_ahead_asks_for_all_that_measuring_asks_for():
    ahead, measured = Painter(), Painter()
    settings = {"template": "Turn it into a {color} creature", "steps": 3}
    Colorings(ahead, **settings).paint(batch())
    list(Colorings(measured, **settings).measure(batch()))

    def asked(painter):
        return {(p, s) for c in painter.calls for p, s in zip(c.prompts, c.seeds, strict=True)}

    assert asked(ahead) == asked(measured)
    assert len(asked(ahead)) == 2 * (1 + 1 + 11)


def test_the_nearest_training_image_of_each_picture_is_found():
    module, test = Colorings(Painter(), clip=Eye(), find_copies=True), batch()
    painted = np.asarray(Painter.color(Image.fromarray(to_uint8(test["original_image"])[0]), "red"))
    training = [
        SimpleNamespace(id="grey", edited_image=np.full((8, 8, 3), 99, np.uint8)),
        SimpleNamespace(id="copied", edited_image=painted),
    ]
    test["edit_prompt"] = ["a red creature"] * 2
    module.take([test], training)
    found = module.results()
    assert found["neighbor_similarity"]["value"] == pytest.approx(1)
    assert found["neighbor_similarity_of_truth"]["value"] < 1
    assert [pair[:2] for pair in module.copies.nearest] == [("a", "copied"), ("b", "copied")]
    assert found["neighbor_similarity"]["backbone"] == "eye"


def test_a_network_that_cannot_be_had_is_told_before_anything_is_colored():
    class Missing(Eye):
        def image_features(self, images):
            raise UserError("no network")

    module = Colorings(Painter(), clip=Eye(), features=Missing())
    with pytest.raises(UserError, match="no network"):
        module.require(["a", "b"], have_truth=True)
    Colorings(Painter()).require(["a"], have_truth=True)


def test_too_few_drawings_for_a_metric_are_told_before_anything_is_colored():
    module = Colorings(Painter(), clip=Eye(), set_metrics=SetMetrics(kid_subset_size=3))
    with pytest.raises(UserError, match="KID: 2 pictures"):
        module.require(["a", "b"], have_truth=True)
