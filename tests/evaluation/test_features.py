import numpy as np
import pytest
import torch

from pokecolor.core.errors import UserError
from pokecolor.evaluation import features
from pokecolor.evaluation.features import InceptionFeatures


def picture(color, size=(20, 30)):
    return np.full((*size, 3), color, np.uint8)


class ColorNetwork(torch.nn.Module):
    """Sees the color of the middle, and how large the picture is."""

    def __init__(self, *made_with):
        super().__init__()
        self.made_with = made_with
        self.batches = []

    def forward(self, pixels):
        assert pixels.dtype == torch.uint8 and pixels.shape[1] == 3
        assert pixels.shape[2] == pixels.shape[3]  # padded and not squashed
        self.batches.append(len(pixels))
        middle = pixels.shape[2] // 2
        return torch.cat([pixels[:, :, middle, middle], pixels[:, :1, 0, 0]], dim=1)


@pytest.fixture
def network(monkeypatch):
    made = []

    def make(*settings):
        made.append(ColorNetwork(*settings))
        return made[-1]

    monkeypatch.setattr("torchmetrics.image.fid.NoTrainInceptionV3", make)
    return made


def test_inception_sees_padded_squares_in_batches(network, monkeypatch):
    monkeypatch.setattr(features, "BATCH_SIZE", 2)
    inception = InceptionFeatures(weights="weights.pth")
    found = inception.image_features([picture((200, 0, 0))] * 3)
    assert found.tolist() == [[200, 0, 0, 255]] * 3
    (made,) = network
    assert made.made_with == ("inception-v3-compat", ["2048"], "weights.pth")
    assert made.batches == [2, 1]


def test_inception_sees_pictures_of_other_sizes_one_by_one(network):
    found = InceptionFeatures().image_features([picture((1, 2, 3)), picture((4, 5, 6), (40, 40))])
    assert found.tolist() == [[1, 2, 3, 255], [4, 5, 6, 4]]


@pytest.mark.parametrize("reason", [ModuleNotFoundError("torch-fidelity"), OSError("no route")])
def test_a_network_that_cannot_be_had_is_told(monkeypatch, reason):
    def fail(*_):
        raise reason

    monkeypatch.setattr("torchmetrics.image.fid.NoTrainInceptionV3", fail)
    with pytest.raises(UserError, match=f"features=inception: .*use features=mini .{reason}"):
        InceptionFeatures().image_features([picture(0)])
