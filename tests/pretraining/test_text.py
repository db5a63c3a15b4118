import copy
from functools import partial
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from guarded_steps import guarded_steps
from transformers import CLIPTextConfig, CLIPTextModel

from pokecolor.core.colors import TERMS, parse_hex, rgb_to_lab
from pokecolor.core.schema import Part
from pokecolor.core.training.optimizers import lr_schedule
from pokecolor.pretraining.text import ColorLookup, NamedParts, TextModule
from pokecolor.pretraining.tokenizer import train_tokenizer

COSINE = partial(lr_schedule, name="cosine")
RGB = (200, 20, 20)
COLORS = ("red", "blue", "green", "black")
PROMPTS = [f"a {body} creature with {eyes} eyes" for body in COLORS for eyes in COLORS]
PARTS = [
    (Part("body", body, RGB, True), Part("eyes", eyes, RGB, True))
    for body in COLORS
    for eyes in COLORS
]


@pytest.fixture(scope="module")
def tokenizer():
    return train_tokenizer(PROMPTS, merges=60)


@pytest.fixture
def module(tokenizer, monkeypatch):
    torch.manual_seed(0)
    config = CLIPTextConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=1,
        num_attention_heads=2, projection_dim=32, eos_token_id=tokenizer.eos_token_id,
    )  # fmt: skip
    module = TextModule(
        CLIPTextModel(config),
        tokenizer,
        ["eyes", "body"],
        partial(torch.optim.AdamW, lr=3e-3),
        COSINE,
    )
    module.log = lambda *_, **__: None
    monkeypatch.setattr(TextModule, "trainer", SimpleNamespace(estimated_stepping_batches=150))
    return module


def batch_of(prompts, parts):
    return {
        "id": [str(i) for i in range(len(prompts))],
        "drawing_id": [str(i) for i in range(len(prompts))],
        "edit_prompt": list(prompts),
        "parts": list(parts),
    }


def learn(module, batch):
    optimizer = module.configure_optimizers()["optimizer"]
    for group in optimizer.param_groups:
        group["lr"] = 3e-3
    for step in range(150):
        optimizer.zero_grad()
        module.training_step(batch, step).backward()
        optimizer.step()
    module.eval()


def test_wanted_are_the_named_parts_that_there_is_a_name_for():
    parts = [
        (Part("body", "red", RGB, True), Part("eyes", "blue", RGB, False)),
        (),
        (Part("scarf", "red", RGB, True), Part("eyes", "pink", RGB, True)),
    ]
    wanted = NamedParts(parts, ["eyes", "body"])
    assert wanted.rows.tolist() == [0, 2]
    assert wanted.names.tolist() == [1, 0]
    assert wanted.colors.tolist() == [TERMS.index("red"), TERMS.index("pink")]
    assert wanted.lab[0].tolist() == pytest.approx(rgb_to_lab(np.array(RGB)).tolist(), abs=1e-3)


def test_a_lookup_does_not_see_beyond_the_end_of_a_text():
    torch.manual_seed(0)
    lookup, states = ColorLookup(16, names=2), torch.randn(1, 4, 16)
    wanted = NamedParts([PARTS[0]], ["body", "eyes"])
    padded = torch.cat([states, torch.randn(1, 3, 16)], dim=1)
    mask = torch.tensor([[True] * 4 + [False] * 3])
    told = lookup(states, torch.ones(1, 4, dtype=torch.bool), wanted)
    assert told.logits.shape == (2, len(TERMS)) and told.lab.shape == (2, 3)
    again = lookup(padded, mask, wanted)
    assert torch.allclose(again.logits, told.logits, atol=1e-6)
    assert torch.allclose(again.lab, told.lab, atol=1e-4)


def test_it_learns_which_color_belongs_to_which_part(module):
    # half of the pairs of colors are seen, and the others are then told apart
    seen = [i for i in range(16) if (i // 4 + i % 4) % 2]
    new = [i for i in range(16) if i not in seen]
    batch = batch_of([PROMPTS[i] for i in seen], [PARTS[i] for i in seen])
    learn(module, batch)
    with torch.no_grad():
        unseen = batch_of([PROMPTS[i] for i in new], [PARTS[i] for i in new])
        (name, drawings, found), _ = module.compute_metrics(unseen)
    assert name == "color_found"
    assert drawings == [str(i) for i in range(len(new)) for _ in range(2)]
    assert found.mean() > 0.85


def test_it_learns_how_dark_a_color_is_of_those_of_one_term(module):
    looks = {"dark blue": "#1a237e", "light blue": "#81d4fa", "blue": "#2196f3"}
    prompts, parts = [], []
    for body, a in looks.items():
        for eyes, b in looks.items():
            prompts.append(f"a {body} creature with {eyes} eyes")
            kinds = (("body", a), ("eyes", b))
            parts.append(tuple(Part(name, "blue", parse_hex(rgb), True) for name, rgb in kinds))
    batch = batch_of(prompts, parts)
    learn(module, batch)
    with torch.no_grad():
        _, (name, _, distance) = module.compute_metrics(batch)
    assert name == "color_distance"
    # who knows the term alone is about 30 off
    assert distance.mean() < 12


def test_a_batch_that_names_no_part_teaches_nothing(module):
    batch = batch_of(["a creature"], [()])
    loss = module.training_step(batch, 0)
    assert loss == 0.0
    loss.backward()
    assert list(module.compute_metrics(batch)) == []


def test_the_guard_is_told_of_a_loss_that_is_not_finite(module):
    step, told = guarded_steps(module)
    batch = batch_of(PROMPTS[:2], PARTS[:2])
    step(batch)
    with torch.no_grad():
        module.lookup.color[0].weight[0, 0] = torch.nan
    step(batch)
    assert told == [(True, ["0", "1"]), (False, ["0", "1"])]


def with_teacher(module, tokenizer, weight):
    """The module, and beside it a teacher that knows bodies; it has learned other things since."""
    taught = TextModule(
        copy.deepcopy(module.text_encoder), tokenizer, ["eyes", "body"],
        partial(torch.optim.AdamW, lr=3e-3), COSINE, teacher=copy.deepcopy(module.text_encoder),
        teacher_names=["body"], teacher_weight=weight,
    )  # fmt: skip
    taught.log = lambda *_, **__: None
    return taught


def test_only_prompts_that_the_teacher_knows_stay_as_they_were(module, tokenizer):
    taught = with_teacher(module, tokenizer, 1.0)
    known, unknown = ("a red creature", (PARTS[0][0],)), ("blue eyes", (PARTS[1][1],))
    assert taught.drift([known[0]], [known[1]]) == 0
    with torch.no_grad():
        for parameter in taught.text_encoder.parameters():
            parameter += 0.1 * torch.randn_like(parameter)
    drift = taught.drift([known[0]], [known[1]])
    assert drift > 0.01
    assert taught.drift([unknown[0]], [unknown[1]]) == 0
    both = taught.drift([unknown[0], known[0]], [unknown[1], known[1]])
    assert both.item() == pytest.approx(drift.item(), rel=1e-4)


def test_a_teacher_holds_its_pupil_while_that_learns(module, tokenizer, monkeypatch):
    bodies = [(body,) for body, _ in PARTS]
    drifts = {}
    for weight in (0.0, 100.0):
        torch.manual_seed(0)
        taught = with_teacher(module, tokenizer, weight)
        learn(taught, batch_of(PROMPTS, bodies))
        drifts[weight] = taught.drift(PROMPTS, bodies).item()
    assert drifts[100.0] < 0.2 * drifts[0.0]
    assert not any("teacher" in name for name in taught.state_dict())


def test_the_text_encoder_is_saved_and_nothing_else(module, tokenizer, tmp_path):
    assert module.save_parts(tmp_path) == tmp_path / "text_encoder"
    assert [path.name for path in tmp_path.iterdir()] == ["text_encoder"]
    module.eval()
    saved = CLIPTextModel.from_pretrained(tmp_path / "text_encoder", dtype=torch.float32)
    tokens = tokenizer(["a red creature"], return_tensors="pt")
    found, expected = saved(**tokens)[0], module.text_encoder(**tokens)[0]
    assert torch.allclose(found, expected, atol=1e-2)
    assert next(module.text_encoder.parameters()).dtype == torch.float32
