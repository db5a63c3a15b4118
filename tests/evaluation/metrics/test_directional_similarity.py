import numpy as np
import pytest
import torch
from metric_cases import computed, seeing

from pokecolor.evaluation.metrics.directional_similarity import (
    directional_similarity,
    uncolored,
)


def unit(*degrees):
    angles = torch.deg2rad(torch.tensor(degrees, dtype=torch.float32))
    return torch.stack([angles.cos(), angles.sin()], dim=1)


@pytest.mark.parametrize(
    ("prompt", "before"),
    [
        ("Turn it into an orange owl with blue eyes.", "Turn it into a white owl with white eyes."),
        ("An orange and a Golden fish", "A white and a white fish"),
        ("Make it white with red ears", "Make it white with white ears"),
        ("Turn it into a white owl", None),
        ("Turn it into an owl", None),
    ],
)
def test_a_sketch_is_described_as_its_prompt_in_white(prompt, before):
    assert uncolored(prompt) == before


def test_the_same_and_the_opposite_change_are_1_and_minus_1():
    before, after = unit(10, 40), unit(30, 20)
    found = directional_similarity(before, after, 3 * before, 2 * after)
    torch.testing.assert_close(found, torch.ones(2))
    found = directional_similarity(before, after, after, before)
    torch.testing.assert_close(found, -torch.ones(2))


def test_plain_arithmetic_agrees():
    generator = np.random.default_rng(0)
    features = generator.normal(size=(4, 5, 7))
    a, b, c, d = (f / np.linalg.norm(f, axis=1, keepdims=True) for f in features)
    change, asked = b - a, d - c
    expected = (change * asked).sum(1)
    expected /= np.linalg.norm(change, axis=1) * np.linalg.norm(asked, axis=1)
    found = directional_similarity(*torch.from_numpy(features))
    np.testing.assert_allclose(found, expected)


def test_a_picture_that_is_its_sketch_has_moved_nowhere():
    sketch = unit(10)
    for noise in (0, 1e-7):  # of rounding, in another batch
        picture = sketch + noise * torch.tensor([[-1.0, 1.0]])
        found = directional_similarity(sketch, picture, unit(0), unit(90))
        assert abs(found.item()) < 0.01


def test_the_metric_is_the_mean_over_prompts_with_a_color():
    features = unit(0, 5, 10), unit(20, 9, 70), unit(1, 2, 3), unit(40, 0, 2)
    names = ("sketch", "output", "uncolored", "prompt")
    cases = [seeing(**dict(zip(names, row, strict=True))) for row in zip(*features, strict=True)]
    colorless = seeing(sketch=features[0][0], output=features[1][0], prompt=features[3][0])
    found = computed("directional_similarity", cases[:2], [cases[2], colorless])
    expected = float(directional_similarity(*features).mean())
    assert (found.value, found.n) == (pytest.approx(expected), 3)
