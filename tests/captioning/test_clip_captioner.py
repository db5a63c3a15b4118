import re

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from pokecolor.captioning.clip_captioner import ClipCaptioner
from pokecolor.core.colors import TERMS

PARTS = ["eyes", "belly"]


class Clip:
    """Every color of the whole and of each part is a direction, and so is every subject.

    An image is made of those that its pixel says: a color of the whole, one of the eyes, a subject.
    """

    fingerprint = "clip"

    def embed_texts(self, texts):
        return F.normalize(torch.stack([self._read(text) for text in texts]), dim=-1)

    def embed_images(self, images):
        rows = []
        for image in images:
            whole, eyes, subject = (int(value) for value in image[0, 0])
            row = self._read(f"a {TERMS[whole]} creature with {TERMS[eyes]} eyes")
            row[whole] *= 1.5
            row[-2 + subject] += 0.1
            rows.append(row)
        return F.normalize(torch.stack(rows), dim=-1)

    def _read(self, text):
        vector = torch.zeros(len(TERMS) * (1 + len(PARTS)) + 2)
        for place, thing in enumerate(["(?:creature|drawing|owl|fox)", *PARTS]):
            for color in re.findall(rf"(\w+) {thing}", text):
                if color in TERMS:
                    vector[place * len(TERMS) + TERMS.index(color)] = 1
        for place, subject in ((-2, "fox"), (-1, "owl")):
            vector[place] = float(f"drawing of {subject}" in text.replace("of an", "of"))
        return vector


def image(whole, eyes, subject=0):
    return np.array([[[TERMS.index(whole), TERMS.index(eyes), subject]]], np.uint8)


@pytest.fixture
def captioner():
    return ClipCaptioner(Clip(), PARTS, min_share=0)  # one pixel has no color to speak of


def test_the_sentence_says_what_was_found(captioner):
    texts = captioner.caption([image("green", "red"), image("orange", "white")])
    assert texts == [
        "Turn it into a green creature with red eyes",
        "Turn it into an orange creature with white eyes",
    ]


def test_a_part_in_the_color_of_the_whole_goes_unsaid(captioner):
    assert captioner.caption([image("green", "green")]) == ["Turn it into a green creature"]


def test_colors_that_the_drawing_lacks_are_not_said():
    picture = np.full((64, 64, 3), 255, np.uint8)
    picture[8:56, 8:56] = 30, 150, 60
    picture[20:30, 20:30] = 220, 30, 40
    picture[0, 0] = image("green", "blue")[0, 0]  # CLIP takes the red for blue
    (text,) = ClipCaptioner(Clip(), PARTS).caption([picture])
    assert text == "Turn it into a green creature"
    (text,) = ClipCaptioner(Clip(), PARTS, min_share=0).caption([picture])
    assert text == "Turn it into a green creature with blue eyes"
    picture[0, 0] = image("green", "red")[0, 0]
    (text,) = ClipCaptioner(Clip(), PARTS).caption([picture])
    assert text == "Turn it into a green creature with red eyes"
    (text,) = ClipCaptioner(Clip(), PARTS, min_share=0.5).caption([picture])
    assert text == "Turn it into a green creature"


def test_a_caption_scores_by_its_likeness(captioner):
    picture = image("green", "red")
    captions = ["Turn it into a green creature", "Turn it into a blue creature"]
    fitting, other = captioner.score([picture] * 2, captions)
    assert fitting == pytest.approx(1.5 / 3.25**0.5, abs=0.01) and other == 0


def test_of_several_subjects_clip_chooses():
    captioner = ClipCaptioner(Clip(), PARTS, subjects=["fox", "owl"], min_share=0)
    (text,) = captioner.caption([image("grey", "red", subject=1)])
    assert text == "Turn it into a grey owl with red eyes"


def test_no_more_phrases_than_asked_for():
    captioner = ClipCaptioner(Clip(), PARTS, count=1, min_share=0)
    assert captioner.caption([image("green", "red")]) == ["Turn it into a green creature"]


def test_the_fingerprint_follows_the_settings():
    settings = [{}, {"count": 3}, {"min_gain": 0.5}, {"min_share": 0}, {"subjects": ["fox"]}]
    prints = {ClipCaptioner(Clip(), PARTS, **one).fingerprint for one in settings}
    assert len(prints) == 5
    assert ClipCaptioner(Clip(), ["tail"]).fingerprint not in prints
    assert ClipCaptioner(Clip(), PARTS, cache="somewhere").fingerprint in prints
