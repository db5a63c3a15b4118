from functools import partial

import pytest
import torch
from transformers import CLIPModel, CLIPTextModel, CLIPTokenizer

from pokecolor.colors import TERMS
from pokecolor.pretraining.clip import CLIPModule, build_clip, part_targets
from pokecolor.pretraining.tokenizer import train_tokenizer
from pokecolor.schema import Part

RED, BLUE = (200, 20, 20), (20, 20, 200)
TINY = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
}


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(["Turn it into a red creature with blue eyes"] * 4, merges=60)


@pytest.fixture
def module(tokenizer):
    torch.manual_seed(0)
    clip = build_clip(tokenizer, TINY, {**TINY, "image_size": 32, "patch_size": 8}, 16)
    module = CLIPModule(
        clip, tokenizer, partial(torch.optim.AdamW, lr=1e-2), part_names=["body", "eyes"]
    )
    module.log = module.log_dict = lambda *_, **__: None
    return module


def test_part_targets_ignore_what_is_absent_or_unnamed():
    parts = [(Part("body", "red", RED, True), Part("eyes", "blue", BLUE, False)), ()]
    red, blue = TERMS.index("red"), TERMS.index("blue")
    everything = part_targets(parts, ["eyes", "body", "tail"], named_only=False)
    assert everything.tolist() == [[blue, red, -100], [-100, -100, -100]]
    asked_for = part_targets(parts, ["eyes", "body", "tail"], named_only=True)
    assert asked_for[0].tolist() == [-100, red, -100]


def test_text_tower_fits_the_tokenizer(module, tokenizer):
    config = module.clip.config.text_config
    assert config.vocab_size == len(tokenizer)
    assert config.eos_token_id == tokenizer.eos_token_id
    assert config.max_position_embeddings == 77


def test_embeddings_are_unit_vectors_and_ignore_padding(module):
    module.eval()
    alone = module.embed_texts(["a red creature"])
    beside = module.embed_texts(["a red creature", "a red creature with blue eyes and blue eyes"])
    assert torch.allclose(alone.norm(dim=-1), torch.ones(1), atol=1e-5)
    assert torch.allclose(alone[0], beside[0], atol=1e-5)


def test_it_learns_to_tell_colors_apart(module):
    images = torch.ones(8, 3, 32, 32)
    colors = [TERMS[i] for i in range(8)]
    for i in range(8):
        images[i, :, 8:24, 8:24] = torch.linspace(-1, 1, 3).roll(i)[:, None, None] * (1 - i / 16)
    batch = {
        "id": [str(i) for i in range(8)],
        "edited_image": images,
        "edit_prompt": [f"a {color} creature" for color in colors],
        "parts": [(Part("body", color, RED, True),) for color in colors],
    }
    optimizer = module.optimizer(module.parameters())
    losses = []
    for step in range(40):
        loss = module.training_step(batch, step)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]


def test_choosing_depends_on_the_sample_alone(module):
    module.eval()
    images = torch.rand(3, 3, 32, 32) * 2 - 1
    captions = ["a red creature with blue eyes, a pink tail and green feet"] * 3
    together = module.choose(images, ["a", "b", "c"], captions)
    alone = module.choose(images[1:2], ["b"], captions[1:2])
    assert together.dtype == torch.bool and together[1] == alone[0]


def test_captions_with_too_few_neighbors_are_left_out_of_the_measure(module):
    module.eval()
    logged = []
    module.log = lambda name, value, batch_size, **_: logged.append((name, batch_size))
    batch = {
        "id": ["a", "b", "c"],
        "drawing_id": ["x", "y", "z"],
        "edited_image": torch.rand(3, 3, 32, 32) * 2 - 1,
        "edit_prompt": ["a red fox", "a red fox with blue eyes", "a fox"],
    }
    module.test_step(batch, 0)
    assert logged == [("test/found_of_32", 1)]
    assert [drawing for drawing, _ in module.per_sample["test/found_of_32"]] == ["y"]


def test_saved_parts_read_back_as_the_same_model(module, tmp_path):
    assert module.save_parts(tmp_path) == tmp_path / "clip"
    clip = CLIPModel.from_pretrained(tmp_path / "clip", dtype=torch.float32)
    text_encoder = CLIPTextModel.from_pretrained(tmp_path / "text_encoder", dtype=torch.float32)
    tokenizer = CLIPTokenizer.from_pretrained(tmp_path / "tokenizer")
    tokens = tokenizer(["a red creature"], return_tensors="pt")
    assert torch.equal(
        text_encoder(**tokens).last_hidden_state, clip.text_model(**tokens).last_hidden_state
    )
    images = torch.rand(2, 3, 32, 32) * 2 - 1
    features = clip.get_image_features(images).pooler_output
    assert torch.allclose(
        torch.nn.functional.normalize(features, dim=-1), module.embed_images(images), atol=1e-2
    )
