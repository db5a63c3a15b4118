import numpy as np
import pytest
import torch
from torch.nn import functional as F

from pokecolor.captioning.clip_captioner import ClipCaptioner, Phrase
from pokecolor.colors import TERMS

PARTS = ["eyes", "belly"]


class Clip:
    """Gives every phrase a direction of its own; an image's pixels say which it is made of."""

    fingerprint = "clip"

    def __init__(self):
        self.directions = {}

    def embed_texts(self, texts):
        rows = []
        for text in texts:
            vector = torch.zeros(64)
            vector[self.directions.setdefault(text, len(self.directions))] = 1
            rows.append(vector)
        return torch.stack(rows)

    def embed_images(self, images):
        return F.normalize(torch.stack([self._mix(image[0, 0]) for image in images]), dim=-1)

    def _mix(self, pixel):
        whole, eyes, subject = (int(value) for value in pixel)
        texts = [Phrase(TERMS[whole], None).text, Phrase(TERMS[eyes], "eyes").text]
        vectors = [2 * self.embed_texts(texts[:1])[0], self.embed_texts(texts[1:])[0]]
        if subject:
            vectors.append(0.1 * self.embed_texts(["a drawing of an owl"])[0])
        return sum(vectors)


def image(whole, eyes, subject=0):
    return np.array([[[TERMS.index(whole), TERMS.index(eyes), subject]]], np.uint8)


@pytest.fixture
def captioner():
    captioner = ClipCaptioner(Clip(), PARTS)
    captioner._phrase_embeds  # noqa: B018  the phrases take the first directions
    return captioner


def test_the_sentence_says_what_was_found(captioner):
    texts = captioner.caption([image("green", "red"), image("orange", "white")])
    assert texts == [
        "Turn it into a green creature with red eyes",
        "Turn it into an orange creature with white eyes",
    ]


def test_the_whole_comes_first_and_parts_of_its_color_go_unsaid(captioner):
    texts = ["a creature with red eyes", "a creature with green belly", captioner.phrases[3].text]
    weights = torch.tensor([1.0, 0.9, 0.5])
    captioner.clip._mix = lambda pixel: captioner.clip.embed_texts(texts).T @ weights
    assert captioner.phrases[3] == ("green", None)
    assert captioner.caption([image("green", "red")]) == [
        "Turn it into a green creature with red eyes"
    ]


def test_a_caption_scores_by_its_likeness(captioner):
    picture = image("green", "red")
    fitting, other = captioner.score(
        [picture] * 2, ["Turn it into a green creature", "a blue creature"]
    )
    assert fitting == pytest.approx(2 / 5**0.5) and other == 0


def test_of_several_subjects_clip_chooses():
    captioner = ClipCaptioner(Clip(), PARTS, subjects=["fox", "owl"])
    captioner._phrase_embeds  # noqa: B018
    (text,) = captioner.caption([image("grey", "red", subject=1)])
    assert text == "Turn it into a grey owl with red eyes"


def test_no_more_phrases_than_asked_for():
    captioner = ClipCaptioner(Clip(), PARTS, count=1)
    captioner._phrase_embeds  # noqa: B018
    assert captioner.caption([image("green", "red")]) == ["Turn it into a green creature"]


def test_the_fingerprint_follows_the_settings():
    settings = [{}, {"count": 3}, {"min_gain": 0.5}, {"subjects": ["fox"]}]
    prints = {ClipCaptioner(Clip(), PARTS, **one).fingerprint for one in settings}
    assert len(prints) == 4
    assert ClipCaptioner(Clip(), ["tail"]).fingerprint not in prints
    assert ClipCaptioner(Clip(), PARTS, cache="somewhere").fingerprint in prints
