from types import SimpleNamespace

import numpy as np
import pytest
import torch
from metric_cases import case, computed
from scipy.spatial.distance import cdist

from pokecolor.core.errors import UserError
from pokecolor.evaluation.metrics import neighbor
from pokecolor.evaluation.metrics.neighbor import nearest_neighbors, training_features


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
    output, target = (
        nearest_neighbors(these, training).similarity.tolist()
        for these in (training[:9], features(9, 1))
    )
    pairs = zip(output, target, strict=True)
    cases = [case(seen={"nearest": {"output": one, "target": other}}) for one, other in pairs]
    assert computed("neighbor_similarity", cases).value == pytest.approx(1)
    expected = float(nearest_neighbors(features(9, 1), training).similarity.mean())
    assert expected < 0.95
    found = computed("neighbor_similarity", [one.of("target") for one in cases])
    assert found.value == pytest.approx(expected)


def test_training_images_are_seen_some_at_a_time(monkeypatch):
    monkeypatch.setattr(neighbor, "CHUNK", 4)
    training, sizes = features(10, 0), []

    def see(images):
        sizes.append(len(images))
        return torch.stack(images)

    triplets = [SimpleNamespace(edited_image=row) for row in training]
    seen = training_features(iter(triplets), SimpleNamespace(image_features=see))
    assert torch.equal(seen, training) and sizes == [4, 4, 2]


def test_without_training_images_there_is_nothing_to_compare():
    with pytest.raises(UserError, match="no training images"):
        nearest_neighbors(features(2, 0), torch.empty(0, 6))
