from types import SimpleNamespace

import numpy as np
import pytest
import torch
from metric_cases import case, computed
from scipy.spatial.distance import cdist

from pokecolor.errors import UserError
from pokecolor.evaluation import neighbor
from pokecolor.evaluation.copies import Copies
from pokecolor.evaluation.neighbor import NeighborSimilarity, nearest_neighbors


def features(n, seed):
    return torch.randn(n, 6, generator=torch.Generator().manual_seed(seed))


def test_a_copy_is_found_whatever_its_length():
    training = features(20, 0)
    found = nearest_neighbors(4 * training[[7, 3]], training)
    assert found.index.tolist() == [7, 3]
    torch.testing.assert_close(found.similarity, torch.ones(2))


def test_scipys_distances_agree(monkeypatch):
    monkeypatch.setattr(neighbor, "CHUNK", 4)  # the last one is not full
    pictures, training = features(10, 1), features(30, 0)
    similarity = 1 - cdist(pictures, training, "cosine")
    found = nearest_neighbors(pictures, training)
    assert found.index.tolist() == similarity.argmax(1).tolist()
    np.testing.assert_allclose(found.similarity, similarity.max(1), atol=1e-6)


def test_copies_are_nearer_to_the_training_images_than_the_truth_is():
    training = features(30, 0)
    triplets = [SimpleNamespace(id=f"t{i}", edited_image=row) for i, row in enumerate(training)]
    copies = Copies(triplets, SimpleNamespace(image_features=torch.stack))
    output, truth = copies.nearest(training[:9]), copies.nearest(features(9, 1))
    assert [each.training_id for each in output] == [f"t{i}" for i in range(9)]
    pairs = zip(output, truth, strict=True)
    cases = [case(seen={"nearest": {"output": one, "truth": other}}) for one, other in pairs]
    assert computed(NeighborSimilarity, cases).value == pytest.approx(1)
    expected = float(nearest_neighbors(features(9, 1), training).similarity.mean())
    assert expected < 0.95
    found = computed(NeighborSimilarity, [one.of("truth") for one in cases])
    assert found.value == pytest.approx(expected)


def test_without_training_images_there_is_nothing_to_compare():
    with pytest.raises(UserError, match="no training images"):
        nearest_neighbors(features(2, 0), torch.empty(0, 6))
