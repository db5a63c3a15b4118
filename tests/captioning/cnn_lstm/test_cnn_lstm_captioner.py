from functools import partial

import numpy as np
import pytest
import torch

from pokecolor.captioning.captioner import TrainedCaptioner
from pokecolor.captioning.cnn_lstm.captioner import CnnLstmCaptioner
from pokecolor.captioning.cnn_lstm.network import small_encoder
from pokecolor.core.errors import UserError
from pokecolor.core.schema import ColorImage

COLORS = {"red": (210, 47, 39), "green": (92, 158, 49), "blue": (30, 80, 160)}


def samples():
    """Twelve squares to train on, and a purple one to test, which must not be learned from."""
    for number in range(12):
        color = list(COLORS)[number % 3]
        image = np.full((32, 32, 3), 255, np.uint8)
        image[4 + number % 2 : 28, 4:28] = COLORS[color]
        yield ColorImage(f"s{number}", image, f"Turn it into a {color} box", "train")
    purple = np.full((32, 32, 3), (120, 50, 160), np.uint8)
    yield ColorImage("t", purple, "Turn it into a purple box " * 5, "test")


def captioner(folder, **settings):
    settings = {
        "max_steps": 120,
        "min_count": 2,
        "batch_size": 6,
        "size": 32,
        "lr": 3e-3,
        **settings,
    }
    return CnnLstmCaptioner(folder, partial(small_encoder), **settings)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("captions")


@pytest.fixture(scope="module")
def trained(folder):
    learner = captioner(folder)
    learner.fit("data", samples)
    return learner


def test_it_learns_what_the_images_are_called(trained):
    found = trained.caption([sample.image for sample in samples()][:6])
    assert found == [f"Turn it into a {color} box" for color in list(COLORS) * 2]
    assert isinstance(trained, TrainedCaptioner)


def test_it_is_trained_once_for_a_data_set(trained, folder):
    def nothing():
        raise AssertionError("it is trained already")

    again = captioner(folder)
    again.fit("data", nothing)
    images = [sample.image for sample in samples()]
    assert again.caption(images) == trained.caption(images)


def test_the_seed_decides_and_leaves_the_random_state_alone(tmp_path):
    images = [sample.image for sample in samples()][:2]
    captions = ["turn it into a red box", "turn it into a blue box"]
    scores = []
    for state in (7, 8):
        learner = captioner(tmp_path / str(state), max_steps=5)
        torch.manual_seed(state)
        before = torch.get_rng_state()
        learner.fit("data", samples)
        assert torch.equal(torch.get_rng_state(), before)
        scores.append(learner.score(images, captions))
    assert torch.equal(*scores) and (scores[0] < 0).all()


def test_true_captions_are_the_more_likely(trained):
    images = [sample.image for sample in samples()][:3]
    right = trained.score(images, [f"turn it into a {color} box" for color in COLORS])
    wrong = trained.score(images, ["turn it into a box box box"] * 3)
    assert (right > wrong).all()


def test_what_was_trained_last_can_be_taken_without_a_data_set(trained, folder, tmp_path):
    again = captioner(folder)
    again.load_newest()
    images = [sample.image for sample in samples()]
    assert again.caption(images) == trained.caption(images)
    with pytest.raises(UserError, match="no CNN-LSTM trained yet"):
        captioner(tmp_path).load_newest()


def test_damaged_weights_are_trained_again(tmp_path, caplog):
    learner = captioner(tmp_path, max_steps=3)
    learner.fit("data", samples)
    (file,) = tmp_path.glob("*/captioner.safetensors")
    data = bytearray(file.read_bytes())
    data[-10] ^= 1
    file.write_bytes(data)
    with pytest.raises(UserError, match=r"damaged \(captioner\.safetensors was changed\)"):
        captioner(tmp_path, max_steps=3).load_newest()
    captioner(tmp_path, max_steps=3).fit("data", samples)
    data[-10] ^= 1
    assert file.read_bytes() == data
    assert "damaged (captioner.safetensors was changed)" in caplog.text


def test_words_that_it_has_not_seen_often_are_unknown(tmp_path):
    learner = captioner(tmp_path, captioned=4, min_count=2, max_steps=40)
    learner.fit("data", samples)
    # of red, green, blue, red only red is there twice
    texts = learner.caption([sample.image for sample in samples()][:3])
    assert "<unk>" in " ".join(texts)
    assert not any(color in " ".join(texts) for color in ("green", "blue", "purple"))


def test_nothing_to_learn_from_is_told(tmp_path):
    with pytest.raises(UserError, match="nothing to learn from in 12 captions; lower"):
        captioner(tmp_path, min_count=99).fit("data", samples)
    assert not any(path.is_dir() for path in tmp_path.iterdir())


def test_without_a_data_set_it_cannot_caption(tmp_path):
    with pytest.raises(UserError, match="learns from a data set's captions first"):
        captioner(tmp_path).caption([np.zeros((8, 8, 3), np.uint8)])


def test_the_fingerprint_follows_the_settings_and_nothing_else(tmp_path):
    prints = {captioner(tmp_path, **s).fingerprint for s in ({}, {"captioned": 9}, {"seed": 1})}
    assert len(prints) == 3
    assert captioner(tmp_path / "elsewhere").fingerprint in prints
