import pytest
import torch

from pokecolor.model_files.mini import mini_tokenizer
from pokecolor.model_files.part_clip import PartCLIP, PartTower, PartTowerConfig, build_part_clip

TEXT = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
}
VISION = {
    "part_names": ["body", "eyes"],
    "widths": [8, 16],
    "decoder_width": 8,
    "color_channels": 5,
}


@pytest.fixture(scope="module")
def tokenizer():
    return mini_tokenizer()


@pytest.fixture(scope="module")
def clip(tokenizer):
    torch.manual_seed(0)
    return build_part_clip(tokenizer, TEXT, VISION, projection_dim=24).eval()


def test_both_towers_end_in_the_joint_space(clip, tokenizer):
    images = clip.get_image_features(torch.rand(3, 3, 32, 32)).pooler_output
    tokens = tokenizer(["a red fox", "an owl"], padding=True, return_tensors="pt")
    assert images.shape == (3, 24)
    assert clip.get_text_features(**tokens).pooler_output.shape == (2, 24)
    output = clip(**tokens, pixel_values=torch.rand(3, 3, 32, 32))
    assert output.logits_per_image.shape == (3, 2)
    expected = clip.logit_scale.exp() * output.image_embeds @ output.text_embeds.T
    torch.testing.assert_close(output.logits_per_image, expected)


def test_the_text_tower_fits_the_tokenizer(clip, tokenizer):
    config = clip.config.text_config
    assert config.vocab_size == len(tokenizer)
    assert config.eos_token_id == tokenizer.eos_token_id
    assert config.max_position_embeddings == tokenizer.model_max_length


def test_it_reads_back_as_the_same_model(clip, tmp_path):
    clip.save_pretrained(tmp_path)
    images = torch.rand(2, 3, 32, 32)
    again = PartCLIP.from_pretrained(tmp_path).eval()
    torch.testing.assert_close(
        again.get_image_features(images).pooler_output,
        clip.get_image_features(images).pooler_output,
    )


def test_a_part_map_has_a_cell_for_four_pixels_and_a_channel_for_the_background(clip):
    seen = clip.vision_model(torch.rand(2, 3, 32, 64))
    assert seen.last_hidden_state.shape == (2, 1 + 2, 8, 16)
    assert seen.pooler_output.shape == (2, (1 + 2) * 5)


def test_colors_are_averaged_over_each_part():
    tower = PartTower(PartTowerConfig(**VISION)).eval()
    color, logits = torch.rand(5), torch.full((2, 3, 8, 8), -30.0)
    logits[:, 0] = 30.0
    logits[1, :, 2:4, 2:4] = torch.tensor([-30.0, 30.0, -30.0])[:, None, None]  # the body

    def colored(_, features):
        """The body's cells have `color`, others none."""
        return color[None, :, None, None] * (logits[:, 1:2] > 0)

    tower.parts.register_forward_hook(lambda *_: logits)
    tower.colors.register_forward_hook(lambda module, inputs, output: colored(module, inputs))
    pooled = tower(torch.rand(2, 3, 32, 32)).pooler_output.view(2, 3, 5)
    assert torch.all(pooled[0] == 0)  # nowhere a body
    torch.testing.assert_close(pooled[1, 1], color * 4 / 4.5)  # four cells, see `forward`
    assert pooled[1, 2].abs().max() < 1e-6


def test_padding_adds_nothing(clip, tokenizer):
    text = ["a red fox with blue eyes"]
    alone = tokenizer(text, return_tensors="pt")
    padded = tokenizer(text, padding="max_length", max_length=30, return_tensors="pt")
    torch.testing.assert_close(
        clip.get_text_features(**padded).pooler_output,
        clip.get_text_features(**alone).pooler_output,
    )


def test_a_text_and_an_image_that_say_the_same_meet(clip, tokenizer, monkeypatch):
    """Where a token says "eyes" and a color, and a map shows eyes in that color, embeds agree."""
    color = torch.rand(5)
    tokens = tokenizer(["x"], return_tensors="pt")
    count = tokens.input_ids.shape[1]
    parts = torch.full((1, count, 3), -30.0)
    parts[..., 0] = 30.0
    parts[0, 1] = torch.tensor([-30.0, -30.0, 30.0])
    monkeypatch.setattr(clip.text_parts, "forward", lambda _: parts)
    spoken = torch.zeros(1, count, 5)
    spoken[0, 1] = color
    monkeypatch.setattr(clip.text_colors, "forward", lambda _: spoken)
    logits = torch.full((1, 3, 8, 8), -30.0)
    logits[:, 0] = 30.0
    logits[0, :, :, :4] = torch.tensor([-30.0, -30.0, 30.0])[:, None, None]
    seen = color[None, :, None, None] * (logits[:, 2:3] > 0)
    monkeypatch.setattr(clip.vision_model.parts, "forward", lambda _: logits)
    monkeypatch.setattr(clip.vision_model.colors, "forward", lambda _: seen)
    text = clip.get_text_features(**tokens).pooler_output
    image = clip.get_image_features(torch.zeros(1, 3, 32, 32)).pooler_output
    assert torch.cosine_similarity(text, image).item() > 0.999
