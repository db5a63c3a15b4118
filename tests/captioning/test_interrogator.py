import numpy as np
import pytest
import torch
from torch.nn import functional as F

from pokecolor.captioning.interrogator import InterrogatorCaptioner
from pokecolor.core.errors import UserError

TABLES = {"mediums": ["a sticker", "a poster"], "flavors": ["cute", "retro", "sleepy"]}


class Clip:
    """Every phrase is a direction; an image is as like each as its pixel says."""

    fingerprint = "clip"

    def embed_texts(self, texts):
        phrases = [phrase for table in TABLES.values() for phrase in table]
        said = [[float(phrase in text) for phrase in phrases] for text in texts]
        return F.normalize(torch.tensor(said), dim=-1)

    def embed_images(self, images):
        pixels = np.stack([image[0, :, 0] for image in images]).astype(np.float32)
        return F.normalize(torch.from_numpy(pixels), dim=-1)


class Base:
    fingerprint = "base"

    def describe(self, images):
        return ["a fox"] * len(images)


IMAGE = np.repeat(np.uint8([[1, 2, 9, 5, 7]])[..., None], 3, axis=-1)


@pytest.mark.parametrize(
    ("mode", "caption"),
    [
        ("fast", "Turn it into a fox, cute, sleepy"),
        ("classic", "Turn it into a fox, a poster, cute, sleepy"),
        ("best", "Turn it into a fox, cute, sleepy"),
        ("negative", "a sticker, a poster"),
    ],
)
def test_modes(mode, caption):
    captioner = InterrogatorCaptioner(Clip(), TABLES, Base(), mode, count=2)
    assert captioner.caption([IMAGE, IMAGE]) == [caption, caption]


def test_without_a_base_it_is_a_drawing():
    captioner = InterrogatorCaptioner(Clip(), TABLES, mode="fast", count=1)
    assert captioner.caption([IMAGE]) == ["Turn it into a drawing, cute"]


def test_an_unknown_mode_is_told():
    with pytest.raises(UserError, match="mode=slow: choose fast, classic, best, negative"):
        InterrogatorCaptioner(Clip(), TABLES, mode="slow")


def test_the_fingerprint_follows_the_settings():
    prints = {InterrogatorCaptioner(Clip(), TABLES, mode=m).fingerprint for m in ("fast", "best")}
    prints.add(InterrogatorCaptioner(Clip(), TABLES, Base(), mode="fast").fingerprint)
    assert len(prints) == 3
