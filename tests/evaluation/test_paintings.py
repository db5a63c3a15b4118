"""An engine that counts what it paints."""

from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from pokecolor.errors import UserError
from pokecolor.evaluation.paintings import KeptPaintings, keep_paintings
from pokecolor.no_picture import NoPicture
from pokecolor.sampling import Sampling


class Engine:
    """Paints the sketch's mean, the seed and the steps."""

    size = 8

    def __init__(self, weights="first"):
        self.weights = weights
        self.calls = []

    def fingerprint(self):
        return [self.weights]

    def paint(self, prompts, squares, seeds, sampling, on_step=None):
        self.calls.append(list(prompts))
        return [
            np.full((8, 8, 3), (int(square.mean()), seed, sampling.steps), np.uint8)
            for square, seed in zip(squares, seeds, strict=True)
        ]


def paint(kept, prompts, shade=10, seeds=None, **settings):
    squares = [np.full((8, 8, 3), shade, np.uint8)] * len(prompts)
    sampling = Sampling(3).but(**settings)
    painted = kept.paint(prompts, squares, seeds or range(len(prompts)), sampling)
    return [tuple(picture[0, 0].tolist()) for picture in painted]


def test_what_was_painted_is_not_painted_again(tmp_path):
    first = KeptPaintings(Engine(), tmp_path)
    assert paint(first, ["a", "b"]) == [(10, 0, 3), (10, 1, 3)]
    assert (first.painted, len(first.asked)) == (2, 2)
    later = KeptPaintings(Engine(), tmp_path)  # another process, after the first was killed
    assert paint(later, ["a", "b", "c"]) == [(10, 0, 3), (10, 1, 3), (10, 2, 3)]
    assert later._engine.calls == [["c"]]
    assert (later.painted, len(later.asked)) == (1, 3)


@pytest.mark.parametrize(
    "change",
    [
        {"prompts": ["b"]},
        {"shade": 20},
        {"seeds": [7]},
        {"steps": 4},
        {"guidance": 3.0},
        {"image_guidance": 2.0},
    ],
)
def test_another_request_is_another_picture(tmp_path, change):
    kept = KeptPaintings(Engine(), tmp_path)
    paint(kept, ["a"])
    paint(kept, **{"prompts": ["a"], **change})
    assert kept.painted == 2


def test_another_model_paints_anew(tmp_path):
    paint(KeptPaintings(Engine(), tmp_path), ["a"])
    kept = KeptPaintings(Engine("other"), tmp_path)
    paint(kept, ["a"])
    assert kept.painted == 1


def test_a_damaged_picture_is_said_and_painted_anew_the_next_time(tmp_path):
    kept = KeptPaintings(Engine(), tmp_path)
    paint(kept, ["a"])
    (path,) = tmp_path.rglob("*.png")
    path.write_bytes(path.read_bytes()[:20])
    with pytest.raises(UserError, match="it is deleted, so the same command paints it anew"):
        paint(kept, ["a"])
    assert paint(kept, ["a"]) == [(10, 0, 3)]


def test_what_could_not_be_painted_is_not_kept(tmp_path):
    class SometimesNone(Engine):
        def paint(self, prompts, *arguments):
            painted = super().paint(prompts, *arguments)
            broken = NoPicture("not_finite")
            return [broken if text == "b" else p for text, p in zip(prompts, painted, strict=True)]

    kept = KeptPaintings(SometimesNone(), tmp_path)
    for _ in range(2):
        squares = [np.zeros((8, 8, 3), np.uint8)] * 2
        first, second = kept.paint(["a", "b"], squares, [0, 0], Sampling(3))
        assert tuple(first[0, 0]) == (0, 0, 3)
        assert second.kind == "not_finite"
    assert kept._engine.calls == [["a", "b"], ["b"]]
    assert (kept.painted, len(kept.asked)) == (2, 2)
    assert len(list(tmp_path.rglob("*.png"))) == 1


def test_a_black_picture_that_was_kept_is_painted_anew(tmp_path):
    paint(KeptPaintings(Engine(), tmp_path), ["a"])
    (path,) = tmp_path.rglob("*.png")
    Image.new("RGB", (8, 8)).save(path)  # what a model made whose numbers are not finite
    assert paint(KeptPaintings(Engine(), tmp_path), ["a"]) == [(10, 0, 3)]


def test_a_colorizer_keeps_working_by_its_engine(tmp_path):
    colorizer = keep_paintings(SimpleNamespace(engine=Engine()), tmp_path)
    assert colorizer.engine.size == 8
    with pytest.raises(AttributeError):
        colorizer.engine.nothing_of_the_kind  # noqa: B018
