from functools import partial
from types import SimpleNamespace

import pytest
import torch
from guarded_steps import guarded_steps
from transformers import CLIPTokenizer

from pokecolor.core.colors import TERMS
from pokecolor.core.schema import Part
from pokecolor.core.training.optimizers import lr_schedule
from pokecolor.model_files.part_clip import PartCLIP, build_part_clip
from pokecolor.pretraining.clip import CLIPModule, part_targets
from pokecolor.pretraining.tokenizer import train_tokenizer

COSINE = partial(lr_schedule, name="cosine")
RED, BLUE = (200, 20, 20), (20, 20, 200)
TINY = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
}

TOWER = {"part_names": ["body", "eyes"], "widths": [8, 16], "decoder_width": 8}


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(["Turn it into a red creature with blue eyes"] * 4, merges=60)


@pytest.fixture
def module(tokenizer, monkeypatch):
    torch.manual_seed(0)
    clip = build_part_clip(tokenizer, TINY, TOWER, 16)
    module = CLIPModule(clip, tokenizer, partial(torch.optim.AdamW, lr=1e-2), COSINE)
    module.log = module.log_dict = lambda *_, **__: None
    monkeypatch.setattr(CLIPModule, "trainer", SimpleNamespace(estimated_stepping_batches=100))
    return module


def test_part_targets_ignore_what_is_absent_or_unnamed():
    parts = [(Part("body", "red", RED, True), Part("eyes", "blue", BLUE, False)), ()]
    red, blue = TERMS.index("red"), TERMS.index("blue")
    everything = part_targets(parts, ["eyes", "body", "tail"], named_only=False)
    assert everything.tolist() == [[blue, red, -100], [-100, -100, -100]]
    asked_for = part_targets(parts, ["eyes", "body", "tail"], named_only=True)
    assert asked_for[0].tolist() == [-100, red, -100]


def test_embeddings_come_in_the_order_of_the_texts(module, monkeypatch):
    module.eval()
    texts = ["a fox", "a red creature with blue eyes", "an owl", "a red fox"]
    together = module.embed_texts(texts)
    monkeypatch.setattr("pokecolor.pretraining.clip.TEXT_CHUNK", 2)
    assert torch.allclose(module.embed_texts(texts), together, atol=1e-5)


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
        "part_map": (images[:, 0] < 1).byte(),
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


def test_the_guard_is_told_of_a_loss_that_is_not_finite(module):
    step, told = guarded_steps(module)
    images = torch.zeros(2, 3, 32, 32)
    for of in (images, images / 0):
        batch = {
            "id": ["0", "1"],
            "edited_image": of,
            "part_map": torch.ones(2, 32, 32, dtype=torch.uint8),
            "edit_prompt": ["a red creature", "a blue creature"],
            "parts": [(Part("body", "red", RED, True),), (Part("body", "blue", BLUE, True),)],
        }
        step(batch)
    assert told == [(True, ["0", "1"]), (False, ["0", "1"])]


def test_a_frozen_text_tower_stays_as_it_is_while_the_rest_learns(tokenizer, module):
    clip = module.clip
    module = CLIPModule(
        clip, tokenizer, partial(torch.optim.SGD, lr=1e-2), COSINE, freeze_text=True
    )
    module.log = module.log_dict = lambda *_, **__: None
    before = {name: value.clone() for name, value in clip.named_parameters()}
    batch = {
        "id": ["0", "1"],
        "edited_image": torch.rand(2, 3, 32, 32),
        "part_map": torch.ones(2, 32, 32, dtype=torch.uint8),
        "edit_prompt": ["a red creature", "a blue creature"],
        "parts": [(Part("body", "red", RED, True),), (Part("body", "blue", BLUE, True),)],
    }
    optimizer = module.configure_optimizers()["optimizer"]
    for group in optimizer.param_groups:
        group["lr"] = 0.1
    module.training_step(batch, 0).backward()
    optimizer.step()
    kept = {name for name, value in clip.named_parameters() if torch.equal(value, before[name])}
    assert kept == {name for name in before if name.startswith("text_model.")}


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
    module.embed_texts(["a", "a red creature"])
    assert module.save_parts(tmp_path) == tmp_path / "clip"
    module.eval()
    clip = PartCLIP.from_pretrained(tmp_path / "clip", dtype=torch.float32)
    tokenizer = CLIPTokenizer.from_pretrained(tmp_path / "tokenizer")
    assert len(tokenizer(["a", "a red creature"]).input_ids[0]) == 3  # no padding was saved
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clip", "tokenizer"]
    tokens = tokenizer(["a red creature"], return_tensors="pt")
    said = torch.nn.functional.normalize(clip.get_text_features(**tokens).pooler_output, dim=-1)
    assert torch.allclose(said, module.embed_texts(["a red creature"]), atol=1e-2)
    images = torch.rand(2, 3, 32, 32) * 2 - 1
    features = clip.get_image_features(images).pooler_output
    assert torch.allclose(
        torch.nn.functional.normalize(features, dim=-1), module.embed_images(images), atol=1e-2
    )


def test_a_frozen_text_tower_needs_no_tokenizer(tokenizer, module, tmp_path):
    frozen = CLIPModule(module.clip, tokenizer, module.optimizer, COSINE, freeze_text=True)
    frozen.save_parts(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["clip"]
