import pytest
import torch
from transformers import ResNetConfig, ResNetModel

from pokecolor.captioning.cnn_lstm.network import CnnLstm, small_encoder


def tiny():
    torch.manual_seed(0)
    config = ResNetConfig(embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], layer_type="basic")
    return CnnLstm(ResNetModel(config), vocabulary_size=7, embed=8, hidden=12).eval()


def test_teacher_forcing_is_the_steps_one_after_the_other():
    network = tiny()
    images, words = torch.randn(2, 3, 32, 32), torch.tensor([[1, 4, 5, 2], [1, 6, 2, 0]])
    together = network(images, words)
    assert together.shape == (2, 3, 7)
    cells = network.see(images)
    assert cells.shape == (2, 16, 16)
    state = network.start(cells)
    for at in range(3):
        scores, state = network.step(words[:, at], state, cells)
        torch.testing.assert_close(scores, together[:, at])


def test_what_is_written_depends_on_the_image():
    network = tiny()
    words = torch.tensor([[1, 4, 2]] * 2)
    first, second = network(torch.randn(2, 3, 32, 32), words)
    assert not torch.allclose(first, second)


def test_the_small_encoder_is_small():
    count = sum(parameter.numel() for parameter in small_encoder().parameters())
    assert count == pytest.approx(0.9e6, rel=0.02)
