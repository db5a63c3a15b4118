import numpy as np
import pytest
import torch
from metric_cases import computed, seeing
from torchmetrics.functional.multimodal import clip_score as torchmetrics_clip_score

from pokecolor.evaluation.metrics.clip_score import (
    clip_image_similarity,
    clip_score,
)
from pokecolor.model_files.clip_model import ClipModel

RIGHT, UP = torch.tensor([3.0, 0.0]), torch.tensor([0.0, 2.0])


def test_the_score_is_that_of_the_angle_and_never_negative():
    images = torch.stack([RIGHT, RIGHT, RIGHT, RIGHT])
    texts = torch.stack([RIGHT, UP, RIGHT + 1.5 * UP, -RIGHT])
    expected = torch.tensor([100.0, 0.0, 100 / 2**0.5, 0.0])
    torch.testing.assert_close(clip_score(images, texts), expected)


def test_image_similarity_may_be_negative():
    found = clip_image_similarity(torch.stack([RIGHT, UP]), torch.stack([-RIGHT, UP]))
    assert found.tolist() == [-1, 1]


class AsTorchmetricsAsks:
    """The features of `clip` as the model and the processor that torchmetrics works with."""

    def __init__(self, clip):
        self.clip = clip
        self.config = type("Config", (), {"text_config": type("T", (), {})})
        self.config.text_config.max_position_embeddings = 77

    def to(self, device):
        return self

    def __call__(self, text=None, images=None, **_):
        if images is not None:
            arrays = [image.permute(1, 2, 0).numpy() for image in images]
            return {"pixel_values": self.clip.image_features(arrays)}
        features = self.clip.text_features(text)
        return {"input_ids": features, "attention_mask": torch.ones(len(text), 8)}

    def get_image_features(self, features):
        return features

    def get_text_features(self, features, mask):
        return features


def test_torchmetrics_agrees():
    images = [np.full((32, 32, 3), color, np.uint8) for color in ((210, 47, 39), (30, 80, 160))]
    prompts = ["a red creature", "Turn it into a blue creature"]
    clip = ClipModel()
    expected = torchmetrics_clip_score(
        [torch.from_numpy(image).permute(2, 0, 1) for image in images],
        prompts,
        model_name_or_path=lambda: (AsTorchmetricsAsks(clip),) * 2,
    )
    found = clip_score(clip.image_features(images), clip.text_features(prompts))
    assert found.min() > 0
    assert found.mean() == pytest.approx(float(expected), rel=1e-5)


def test_the_metrics_are_means_over_samples():
    images, others = torch.stack([RIGHT, RIGHT, UP]), torch.stack([RIGHT, UP, -UP])
    for metric, function, what in (
        ("clip_score", clip_score, "prompt"),
        ("clip_image_similarity", clip_image_similarity, "target"),
    ):
        pairs = zip(images, others, strict=True)
        cases = [seeing(output=image, **{what: other}) for image, other in pairs]
        expected = float(function(images, others).mean())
        assert computed(metric, cases[:2], cases[2:]).value == pytest.approx(expected)
