from types import SimpleNamespace

import pytest
import torch

from pokecolor.evaluation.clip_metrics import clip_metrics


class Reader:
    """Its space: how red, how blue, and how white a thing is said to be."""

    name = "reader"

    def text_features(self, texts):
        words = ("red", "blue", "white")
        return torch.tensor([[1.0 * text.count(word) for word in words] for text in texts])


def measured(*prompts):
    drawings = [SimpleNamespace(id=str(i), prompt=prompt) for i, prompt in enumerate(prompts)]
    seen = {
        "output": torch.tensor([[1.0, 1.0, 0.0], [0.0, 2.0, 0.0]]),
        "truth": torch.tensor([[3.0, 0.0, 0.0], [0.0, 1.0, 0.0]]),
        "sketch": torch.tensor([[0.0, 0.0, 1.0], [0.0, 0.0, 1.0]]),
    }
    found = clip_metrics(Reader(), seen, drawings)
    return {name: dict(zip(ids, values.tolist(), strict=True)) for name, ids, values in found}


def test_each_picture_is_compared_with_prompt_truth_and_sketch():
    found = measured("a red fox", "a blue fox")
    half = 2**-0.5
    expected = {
        "clip_score": [100 * half, 100],
        "clip_score_of_truth": [100, 100],
        "clip_score_of_sketch": [0, 0],
        "clip_image_similarity": [half, 1],
        "clip_image_similarity_of_sketch": [0, 0],
        # from white to red, where half of red and half of blue goes astray
        "directional_similarity": [(half + 1) / 2, 1],
        "directional_similarity_of_truth": [1, 1],
    }
    assert found.keys() == expected.keys()
    for name, values in expected.items():
        assert found[name] == pytest.approx(dict(zip("01", values, strict=True)), abs=1e-6), name


def test_a_prompt_without_colors_has_no_direction():
    found = measured("a fox", "a blue fox")
    assert list(found["directional_similarity"]) == ["1"]
    assert list(found["clip_score"]) == ["0", "1"]
    assert "directional_similarity" not in measured("a fox", "a white fox")
