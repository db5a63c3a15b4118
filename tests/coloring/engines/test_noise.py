import numpy as np
import pytest
import torch

from pokecolor.coloring.engines.noise import seeded_noise

SEEDS = [0, 1, 42, 2**32 - 1, 2**32 + 5, 2**63, 2**64 - 1]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("shape", [(8, 32, 32), (4, 8, 8), (16,), (17,), (100,), (31,)])
def test_a_seed_gives_the_numbers_of_pytorch(seed, shape):
    expected = torch.randn(shape, generator=torch.Generator().manual_seed(seed)).numpy()
    found = seeded_noise(seed, shape)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


def test_fewer_numbers_are_refused_because_pytorch_makes_them_otherwise():
    with pytest.raises(ValueError, match="15 numbers"):
        seeded_noise(0, (3, 5))
