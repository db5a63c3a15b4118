from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from pokecolor.colors import EXEMPLARS, find_color_words, parse_hex
from pokecolor.evaluation.colorings import ColoringsModule
from pokecolor.images import to_tensor
from pokecolor.schema import Part

GREEN, RED = (92, 158, 49), (210, 47, 39)


class Painter:
    """Paints the whole drawing in the first color of the prompt, the lines as they are."""

    def __init__(self):
        self.calls = []

    def paint(self, sketches, prompts, seeds, **settings):
        self.calls.append(SimpleNamespace(prompts=prompts, seeds=seeds, settings=settings))
        return [
            SimpleNamespace(image=lambda pair=pair: self.color(*pair))
            for pair in zip(sketches, prompts, strict=True)
        ]

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
    found = means(ColoringsModule(Painter()), batch())
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
    (leaks,) = [
        dict(zip(ids, values.tolist(), strict=True))
        for name, ids, values in ColoringsModule(painter).measure(batch())
        if name == "leak"
    ]
    first, again = painter.calls
    assert again.seeds == first.seeds
    assert all(a != b for a, b in zip(first.prompts, again.prompts, strict=True))
    # this painter paints all in the first color: that leaks, a change of the second does not
    for drawing, before, after in zip("ab", first.prompts, again.prompts, strict=True):
        changed = find_color_words(before)[0][2] != find_color_words(after)[0][2]
        assert (leaks[drawing] > 0) == changed


def test_a_template_is_tried_in_all_basic_colors():
    painter = Painter()
    module = ColoringsModule(painter, template="Turn it into a {color} creature", steps=3)
    found = [(ids, values) for name, ids, values in module.measure(batch()) if name == "main_color"]
    ((ids, values),) = found
    assert ids == ["a", "b"] * 11
    assert values.tolist() == [1.0] * 22
    assert painter.calls[-1].settings == {"steps": 3}


def test_the_seed_follows_from_the_samples_id():
    painter, one = Painter(), batch()
    module = ColoringsModule(painter)
    list(module.measure(one))
    one["id"] = one["id"][::-1]
    list(module.measure(one))
    assert painter.calls[0].seeds == painter.calls[2].seeds[::-1]


def test_drawings_without_known_parts_have_the_other_metrics():
    bare = batch()
    bare["parts"] = [(), ()]
    bare["part_map"] = torch.zeros(2, 1, 1, dtype=torch.uint8)
    found = means(ColoringsModule(Painter()), bare)
    assert {"prompt_color_f1", "line_f1", "white_background"} <= found.keys()
    assert not any(name.startswith(("region_color", "leak")) for name in found)
