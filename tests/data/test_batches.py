import numpy as np
import pytest
import torch
from tiny_encoder import TinyEncoder, embeddings_of, latents_of

from pokecolor.core.images.conversion import to_tensor
from pokecolor.data import records
from pokecolor.data.batches import BatchMaker
from pokecolor.data.latents import encode_samples
from pokecolor.data.order import is_flipped
from pokecolor.data.text_table import cache_text


@pytest.fixture
def triplets(tiny_source):
    return [t for i in range(8) for t in tiny_source.triplets(f"d{i}")]


@pytest.fixture
def samples(triplets):
    return [records.encode_triplet(triplet) for triplet in triplets]


def maker(latents=False, flip_seed=None, caption=None, text=None):
    return BatchMaker(latents, flip_seed, caption, text)


def test_images_are_those_of_the_triplets_in_order(triplets, samples):
    batch = maker()(samples, epoch=0)
    assert batch["id"] == [t.id for t in triplets]
    assert batch["edit_prompt"] == [t.edit_prompt for t in triplets]
    assert batch["parts"] == [t.parts for t in triplets]
    assert batch["drawing_id"] == [t.drawing_id for t in triplets]
    for name in ("original_image", "edited_image"):
        expected = to_tensor(np.stack([getattr(t, name) for t in triplets]))
        assert batch[name].dtype == torch.float32
        torch.testing.assert_close(batch[name], expected)


def test_sketch_and_color_take_the_same_flip_each_sample_its_own(samples):
    plain, flipped = maker()(samples, 0), maker(flip_seed=3)(samples, 0)
    flips = torch.tensor([is_flipped(3, 0, sample_id) for sample_id in plain["id"]])
    assert 0 < flips.sum() < len(flips)
    for name in ("original_image", "edited_image"):
        expected = torch.where(flips[:, None, None, None], plain[name].flip(-1), plain[name])
        torch.testing.assert_close(flipped[name], expected)
    expected = torch.where(flips[:, None, None], plain["part_map"].flip(-1), plain["part_map"])
    assert torch.equal(flipped["part_map"], expected)


def test_part_maps_are_those_of_the_triplets_and_empty_where_there_is_none(triplets, samples):
    del samples[1][records.PART_MAP]
    part_map = maker()(samples, 0)["part_map"]
    assert part_map.dtype == torch.uint8
    assert part_map[1].sum() == 0
    for i in (0, 2, 3):
        assert torch.equal(part_map[i], torch.from_numpy(triplets[i].part_map.copy()))


def test_without_any_part_map_the_batch_has_an_empty_one(samples):
    for members in samples:
        del members[records.PART_MAP]
    part_map = maker()(samples, 0)["part_map"]
    assert part_map.shape == (16, 8, 8)
    assert part_map.sum() == 0


def test_flipped_latents_are_those_of_the_flipped_images(samples):
    images = maker(flip_seed=3)(samples, 0)
    arrays = encode_samples(samples, TinyEncoder())
    cached = [
        {records.LATENTS: records.encode_latents(a), **s}
        for a, s in zip(arrays, samples, strict=True)
    ]
    batch = maker(latents=True, flip_seed=3)(cached, 0)
    assert "original_image" not in batch
    assert torch.equal(batch["part_map"], images["part_map"])
    expected = {
        "original_latents": latents_of(images["original_image"]),
        "edited_latents": 2 * latents_of(images["edited_image"]),
    }
    for name, latents in expected.items():
        assert batch[name].dtype == torch.float16  # half of what a GPU has to be sent
        torch.testing.assert_close(batch[name].float(), latents, atol=2e-3, rtol=0)


def test_the_caption_replaces_the_instruction(samples):
    class Shout:
        def prompt(self, triplet_id, original):
            return f"{triplet_id}: {original.upper()}"

    assert maker(caption=Shout())(samples, 0)["edit_prompt"][1] == "d0-1: TURN IT INTO A RÉD D0."


def test_embeddings_are_those_of_the_instructions(samples, tmp_path):
    prompts = [records.decode_prompt(sample) for sample in samples]
    batch = maker(text=cache_text(prompts, TinyEncoder(), tmp_path))(samples, 0)
    torch.testing.assert_close(batch["prompt_embeds"].float(), embeddings_of(prompts))
